using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Model.Apps;
using Fairlead.Model.Security;
using Fairlead.Scenarios.Access;

namespace Fairlead.Scenarios.Infrastructure;

/// <summary>The real Terraform, run by a team itself, keeps its state at a real server.</summary>
public sealed class StateScenarios : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-states-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Terraform_keeps_its_state_here_and_a_lock_of_another_is_told_and_can_be_broken()
    {
        Assert.SkipUnless(
            TerraformScenarios.IsThere("terraform"),
            "terraform is not installed (releases.hashicorp.com)"
        );
        await using var server = await ServerUnderTest.StartAsync([new Site("shop", "production")]);
        await WriteAsync(server);

        Assert.Equal(0, (await TerraformAsync("init")).Code);
        var first = await TerraformAsync("apply", "-auto-approve");
        var (status, body) = await server.SendAsync(HttpMethod.Get, "/terraform/shop/production", server.OwnerToken);
        var again = await TerraformAsync("plan", "-detailed-exitcode");
        var other = new JsonObject { ["ID"] = "11111111-2222-3333-4444-555555555555", ["Who"] = "ci@runner-7" };
        var locked = await server.SendAsync(new("LOCK"), "/terraform/shop/production", server.OwnerToken, other);
        var refused = await TerraformAsync("apply", "-auto-approve", "-replace=terraform_data.one");
        var broken = await TerraformAsync("force-unlock", "-force", "11111111-2222-3333-4444-555555555555");
        var last = await TerraformAsync("destroy", "-auto-approve");

        Assert.Equal(0, first.Code);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"terraform_data\"", body, StringComparison.Ordinal);
        Assert.Equal(0, again.Code);
        Assert.Equal(HttpStatusCode.OK, locked.Status);
        Assert.Equal(1, refused.Code);
        // Terraform 1.11 reads whose lock it is, and shows of it the id alone: under "Lock Info" stands what it would have locked itself.
        Assert.Contains("ID=11111111-2222-3333-4444-555555555555", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, broken.Code);
        Assert.Equal(0, last.Code);
        Assert.Contains(
            await server.Platform.Engine.Server.Store.ReadJournalAsync(0, null, 1_000, Stop),
            static one =>
                one.Kind == InfrastructureDesk.EntryKind && one.Text.Contains("by force", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Whoever_may_not_run_a_site_sees_nothing_of_its_state()
    {
        await using var server = await ServerUnderTest.StartAsync([new Site("shop", "production")]);
        var viewer = await server.TokenAsync(
            PrincipalKind.Service,
            new Grant("viewer", App: "shop"),
            TimeSpan.FromHours(1)
        );

        var (unknown, _) = await server.SendAsync(HttpMethod.Get, "/terraform/shop/production", null);
        var (refused, text) = await server.SendAsync(HttpMethod.Get, "/terraform/shop/production", viewer);
        var (nowhere, _) = await server.SendAsync(HttpMethod.Get, "/terraform/..%2Fshop/production", server.OwnerToken);

        Assert.Equal(HttpStatusCode.Unauthorized, unknown);
        Assert.Equal(HttpStatusCode.Forbidden, refused);
        Assert.Contains("access.not-allowed", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, nowhere);
    }

    private Task WriteAsync(ServerUnderTest server)
    {
        var address = $"{server.Address}terraform/shop/production";
        return File.WriteAllTextAsync(
            Path.Combine(folder, "main.tf"),
            $$"""
            terraform {
              backend "http" {
                address        = "{{address}}"
                lock_address   = "{{address}}"
                unlock_address = "{{address}}"
                username       = "fairlead"
                password       = "{{server.OwnerToken}}"
              }
            }

            resource "terraform_data" "one" {
              input = "first"
            }
            """,
            Stop
        );
    }

    private async Task<(int Code, string Text)> TerraformAsync(params string[] words)
    {
        var options = new ProcessStartInfo("terraform")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (IEnumerable<string>)[.. words, "-no-color"])
        {
            if (words[0] != "force-unlock" || word != "-no-color")
            {
                options.ArgumentList.Add(word);
            }
        }
        options.Environment.Remove("TF_CLI_CONFIG_FILE"); // Whoever runs this may have one that is not there.
        options.Environment["CHECKPOINT_DISABLE"] = "1";
        options.Environment["TF_IN_AUTOMATION"] = "1";
        using var process = Process.Start(options)!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output + await errors);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
