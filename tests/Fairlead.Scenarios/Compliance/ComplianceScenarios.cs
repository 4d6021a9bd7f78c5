using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Compliance;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Evidence of what a real server did, and a person who is erased from it.</summary>
public sealed class ComplianceScenarios
{
    private const string Canary = "C4nary-9f2b7d1e/Evidence+Secret";
    private const string Person = "anna-77";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_done_is_evidence_a_statement_counts_and_no_bundle_holds_a_secret()
    {
        await using var platform = await Platform.StartAsync();
        var deployed = await platform.DeployAsync(platform.App("shop", Manifest), $"web.env.CANARY={Canary}");
        Assert.True(deployed.Code == 0, deployed.ToString());

        var before = await StatesAsync(platform, "soc2");
        // Somebody asked for it, the journal is whole and signed, and nobody approved: it is production.
        Assert.Equal(("fresh", "failing"), (before["CC2.1"], before["CC8.1"]));
        Assert.Equal("manual", before["CC1.1"]);
        Assert.Equal("fresh", await EvidenceAsync(platform, "changes-recorded"));
        Assert.Equal("fresh", await EvidenceAsync(platform, "source-scans"));
        Assert.Equal("fresh", await EvidenceAsync(platform, "personal-data"));

        var stated = await platform.RunAsync("compliance", "attest", "soc2", "CC1.1", "--statement", "Signed by all.");
        Assert.True(stated.Code == 0, stated.ToString());
        Assert.Equal("fresh", (await StatesAsync(platform, "soc2"))["CC1.1"]);
        var measured = await platform.RunAsync("compliance", "attest", "soc2", "CC8.1");
        Assert.Contains("It is measured", measured.Messages, StringComparison.Ordinal);

        var host = await platform.AskAsync("host", "check");
        Assert.True(host["checks"]!.AsArray().Count > 20);
        Assert.Equal("fresh", StateOf(host, "host-state-keys"));

        var page = await platform.RunAsync("compliance", "export");
        Assert.True(page.Code == 0, page.ToString());
        var html = page.Output[page.Output.IndexOf("<html", StringComparison.Ordinal)..].Trim();
        Assert.Contains("Signed by all.", html, StringComparison.Ordinal);
        Assert.EndsWith("</html>", html, StringComparison.Ordinal);
        var oscal = await platform.RunAsync("compliance", "export", "--format", "oscal");
        var results = JsonNode.Parse(oscal.Output)!["assessment-results"]!;
        Assert.Equal(4, results["results"]!.AsArray().Count);
        Assert.Equal(2, results["back-matter"]!["resources"]!.AsArray().Count(one => one!["base64"] is not null));

        string[] said =
        [
            page.ToString(),
            oscal.ToString(),
            stated.ToString(),
            host.ToJsonString(),
            (await platform.RunAsync("compliance", "report", "--json")).ToString(),
        ];
        Assert.All(
            said,
            text =>
                Assert.All(Forms(Canary), form => Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase))
        );
        Assert.Equal(0, (await platform.RunAsync("audit", "verify")).Code);
    }

    [Fact]
    public async Task A_person_is_found_erased_from_what_can_be_changed_and_named_nowhere_by_the_evidence_of_it()
    {
        await using var platform = await Platform.StartAsync();
        var deployed = await platform.DeployAsync(platform.App("shop", Manifest));
        Assert.True(deployed.Code == 0, deployed.ToString());
        await SendErrorAsync(platform);

        var inventory = await platform.AskAsync("privacy", "inventory", platform.App("shop", Manifest));
        Assert.Equal("contact details", inventory["inventory"]![0]!["data"]!.GetValue<string>());

        var found = await UntilHeldAsync(platform, Person, "3 erased");
        // The event twice, as the first and the last of its release, and the group's title.
        Assert.Equal("3 erased", found["errors"]);
        Assert.Equal(" ask", found["shop/production web: contact details"]);

        var erased = await platform.RunAsync("privacy", "erase", Person, "--yes");
        Assert.True(erased.Code == 0, erased.ToString());
        Assert.Equal("0 erased", (await HeldAsync(platform, Person))["errors"]);
        Assert.Equal(0, (await platform.RunAsync("privacy", "erase", Person, "--yes")).Code);

        var errors = (await platform.RunAsync("error", "list", "shop", "--json")).Output;
        Assert.Contains("no cart of [erased]", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Person, errors, StringComparison.Ordinal);
        var journal = Unzipped((await platform.AskAsync("audit", "export"))["file"]!.GetValue<string>());
        Assert.Contains("subject-", journal, StringComparison.Ordinal);
        Assert.DoesNotContain(Person, journal, StringComparison.OrdinalIgnoreCase);
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(platform.State, "telemetry", "errors")),
            file => Assert.DoesNotContain(Person, Read(file), StringComparison.Ordinal)
        );
        // Who was invited is in the journal, and stays there.
        Assert.Equal(
            0,
            (await platform.RunAsync("person", "invite", "bert@example.org", "--name", "Bert", "--role", "viewer")).Code
        );
        Assert.Equal("1 erased", (await HeldAsync(platform, "bert@example.org"))["invitations"]);
        Assert.Equal(0, (await platform.RunAsync("privacy", "erase", "Bert@example.org", "--yes")).Code);
        var bert = await HeldAsync(platform, "bert@example.org");
        Assert.Equal(("0 erased", "1 kept"), (bert["invitations"], bert["journal"]));
        Assert.Equal(0, (await platform.RunAsync("audit", "verify")).Code);
    }

    private const string Manifest = """
        app: shop
        security: { fail: high }
        services:
          web:
            kind: api
            run: python3 app.py
            data:
              - { category: contact details, subjects: customers, purpose: orders, basis: contract, retention: 10 years }
        """;

    private static async Task<Dictionary<string, string>> StatesAsync(Platform platform, string catalogue) =>
        (await platform.AskAsync("compliance", "report", catalogue))["catalogues"]![0]!["controls"]!
            .AsArray()
            .ToDictionary(one => one!["control"]!.GetValue<string>(), one => one!["state"]!.GetValue<string>());

    private static async Task<string> EvidenceAsync(Platform platform, string query)
    {
        var oscal = JsonNode.Parse((await platform.RunAsync("compliance", "export", "--format", "oscal")).Output)!;
        var seen = oscal["assessment-results"]!["results"]!
            .AsArray()
            .SelectMany(one => one!["observations"]!.AsArray())
            .First(one => one!["title"]!.GetValue<string>() == query)!;
        var state = seen["props"]![0]!["value"]!.GetValue<string>();
        return state is "holds" ? "fresh" : $"{state}: {seen["description"]}";
    }

    private static string StateOf(JsonNode host, string check) =>
        host["checks"]!.AsArray().Single(one => one!["check"]!.GetValue<string>() == check)![
            "state"
        ]!.GetValue<string>();

    private static async Task<Dictionary<string, string>> HeldAsync(Platform platform, string subject) =>
        (await platform.AskAsync("privacy", "find", subject))["held"]!
            .AsArray()
            .ToDictionary(one => one!["place"]!.GetValue<string>(), one => $"{one!["count"]} {one["outcome"]}");

    // What is sent is kept within seconds.
    private static async Task<Dictionary<string, string>> UntilHeldAsync(
        Platform platform,
        string subject,
        string errors
    )
    {
        var held = await HeldAsync(platform, subject);
        for (var tries = 0; tries < 30 && held["errors"] != errors; tries++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
            held = await HeldAsync(platform, subject);
        }
        return held;
    }

    // As Sentry's libraries do, which say who was hit.
    private static async Task SendErrorAsync(Platform platform)
    {
        var key = await platform.AskAsync("telemetry", "key", "shop");
        var dsn = new Uri(key["sentryDsn"]!.GetValue<string>());
        var envelope = $$$"""
            {"event_id":"0123456789abcdef0123456789abcdef"}
            {"type":"event"}
            {"event_id":"0123456789abcdef0123456789abcdef","level":"error","message":"no cart of {{{Person}}}","user":{"id":"{{{Person}}}"}}

            """;
        using var http = new HttpClient();
        using var body = new StringContent(envelope, Encoding.UTF8, "application/x-sentry-envelope");
        using var answer = await http.PostAsync(
            $"http://{dsn.Authority}/api/1/envelope/?sentry_key={key["key"]}",
            body,
            Stop
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static string[] Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return
        [
            secret,
            Convert.ToBase64String(bytes).TrimEnd('='),
            Convert.ToHexStringLower(bytes),
            Uri.EscapeDataString(secret),
            System.Net.WebUtility.HtmlEncode(secret),
            JsonValue.Create(secret).ToJsonString().Trim('"'),
        ];
    }

    private static string Unzipped(string path)
    {
        using var open = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(open);
        return reader.ReadToEnd();
    }

    private static string Read(string path)
    {
        using var open = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(open, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
