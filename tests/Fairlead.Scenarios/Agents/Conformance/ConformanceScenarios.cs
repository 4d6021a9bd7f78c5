using ModelContextProtocol.AspNetCore;

namespace Fairlead.Scenarios.Agents.Conformance;

/// <summary>What both revisions of the protocol require of a server, by the protocol's own frozen lists of it.</summary>
public sealed class ConformanceScenarios(ITestOutputHelper output)
{
    // The product keeps no sessions. By the older revision a server asks its client, and numbers its streams, within one; by the newer revision
    // it asks by its answer, and all of this passes there.
    private const string WithoutSessions = """
        server:
          - tools-call-sampling
          - tools-call-elicitation
          - elicitation-sep1034-defaults
          - elicitation-sep1330-enums
          - server-sse-multiple-streams
        """;

    [Fact]
    public Task All_that_2026_07_28_requires_holds() =>
        HoldsAsync("2026-07-28", HttpServerSessionMode.Stateless, expected: null);

    [Fact]
    public Task All_that_2025_11_25_requires_holds_but_what_needs_a_session() =>
        HoldsAsync("2025-11-25", HttpServerSessionMode.Stateless, WithoutSessions);

    [Fact]
    public Task All_that_2025_11_25_requires_holds_where_a_host_keeps_sessions() =>
        HoldsAsync("2025-11-25", HttpServerSessionMode.StatefulForInitializeClients, expected: null);

    private async Task HoldsAsync(string revision, HttpServerSessionMode mode, string? expected)
    {
        ProtocolScenarios.Need();
        await using var host = await FixtureHost.StartAsync(mode);
        using var proxy = await ProtocolScenarios.Proxy.StartAsync(host.Url, host.Token);
        var folder = Directory.CreateTempSubdirectory("fairlead-mcp-").FullName;
        List<string> words = ["server", "--url", proxy.Url, "--requirements", revision, "-o", folder];
        if (expected is not null)
        {
            var file = Path.Combine(folder, "expected.yaml");
            await File.WriteAllTextAsync(file, expected, TestContext.Current.CancellationToken);
            words.AddRange(["--expected-failures", file]);
        }
        var (code, said) = await ProtocolScenarios.SuiteAsync([.. words]);
        output.WriteLine(said);
        Assert.True(code == 0, said);
        Assert.Contains("=== SUMMARY ===", said, StringComparison.Ordinal);
    }
}
