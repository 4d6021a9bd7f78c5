using System.Diagnostics;
using Fairlead.Drivers.Infrastructure.Terraform;
using Fairlead.Drivers.State;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Scenarios.Infrastructure;

/// <summary>The real Terraform, by the driver, with what needs no cloud and no provider from outside.</summary>
public sealed class TerraformScenarios : IDisposable
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly World World = new(TimeProvider.System, new Random(7));
    private readonly string root = Directory.CreateTempSubdirectory("fairlead-terraform-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task What_is_planned_is_made_and_then_there_is_nothing_to_do_and_it_is_removed()
    {
        var terraform = Open();
        var work = Work(One("first"));

        var plan = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);
        Assert.Equal(["terraform_data.one create"], Text(plan));
        await terraform.ApplyAsync(work, plan.Id, Stop);
        var again = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);
        var changed = await terraform.PlanAsync(Work(One("second")), ProvisionAim.Apply, Stop);
        var made = await terraform.ListAsync(work, Stop);
        var end = await terraform.PlanAsync(work, ProvisionAim.Destroy, Stop);
        await terraform.ApplyAsync(work, end.Id, Stop);

        Assert.Empty(again.Changes);
        Assert.Equal(["terraform_data.one update"], Text(changed));
        Assert.Equal(["terraform_data.one"], made.Select(static one => one.Address));
        Assert.Equal(["terraform_data.one delete"], Text(end));
        Assert.Empty(await terraform.ListAsync(work, Stop));
    }

    [Fact]
    public async Task What_Terraform_warns_of_spoils_no_plan()
    {
        var work = Work(One("first")) with
        {
            Env = new Dictionary<string, string> { ["TF_CLI_CONFIG_FILE"] = Path.Combine(root, "nowhere.rc") },
        };

        Assert.Equal(["terraform_data.one create"], Text(await Open().PlanAsync(work, ProvisionAim.Apply, Stop)));
    }

    [Fact]
    public async Task At_rest_nothing_of_the_state_can_be_read()
    {
        var terraform = Open();
        var work = Work(One("a very special word"));

        var plan = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);
        await terraform.ApplyAsync(work, plan.Id, Stop);

        var readable = Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(static path => !path.EndsWith(".tf", StringComparison.Ordinal))
            .Where(static path => File.ReadAllText(path).Contains("special word", StringComparison.Ordinal));
        Assert.Empty(readable);
        Assert.NotEmpty(await terraform.ListAsync(work, Stop));
    }

    [Fact]
    public async Task A_plan_is_done_once_and_only_the_newest()
    {
        var terraform = Open();
        var work = Work(One("first"));

        var old = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);
        var plan = await terraform.PlanAsync(Work(One("other")), ProvisionAim.Apply, Stop);
        var refused = await RefusedAsync(() => terraform.ApplyAsync(work, old.Id, Stop));
        await terraform.ApplyAsync(work, plan.Id, Stop);
        var twice = await RefusedAsync(() => terraform.ApplyAsync(work, plan.Id, Stop));

        Assert.Equal("infra.no-plan", refused.Code);
        Assert.Equal("infra.no-plan", twice.Code);
    }

    [Fact]
    public async Task What_Terraform_complains_about_is_told_with_its_place()
    {
        var refused = await RefusedAsync(() =>
            Open()
                .PlanAsync(
                    Work("resource \"terraform_data\" \"one\" {\n  input = var.nobody\n}\n"),
                    ProvisionAim.Apply,
                    Stop
                )
        );

        Assert.Equal("infra.failed", refused.Code);
        Assert.Contains("main.tf:2", refused.Why, StringComparison.Ordinal);
        Assert.Contains("undeclared input variable", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_made_before_a_failure_is_known_and_the_rest_is_done_by_the_next_plan()
    {
        var terraform = Open();
        var flag = Path.Combine(root, "flag");
        var work = Work(
            One("first")
                + $$"""
                resource "terraform_data" "two" {
                  input = terraform_data.one.output

                  provisioner "local-exec" {
                    command = "test -e {{flag}}"
                  }
                }
                """
        );

        var plan = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);
        var failed = await RefusedAsync(() => terraform.ApplyAsync(work, plan.Id, Stop));
        await File.WriteAllTextAsync(flag, "", Stop);
        var rest = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);
        await terraform.ApplyAsync(work, rest.Id, Stop);

        Assert.Equal("infra.failed", failed.Code);
        Assert.Equal(["terraform_data.two replace"], Text(rest));
        Assert.Empty((await terraform.PlanAsync(work, ProvisionAim.Apply, Stop)).Changes);
    }

    [Fact]
    public async Task Killing_Terraform_in_the_midst_loses_nothing_that_was_made()
    {
        var terraform = Open();
        var log = Path.Combine(root, "made");
        var work = Work(Slow(log));

        var plan = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);
        var apply = terraform.ApplyAsync(work, plan.Id, Stop);
        await LinesAsync(log, 3);
        Kill();
        var failed = await RefusedAsync(() => apply);
        var rest = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);
        await terraform.ApplyAsync(work, rest.Id, Stop);
        var again = await terraform.PlanAsync(work, ProvisionAim.Apply, Stop);

        Assert.Equal("infra.failed", failed.Code);
        // What was made and known is not made again; the one under way when it was killed may be.
        Assert.InRange(rest.Changes.Count, 1, 6);
        Assert.Empty(again.Changes);
        Assert.InRange((await File.ReadAllLinesAsync(log, Stop)).Length, 8, 9);
    }

    private static string One(string input) =>
        $$"""
            resource "terraform_data" "one" {
              input = "{{input}}"
            }

            """;

    // Eight things, made one after the other, each of which leaves a line when it is made.
    private static string Slow(string log) =>
        string.Concat(
            Enumerable
                .Range(1, 8)
                .Select(number =>
                    $$"""
                        resource "terraform_data" "n{{number}}" {
                          {{(number == 1 ? "input = 0" : $"input = terraform_data.n{number - 1}.output")}}

                          provisioner "local-exec" {
                            command = "echo {{number}} >> {{log}}; sleep 0.5"
                          }
                        }

                        """
                )
        );

    // Of its own, whatever the machine has.
    private ProvisionWork Work(string code)
    {
        var settings = Path.Combine(root, "terraform.rc");
        File.WriteAllText(settings, "disable_checkpoint = true\n");
        return new(
            Shop,
            new(CloudKind.Aws, "eu-central-1"),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["main.tf"] = code }
        )
        {
            Env = new Dictionary<string, string>(StringComparer.Ordinal) { ["TF_CLI_CONFIG_FILE"] = settings },
        };
    }

    private TerraformProvisioner Open()
    {
        Assert.SkipUnless(IsThere("terraform"), "terraform is not installed (releases.hashicorp.com)");
        return new(
            "terraform",
            Path.Combine(root, "infrastructure"),
            new Sealer(Path.Combine(root, "key")),
            new(TerraformPlanReader.Read, TerraformStateReader.Read),
            World
        );
    }

    internal static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static List<string> Text(ProvisionPlan plan) =>
        [.. plan.Changes.Select(static one => $"{one.Address} {one.Action.ToString().ToLowerInvariant()}")];

    private static async Task<Problem> RefusedAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem;

    private static async Task LinesAsync(string path, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!File.Exists(path) || (await File.ReadAllLinesAsync(path, limit.Token)).Length < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    // The one that works in this scenario's folder, and no other.
    private void Kill()
    {
        foreach (var process in Process.GetProcessesByName("terraform"))
        {
            using (process)
            {
                var folder = new FileInfo($"/proc/{process.Id}/cwd").LinkTarget;
                if (folder?.StartsWith(root, StringComparison.Ordinal) ?? false)
                {
                    process.Kill();
                }
            }
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
