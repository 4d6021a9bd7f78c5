using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Responding;

/// <summary>Faults that are made on purpose, one of each sort: a release gone bad, a name server gone silent, and the server that decides killed.</summary>
public sealed class DrillScenarios
{
    private const string Routing = """
        route: { receiver: log, group_wait: 0s }
        receivers: [ { name: log, log_configs: [ {} ] } ]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bad_release_and_what_it_needs_gone_are_noticed_and_told_and_a_killed_server_is_noticed_by_no_visitor()
    {
        await using var platform = await Voyage.StartAsync();
        var file = Path.Combine(platform.State, "..", "alerting.yaml");
        await File.WriteAllTextAsync(file, Routing, Stop);
        await platform.RunAsync("routing", "set", "--file", file);

        var bad = await platform.RunAsync("drill", "run", "bad-deploy");
        var silent = await platform.RunAsync("drill", "run", "dns-outage");
        var killed = platform.PidOf("server");
        var lost = await platform.RunAsync("drill", "run", "lost-server");
        var list = await platform.AskAsync("drill", "list");

        TestContext.Current.TestOutputHelper!.WriteLine($"{bad}\n{lost}");
        Assert.True(bad.Code == 0, $"{bad}");
        Assert.Contains("it is noticed: ServiceErrors", bad.Messages, StringComparison.Ordinal);
        Assert.Contains("somebody is told: log by log", bad.Messages, StringComparison.Ordinal);
        Assert.True(silent.Code == 0, $"{silent}");
        Assert.Contains("end the fault: as whoever was told would", silent.Messages, StringComparison.Ordinal);
        Assert.True(lost.Code == 0, $"{lost}");
        Assert.NotEqual(killed, platform.PidOf("server"));
        Assert.Equal(
            ["lost-server passed", "dns-outage passed", "bad-deploy passed"],
            list["drills"]!.AsArray().Select(static one => $"{one!["kind"]} {one["state"]}")
        );
    }
}
