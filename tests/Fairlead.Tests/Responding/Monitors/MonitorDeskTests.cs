using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Tests.Deploying.Simulation;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Responding.Monitors;

/// <summary>Monitors over simulated time.</summary>
public sealed class MonitorDeskTests
{
    private readonly SimulatedTime time = new(new Random(1));
    private readonly MetricsInMemory metrics = new();
    private readonly MemoryStore store;
    private readonly List<(string Monitor, TimeSpan At)> looks = [];
    private Func<string, TimeSpan, MonitorLook> see = (_, _) => MonitorLook.Up("It is up.");
    private Func<MonitorSpec, TimeSpan> takes = _ => TimeSpan.FromMilliseconds(20);
    private bool networkAnswers = true;
    private int networkAsked;

    public MonitorDeskTests() => store = new(new World(time, new Random(1)));

    [Fact]
    public void A_thousand_monitors_are_spread_over_their_interval_and_none_misses_a_look()
    {
        for (var at = 0; at < 1000; at++)
        {
            Add(Spec($"m{at.ToString(CultureInfo.InvariantCulture)}", 15));
        }
        var desk = Run(TimeSpan.FromSeconds(61));
        var counts = looks.GroupBy(one => one.Monitor).Select(all => all.Count()).Distinct().Order().ToList();
        Assert.Equal([4, 5], counts);
        Assert.All(
            looks.GroupBy(one => one.Monitor),
            all =>
                Assert.All(
                    all.Zip(all.Skip(1)),
                    pair => Assert.InRange((pair.Second.At - pair.First.At).TotalSeconds, 14.9, 15.1)
                )
        );
        // Of fifteen equal slices of the first round none has more than twice its part.
        Assert.All(
            looks.Where(one => one.At < TimeSpan.FromSeconds(15)).GroupBy(one => (int)one.At.TotalSeconds),
            slice => Assert.InRange(slice.Count(), 30, 133)
        );
        Assert.Equal(1000, desk.Sights.Count(one => one.Value.Shown is MonitorState.Up));
    }

    [Fact]
    public void Slow_ones_delay_nobody_and_are_down_when_their_time_is_over()
    {
        for (var at = 0; at < 100; at++)
        {
            Add(
                Spec($"slow{at.ToString(CultureInfo.InvariantCulture)}", 15) with
                {
                    Timeout = TimeSpan.FromSeconds(5),
                    Retries = 0,
                }
            );
        }
        Add(Spec("quick", 5));
        takes = spec => spec.Name == "quick" ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromHours(1);
        var desk = Run(TimeSpan.FromSeconds(60));
        Assert.InRange(looks.Count(one => one.Monitor == "quick"), 11, 13);
        Assert.Equal(
            ("Down", "It did not answer within 5s."),
            (desk.Sights["slow7"].Shown.ToString(), desk.Sights["slow7"].Standing.Why)
        );
    }

    [Fact]
    public void A_state_is_a_number_while_it_is_known_and_ends_when_it_is_not()
    {
        Add(Spec("api", 10) with { Retries = 0 });
        see = (_, at) =>
            at < TimeSpan.FromSeconds(20) ? MonitorLook.Up("It is up.")
            : at < TimeSpan.FromSeconds(40) ? MonitorLook.Down("It is down.")
            : MonitorLook.Unable("Nobody can look.");
        Run(TimeSpan.FromSeconds(60));
        var values = metrics
            .Lines.Where(one => one.StartsWith("fairlead_monitor_state{monitor=\"api\"}", StringComparison.Ordinal))
            .Select(one =>
                one.Split(' ') is [_, var value, var at]
                    ? (value, long.Parse(at[1..], CultureInfo.InvariantCulture))
                    : default
            )
            .OrderBy(one => one.Item2)
            .Select(one => one.value)
            .ToList();
        Assert.Equal(["1", "0", "stale"], values.Where((value, at) => at == 0 || values[at - 1] != value));
    }

    [Fact]
    public async Task What_was_known_survives_a_restart_and_the_time_between_is_unknown()
    {
        Add(Spec("api", 10));
        see = (_, at) => at < TimeSpan.FromMinutes(5) ? MonitorLook.Up("It is up.") : MonitorLook.Down("It is down.");
        Run(TimeSpan.FromMinutes(10));
        var writes = (
            await store.ReadAsync(KeptMonitor.Collection, "api", TestContext.Current.CancellationToken)
        )!.Version;
        Assert.InRange(writes, 1, 4);
        time.Run(() => Task.Delay(TimeSpan.FromHours(1), time), TimeSpan.FromHours(2));
        looks.Clear();
        var desk = Run(TimeSpan.FromSeconds(2));
        Assert.Equal(MonitorState.Down, desk.Sights["api"].Shown);
        var tally = desk.Sights["api"].BookAt(time.GetUtcNow()).LastDay;
        Assert.InRange(tally.Up / 1000, 280, 310);
        Assert.InRange(tally.Down / 1000, 280, 310);
        Assert.InRange(tally.Unknown / 1000, 3590, 3620);
    }

    [Fact]
    public void Dependents_of_a_gateway_that_is_down_are_unknown_and_only_it_is_down()
    {
        Add(Spec("gateway", 60) with { Retries = 0 });
        Add(Spec("one", 10) with { DependsOn = ["gateway"], Retries = 0 });
        Add(Spec("two", 10) with { DependsOn = ["gateway"], Retries = 1 });
        see = (_, at) => at < TimeSpan.FromSeconds(70) ? MonitorLook.Up("It is up.") : MonitorLook.Down("It is down.");
        var desk = Run(TimeSpan.FromSeconds(100));
        Assert.Equal(
            ["gateway Down", "one Unknown", "two Unknown"],
            desk.Sights.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value.Shown}")
        );
        Assert.Equal("It cannot be told, because gateway is down.", desk.Sights["one"].Standing.Why);
        // At no moment was one of them said to be down.
        Assert.DoesNotContain(
            metrics.Lines,
            one => one.StartsWith("fairlead_monitor_state{monitor=\"one\"} 0", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void When_three_hosts_fail_at_once_and_no_reference_answers_Fairlead_is_cut_off_and_nobody_is_down()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            Add(Spec(name, 10) with { Url = $"http://{name}.example.com", Retries = 0 });
        }
        networkAnswers = false;
        see = (_, at) => at < TimeSpan.FromSeconds(30) ? MonitorLook.Up("It is up.") : MonitorLook.Down("It is down.");
        var desk = Run(TimeSpan.FromMinutes(2));
        Assert.All(desk.Sights.Values, one => Assert.Equal(MonitorState.Unknown, one.Shown));
        Assert.InRange(networkAsked, 2, 12);
        Assert.Contains("fairlead_monitor_cut_off 1", Measured(desk));
    }

    [Fact]
    public void When_a_reference_answers_those_who_fail_are_down()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            Add(Spec(name, 10) with { Url = $"http://{name}.example.com", Retries = 0 });
        }
        see = (_, at) => at < TimeSpan.FromSeconds(30) ? MonitorLook.Up("It is up.") : MonitorLook.Down("It is down.");
        var desk = Run(TimeSpan.FromMinutes(2));
        Assert.All(desk.Sights.Values, one => Assert.Equal(MonitorState.Down, one.Shown));
        Assert.Contains("fairlead_monitor_cut_off 0", Measured(desk));
    }

    [Fact]
    public void Who_reports_itself_is_up_when_it_did_and_down_when_it_is_late_or_says_so()
    {
        Add(Spec("nightly", 60) with { Url = "push:", Grace = TimeSpan.FromSeconds(10) });
        var seen = new List<string>();
        Run(
            TimeSpan.FromSeconds(200),
            async (desk, stop) =>
            {
                void Note() => seen.Add($"{desk.Sights["nightly"].Shown}");
                await Task.Delay(TimeSpan.FromSeconds(90), time, stop);
                Note(); // It was never heard of: nobody is alarmed by what is not there yet.
                Assert.True(desk.Tell("id-of-nightly", true));
                Assert.False(desk.Tell("id-of-nobody", true));
                await Task.Delay(TimeSpan.FromSeconds(3), time, stop);
                Note();
                await Task.Delay(TimeSpan.FromSeconds(75), time, stop);
                Note();
                desk.Tell("id-of-nightly", true);
                await Task.Delay(TimeSpan.FromSeconds(3), time, stop);
                Note();
                desk.Tell("id-of-nightly", false);
                await Task.Delay(TimeSpan.FromSeconds(3), time, stop);
                Note();
            }
        );
        Assert.Equal(["Unknown", "Up", "Down", "Up", "Down"], seen);
        Assert.Empty(looks);
    }

    [Fact]
    public void Paused_ones_are_not_looked_at_and_those_in_maintenance_count_nowhere_but_are()
    {
        Add(Spec("rests", 10));
        Add(Spec("worked-on", 10) with { Retries = 0 });
        Keep(MonitorPause.Collection, "rests", new MonitorPause("ada", time.GetUtcNow()));
        Keep(
            Maintenance.Collection,
            "m",
            new Maintenance("m", time.GetUtcNow(), time.GetUtcNow() + TimeSpan.FromSeconds(60), "New disks.")
            {
                Monitors = ["worked-on"],
            }
        );
        see = (_, _) => MonitorLook.Down("It is down.");
        var seen = new List<string>();
        var desk = Run(
            TimeSpan.FromSeconds(90),
            async (running, stop) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(50), time, stop);
                seen.Add($"{running.Sights["worked-on"].Shown}");
            }
        );
        Assert.DoesNotContain(looks, one => one.Monitor == "rests");
        Assert.Equal(MonitorState.Paused, desk.Sights["rests"].Shown);
        Assert.Equal(["Maintenance"], seen);
        Assert.Equal(MonitorState.Down, desk.Sights["worked-on"].Shown);
        var tally = desk.Sights["worked-on"].BookAt(time.GetUtcNow()).LastDay;
        Assert.InRange(tally.Maintenance / 1000, 55, 61);
        Assert.InRange(tally.Down / 1000, 28, 32);
    }

    private static MonitorSpec Spec(string name, int every) =>
        new()
        {
            Name = name,
            Url = "http://127.0.0.1:1",
            Every = TimeSpan.FromSeconds(every),
            Timeout = TimeSpan.FromSeconds(4),
        };

    private void Add(MonitorSpec spec) =>
        Keep(SavedMonitor.Collection, spec.Name, new SavedMonitor(spec, "ada", time.GetUtcNow()));

    private void Keep<T>(string collection, string key, T record)
        where T : notnull =>
        store
            .CommitAsync(new Change(store.Highest) { Writes = [new(collection, key, Records.Body(record))] }, default)
            .Wait();

    private static IEnumerable<string> Measured(MonitorDesk desk)
    {
        var page = new Fairlead.Model.Telemetry.MetricPage();
        desk.Measure(page);
        return page.Samples.Select(one =>
            string.Create(CultureInfo.InvariantCulture, $"{one.Labels.Name} {one.Value}")
        );
    }

    private MonitorDesk Run(TimeSpan span, Func<MonitorDesk, CancellationToken, Task>? beside = null)
    {
        var world = new World(time, new Random(1));
        var records = new MonitorRecords(store, () => store.Highest);
        var began = time.Elapsed;
        var desk = new MonitorDesk(
            new(
                new(store, records, new("127.0.0.1:8080", null)),
                records,
                new([new Eyes(this, began)], _ => null, world, NullLogger.Instance),
                metrics,
                new Compass(this),
                key => "id-of-" + key
            ),
            world,
            NullLogger<MonitorDesk>.Instance
        );
        time.Run(
            async () =>
            {
                using var stop = new CancellationTokenSource(span, time);
                var work = desk.RunAsync(stop.Token);
                if (beside is not null)
                {
                    await beside(desk, stop.Token);
                }
                try
                {
                    await work;
                }
                catch (OperationCanceledException) { }
            },
            began + TimeSpan.FromHours(1)
        );
        return desk;
    }

    private sealed class Eyes(MonitorDeskTests test, TimeSpan began) : IMonitorProbe
    {
        public IReadOnlyList<string> Ways { get; } = ["http"];

        public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
        {
            var at = test.time.Elapsed - began;
            test.looks.Add((spec.Name, at));
            await Task.Delay(test.takes(spec), test.time, stop);
            return test.see(spec.Name, at);
        }
    }

    private sealed class Compass(MonitorDeskTests test) : INetworkReference
    {
        public IReadOnlyList<string> Asked => ["192.0.2.1"];

        public Task<bool> AnswersAsync(CancellationToken stop)
        {
            test.networkAsked++;
            return Task.FromResult(test.networkAnswers);
        }
    }
}
