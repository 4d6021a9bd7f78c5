using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    [Fact]
    public async Task A_load_over_TLS_is_answered_where_the_certificate_is_trusted_and_not_elsewhere()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var order = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        order.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = order.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var site = await SampleSite.StartAsync(
            static context => context.Response.WriteAsync("ok", context.RequestAborted),
            certificate
        );
        var url = $"https://localhost:{new Uri(site.Url).Port}/";
        string[] words =
        [
            "check",
            "load",
            url,
            "--rate",
            "50/s",
            "--for",
            "1s",
            "--threshold",
            "errors < 1%",
            "--json",
        ];
        var trusted = Path.Combine(Path.GetTempPath(), $"fairlead-{Environment.ProcessId}-tls.pem");
        await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem(), Stop);
        try
        {
            using var trusting = new CiFolder(new Dictionary<string, string> { ["SSL_CERT_FILE"] = trusted });
            trusting.Write("fairlead.checks.yaml", "{}\n");
            var (code, output, error) = await trusting.RunAsync(Stop, words);
            Assert.True(code == 0, output + error);
            using var json = JsonDocument.Parse(output);
            Assert.Equal(50, json.RootElement.GetProperty("data").GetProperty("answered").GetInt32());
        }
        finally
        {
            File.Delete(trusted);
        }
        using var strange = new CiFolder(new Dictionary<string, string>());
        strange.Write("fairlead.checks.yaml", "{}\n");
        var refused = await strange.RunAsync(Stop, words);
        Assert.Equal(1, refused.Code);
        Assert.Contains("\"not connected\":50", refused.Out, StringComparison.Ordinal);
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
