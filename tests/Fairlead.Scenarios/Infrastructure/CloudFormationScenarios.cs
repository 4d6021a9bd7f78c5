using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Infrastructure.CloudFormation;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;
using Fairlead.Scenarios.Aws;
using Fairlead.Scenarios.Certificates;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Dns;

namespace Fairlead.Scenarios.Infrastructure;

/// <summary>The templates that are written, judged by AWS's own cfn-lint, and made by the driver at moto, which plays AWS on loopback.</summary>
public sealed class CloudFormationScenarios : IDisposable
{
    private const string Queue = """

          Extra:
            Type: AWS::SQS::Queue
            Properties:
              SqsManagedSseEnabled: true

        Outputs:
        """;

    private static readonly World World = new(TimeProvider.System, new Random(7));
    private static readonly string Golden = Path.Combine(
        Path.GetDirectoryName(Here())!,
        "../../Fairlead.Tests/Infrastructure/CloudFormation/Golden"
    );
    private readonly HttpClient http = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("storefront", "eu-central-1")]
    [InlineData("everything", "eu-central-1")]
    [InlineData("functions", "us-east-1")]
    [InlineData("closed", "us-east-1")]
    public async Task The_judge_of_templates_finds_nothing(string app, string region)
    {
        var lint = PebbleUnderTest.Program("cfn-lint");
        Assert.SkipWhen(lint is null, "cfn-lint is not installed (Python package cfn-lint)");
        var templates = Directory.EnumerateFiles(Path.Combine(Golden, app), "*.yaml").Where(IsTemplate);
        using var process = Process.Start(
            new ProcessStartInfo(lint!, ["--regions", region, "--include-checks", "I", "--", .. templates])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var said = process.StandardOutput.ReadToEndAsync(Stop);
        var complained = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);

        Assert.Equal(("", "", 0), (await said, await complained, process.ExitCode));
    }

    [Fact]
    public async Task A_storefront_is_planned_made_changed_and_removed()
    {
        var port = RealPeer.FreePort();
        await using var peer = await MotoAsync(port);
        var stacks = new CloudFormationProvisioner(
            work => AwsApi.Of(http, work.Env.GetValueOrDefault, World),
            new(StackTemplateReader.Kept, StackTemplateReader.Terse),
            World
        );
        var said = new List<string>();
        var work = Work(port, static text => text) with { Say = said.Add };
        var more = Work(port, static text => text.Replace("\nOutputs:", Queue, StringComparison.Ordinal));

        var plan = await stacks.PlanAsync(work, ProvisionAim.Apply, Stop);
        await stacks.ApplyAsync(work, plan.Id, Stop);
        var again = await stacks.PlanAsync(work, ProvisionAim.Apply, Stop);
        var change = await stacks.PlanAsync(more, ProvisionAim.Apply, Stop);
        await stacks.ApplyAsync(more, change.Id, Stop);
        var twice = await RefusedAsync(() => stacks.ApplyAsync(more, change.Id, Stop));
        var made = await stacks.ListAsync(more, Stop);
        var drift = await RefusedAsync(() => stacks.PlanAsync(more, ProvisionAim.Drift, Stop));
        var end = await stacks.PlanAsync(more, ProvisionAim.Destroy, Stop);
        await stacks.ApplyAsync(more, end.Id, Stop);

        Assert.True(plan.Changes.Count > 40, $"Only {plan.Changes.Count} changes.");
        Assert.All(plan.Changes, static one => Assert.Equal(PlannedAction.Create, one.Action));
        Assert.Contains(said, static line => line.Contains("CREATE_COMPLETE", StringComparison.Ordinal));
        Assert.True(again.IsEmpty);
        Assert.Equal(
            ["Extra AWS::SQS::Queue Create"],
            change.Changes.Select(static one => $"{one.Address} {one.Type} {one.Action}")
        );
        Assert.Equal("infra.stale-plan", twice.Code);
        Assert.Contains(made, static one => one.Address == "Extra" && one.Id is not null);
        Assert.Contains(made, static one => one is { Address: "ApiService", Type: "AWS::ECS::Service" });
        // moto does not know it, and that is what is said: no drift would be a guess.
        Assert.Equal("infra.drift-unknown", drift.Code);
        Assert.Equal(made.Count, end.Changes.Count);
        Assert.Empty(await stacks.ListAsync(more, Stop));
    }

    [Fact]
    public async Task The_command_line_plans_makes_and_removes_a_storefront_by_it()
    {
        await using var moto = await MotoUnderTest.StartAsync(
            Path.Combine(Path.GetDirectoryName(Here())!, "stack_server.py")
        );
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        var manifest = await File.ReadAllTextAsync(Path.Combine(Golden, "../../Apps/storefront.yaml"), Stop);
        var folder = platform.App("storefront", manifest);
        Task<JsonObject> PlanAsync(params string[] words) =>
            AwsTerraformScenarios.JsonAsync(platform, ["infra", "plan", folder, "--with", "cloudformation", .. words]);
        Task<Voyages.Platform.Answer> ApplyAsync(JsonObject of, params string[] words) =>
            platform.RunAsync(["infra", "apply", "storefront", "--yes", "--plan", $"{of["plan"]}", .. words]);

        var plan = await PlanAsync();
        Assert.True(plan["changes"]!.AsArray().Count > 40, $"{plan}");
        var made = await ApplyAsync(plan);
        Assert.True(made.Code == 0, made.ToString());
        Assert.Empty((await PlanAsync())["changes"]!.AsArray());
        var drift = await platform.RunAsync("infra", "drift", folder, "--with", "cloudformation");
        Assert.Contains("infra.drift-unknown", drift.Messages, StringComparison.Ordinal);

        var end = await PlanAsync("--destroy");
        Assert.Contains("infra.not-named", (await ApplyAsync(end)).Messages, StringComparison.Ordinal);
        var removed = await ApplyAsync(end, "--confirm", "storefront/production");
        Assert.True(removed.Code == 0, removed.ToString());
        var left = await platform.RunAsync("infra", "list", folder, "--with", "cloudformation", "--json");
        Assert.Empty(JsonNode.Parse(left.Output)!["data"]!.AsArray());
    }

    [Fact]
    public async Task Without_credentials_nothing_is_asked_and_that_is_said()
    {
        var port = RealPeer.FreePort();
        await using var peer = await MotoAsync(port);
        var stacks = new CloudFormationProvisioner(
            work => AwsApi.Of(http, work.Env.GetValueOrDefault, World),
            new(StackTemplateReader.Kept, StackTemplateReader.Terse),
            World
        );

        var keyless = await RefusedAsync(() =>
            stacks.ListAsync(
                Work(port, static text => text) with
                {
                    Env = new Dictionary<string, string>
                    {
                        ["AWS_ENDPOINT_URL"] = $"http://127.0.0.1:{port}",
                        ["HOME"] = "/nowhere",
                    },
                },
                Stop
            )
        );

        Assert.Equal("aws.no-credentials", keyless.Code);
    }

    private static Task<Peer> MotoAsync(int port)
    {
        var moto = PebbleUnderTest.Program("moto_server");
        Assert.SkipWhen(moto is null, "moto_server is not installed (Python package moto[server])");
        // The Python that moto is installed for stands beside it.
        var python = Path.Combine(Path.GetDirectoryName(moto)!, "python");
        string[] words =
        [
            Path.Combine(Path.GetDirectoryName(Here())!, "stack_server.py"),
            "-H",
            "127.0.0.1",
            "-p",
            port.ToString(CultureInfo.InvariantCulture),
        ];
        return Peer.StartAsync(python, words, port, Stop);
    }

    private static bool IsTemplate(string path) => Path.GetFileName(path) != "fairlead.yaml";

    private static ProvisionWork Work(int port, Func<string, string> change)
    {
        var folder = Path.Combine(Golden, "storefront");
        return new(
            new("storefront", "production"),
            new(CloudKind.Aws, "eu-central-1"),
            new Dictionary<string, string>
            {
                ["template.yaml"] = change(File.ReadAllText(Path.Combine(folder, "template.yaml"))),
                ["stack.json"] = File.ReadAllText(Path.Combine(folder, "stack.json")),
            }
        )
        {
            Env = new Dictionary<string, string>
            {
                ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
                ["AWS_SECRET_ACCESS_KEY"] = "not-checked",
                ["AWS_ENDPOINT_URL"] = $"http://127.0.0.1:{port}",
            },
        };
    }

    private static async Task<Problem> RefusedAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem;

    private static string Here([CallerFilePath] string path = "") => path;
}
