using System.Diagnostics;
using System.Text.Json;
using Fairlead.Scenarios.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Scenarios.Checking;

/// <summary>Checks of APIs, as commands of a pipeline.</summary>
public sealed class ApiCheckScenarios
{
    private const string Document = """
        openapi: 3.0.3
        paths:
          /orders/{id}:
            get:
              parameters: [{ name: id, in: path, required: true, example: 7, schema: { type: integer } }]
              responses:
                '200': { content: { application/json: { schema: { type: object, required: [id, total], properties: { id: { type: integer }, total: { type: number } } } } } }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_is_compared_with_what_git_has_of_it()
    {
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("api/openapi.yaml", Document);
        Git(folder, "init", "-q", "-b", "main");
        Git(folder, "add", ".");
        Git(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "api");
        folder.Write(
            "api/openapi.yaml",
            Document
                .Replace("total: { type: number }", "sum: { type: number }", StringComparison.Ordinal)
                .Replace("[id, total]", "[id]", StringComparison.Ordinal)
        );
        var (code, output, error) = await folder.RunAsync(
            Stop,
            "check",
            "openapi",
            "api/openapi.yaml",
            "--base",
            "main:",
            "--report",
            "reports/openapi.xml"
        );
        Assert.True(code == 1, output + error);
        Assert.Contains(
            "breaking  GET /orders/{id}: response 200 .total: total is gone. (property-removed)",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<failure type=\"breaking\" message=\"total is gone.\">",
            await File.ReadAllTextAsync(folder.PathOf("reports/openapi.xml"), Stop),
            StringComparison.Ordinal
        );
        // Who accepts it says why, and until when.
        folder.Write(
            "fairlead.checks.yaml",
            "openapi:\n  document: api/openapi.yaml\n  base: 'main:'\n  allow:\n    - { rule: property-removed, where: 'GET /orders/*', reason: nobody reads it, until: 2999-01-01 }\n"
        );
        (code, output, error) = await folder.RunAsync(Stop, "check", "openapi");
        Assert.True(code == 0, output + error);
        Assert.Contains("nobody reads it", output, StringComparison.Ordinal);
        (code, _, error) = await folder.RunAsync(Stop, "check", "openapi", "--base", "nowhere:");
        Assert.Equal(3, code);
        Assert.Contains("check.no-revision", error, StringComparison.Ordinal);
        (code, output, error) = await folder.RunAsync(Stop, "check", "openapi", "--base", "main:none.yaml");
        Assert.True(code == 0, output + error);
        (code, _, error) = await folder.RunAsync(Stop, "check", "openapi", "--base", "--output=/tmp/x:none.yaml");
        Assert.NotEqual(0, code);
    }

    [Fact]
    public async Task A_service_keeps_what_its_document_promises_or_is_told()
    {
        var isGood = true;
        await using var site = await SampleSite.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(
                isGood ? "{\"id\":7,\"total\":1.5}" : "{\"id\":\"7\"}",
                context.RequestAborted
            );
        });
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("openapi.yaml", Document);
        var (code, output, error) = await folder.RunAsync(Stop, "check", "contract", site.Url, "--json");
        Assert.True(code == 0, output + error);
        isGood = false;
        (code, output, error) = await folder.RunAsync(Stop, "check", "contract", site.Url, "--json");
        Assert.True(code == 1, output + error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(
            ["The body does not fit: . has no total.", "The body does not fit: .id is string, not integer."],
            json.RootElement.GetProperty("data")
                .GetProperty("findings")
                .EnumerateArray()
                .Select(static one => one.GetProperty("what").GetString())
        );
    }

    [Fact]
    public async Task A_load_is_judged_by_its_thresholds()
    {
        await using var site = await SampleSite.StartAsync(static async context =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, context.RequestAborted);
            await context.Response.WriteAsync("ok", context.RequestAborted);
        });
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("fairlead.checks.yaml", "{}\n");
        string[] words = ["check", "load", site.Url, "--rate", "20/s", "--rate", "40/s", "--for", "2s", "--json"];
        var (code, output, error) = await folder.RunAsync(
            Stop,
            [.. words, "--threshold", "p50 < 2s", "--threshold", "errors < 1%"]
        );
        Assert.True(code == 0, output + error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(120, json.RootElement.GetProperty("data").GetProperty("answered").GetInt32());
        (code, output, error) = await folder.RunAsync(Stop, [.. words, "--threshold", "p50 < 40ms"]);
        Assert.True(code == 1, output + error);
        Assert.Contains("check.failed", output, StringComparison.Ordinal);
    }

    private static void Git(CiFolder folder, params string[] words)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder.PathOf("."), UseShellExecute = false };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
