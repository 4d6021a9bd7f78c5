using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Resources;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Reporting;

/// <summary>Sizes by what was used.</summary>
public sealed class RightSizingTests
{
    private const long MiB = 1 << 20;
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Site Shop = new("shop", "production");
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // asked, at most: what would do.
    [InlineData(2.0, 0.31, 0.4)]
    [InlineData(2.0, 0.0, 0.05)]
    [InlineData(2.0, 0.04, 0.05)]
    [InlineData(2.0, 1.2, 1.5)]
    [InlineData(2.0, 1.4, null)] // 1.75 would not be worth a change.
    [InlineData(2.0, 1.79, null)]
    [InlineData(2.0, 1.8, 2.25)] // It is short.
    [InlineData(2.0, 2.0, 2.5)]
    [InlineData(null, 0.31, 0.4)]
    public void Cores_that_would_do_are_a_quarter_above_the_most(double? asked, double max, double? expected)
    {
        var advice = RightSizing.Of(Use() with { CpuAsked = asked, Cpu = new(max / 2, max) })!;

        Assert.Equal(expected, advice.Cpu);
        Assert.True(advice.Cpu is null || advice.Cpu >= max);
    }

    [Theory]
    [InlineData(4096L, 812L, 1024L)]
    [InlineData(4096L, 1L, 64L)]
    [InlineData(1024L, 700L, null)]
    [InlineData(1024L, 1000L, 1280L)]
    public void Memory_that_would_do_is_never_less_than_was_held(long asked, long max, long? expected)
    {
        var advice = RightSizing.Of(Use() with { MemoryAsked = asked * MiB, Memory = new(0, max * MiB) })!;

        Assert.Equal(expected * MiB, advice.Memory);
        Assert.True(advice.Memory is null || advice.Memory >= max * MiB);
    }

    [Fact]
    public void Whatever_was_used_no_less_is_named()
    {
        var random = new Random(7);
        for (var tries = 0; tries < 5_000; tries++)
        {
            var (cpu, memory) = (random.NextDouble() * 20, random.NextDouble() * 64e9);
            var use = Use() with { CpuAsked = random.NextDouble() * 20, MemoryAsked = random.NextInt64(1L << 36) };
            var advice = RightSizing.Of(use with { Cpu = new(0, cpu), Memory = new(0, memory) })!;
            Assert.True((advice.Cpu ?? cpu) >= cpu && (advice.Memory ?? memory) >= memory, advice.ToString());
        }
    }

    [Fact]
    public void Of_too_few_days_and_of_what_nothing_measured_nothing_is_said()
    {
        Assert.Null(RightSizing.Of(Use() with { Days = 2.9 }));
        Assert.Null(RightSizing.Of(Use() with { Cpu = null, Memory = null }));
        Assert.Null(RightSizing.Of(Use() with { Memory = null })!.Memory);
        Assert.Empty(RightSizing.Sections([]));
    }

    [Fact]
    public void What_has_twice_what_it_needs_and_what_is_short_is_named_with_the_line_to_write() =>
        Assert.Equal(
            [
                "api of shop/production has more than it needs: at most 0.31 of 2 cores and 812 of 4096 MiB in 13 days. To spare 31.20 USD a month, write: limits: { cpu: 0.4, memory: 1024MiB }",
                "api of shop/production is short: at most 0.31 of 0.4 cores and 500 of 512 MiB in 13 days. Write: limits: { cpu: 0.4, memory: 640MiB }",
            ],
            CostReport.Hints(
                new(
                    [],
                    Sizes:
                    [
                        RightSizing.Of(
                            Use() with
                            {
                                CpuAsked = 0.4,
                                MemoryAsked = 512 * MiB,
                                Memory = new(0, 500 * MiB),
                            }
                        )!,
                        RightSizing.Of(Use() with { CpuAsked = 2, MemoryAsked = 4096 * MiB })! with
                        {
                            Spared = 31.2m,
                        },
                        RightSizing.Of(Use() with { CpuAsked = 0.5, MemoryAsked = 1024 * MiB })!,
                        RightSizing.Of(Use())!,
                    ]
                ),
                Now
            )
        );

    [Fact]
    public void The_report_has_a_table_of_sizes()
    {
        var page = CostReport.Page(
            "Cost",
            new([], Sizes: [RightSizing.Of(Use() with { CpuAsked = 2 })! with { Spared = 3m }]),
            Now
        );
        Assert.Equal(
            "shop production api 14 2 0.16 0.31 0.4 – 700 MiB 812 MiB 1024 MiB 3.00 USD",
            string.Join(' ', page.Sections.Single(static one => one.Title == "Sizes").Table!.Rows[0])
        );
    }

    [Fact]
    public void What_a_smaller_size_spares_is_a_part_of_what_is_paid_on_Fargate()
    {
        // Two copies of 1 core and 2 GiB in us-east-1, by hand: 2 × 730 h × (0.04048 + 2 × 0.004445) USD.
        PlannedCost[] parts =
        [
            new("aws_ecs_service.api", "processors", 59.1008m),
            new("aws_ecs_service.api", "memory", 12.9794m),
            new("aws_cloudwatch_log_group.api_log", "lines taken", 5m),
        ];
        var asked = new MachineSize(1, 2048 * MiB);

        // A quarter of a core and half a gigabyte: three quarters are spared of both.
        Assert.Equal(54.06m, SizeSaving.Of(parts, asked, new(0.1, 64 * MiB)));
        Assert.Equal(0m, SizeSaving.Of(parts, asked, new(0.9, 2000 * MiB)));
        Assert.Equal(-72.08m, SizeSaving.Of(parts, asked, new(1.5, 4096 * MiB)));
        // What is paid is of another size than was asked for, or not by size: nobody knows.
        Assert.Null(SizeSaving.Of(parts, new(1, 4096 * MiB), new(0.1, 64 * MiB)));
        Assert.Null(SizeSaving.Of([new("aws_instance.api", "t3.medium", 30m)], asked, new(0.1, 64 * MiB)));
    }

    [Fact]
    public async Task Use_is_read_from_what_the_node_measured_whichever_release_it_was()
    {
        var store = new MetricsInMemory();
        // Five days, of which one hour is busy, in two releases; and a moment with much memory that falls between five minutes.
        await store.AppendAsync(
            [.. Series("api", "41", days: 5, until: 2, busy: 30), .. Series("api", "42", days: 2, until: 0, busy: -1)],
            Stop
        );
        await store.AppendAsync([.. Series("young", "1", days: 1, until: 0, busy: -1)], Stop);
        using var desk = new MetricDesk(store, new World(TimeProvider.System, new Random(1)));

        var uses = await MeasuredUse.UsesAsync(
            desk,
            Shop,
            [Service("api"), Service("young"), Service("none")],
            Now,
            Stop
        );

        Assert.Equal(["api", "young"], uses.Select(static one => one.Service));
        var api = uses[0];
        Assert.InRange(api.Days, 4.9, 5.1);
        Assert.Equal(0.6, api.Cpu!.Value.Max, 2);
        Assert.Equal(0.1, api.Cpu.Value.P95, 2);
        Assert.Equal((200 * MiB, 400 * MiB), ((long)api.Memory!.Value.P95, (long)api.Memory.Value.Max));
        Assert.Equal((2, 4096 * MiB), (api.CpuAsked, api.MemoryAsked));
        Assert.Null(RightSizing.Of(uses[1]));
        Assert.Equal((0.75, 512 * MiB), (RightSizing.Of(api)!.Cpu, RightSizing.Of(api)!.Memory));

        // Processors of which there are numbers for a day only say nothing.
        await store.AppendAsync([.. Series("late", "1", days: 5, until: 0, busy: -1).Skip(1)], Stop);
        await store.AppendAsync([.. Series("late", "1", days: 1, until: 0, busy: -1).Take(1)], Stop);
        var late = Assert.Single(await MeasuredUse.UsesAsync(desk, Shop, [Service("late")], Now, Stop));
        Assert.Null(late.Cpu);
        Assert.NotNull(late.Memory);

        Assert.Empty(await MeasuredUse.UsesAsync(desk, new("other", "production"), [Service("api")], Now, Stop));
    }

    private static ServiceUse Use() => new(Shop, "api", 13.9, new(0.16, 0.31), new(700 * MiB, 812 * MiB));

    private static Service Service(string name) =>
        new()
        {
            Name = name,
            Kind = Kind.Api,
            Path = ".",
            Recipe = new() { Stack = "custom" },
            Health = new(),
            Replicas = 1,
            Limits = new() { Cpu = 2, Memory = 4096 * MiB },
        };

    // A sample each minute.
    private static IEnumerable<SeriesSamples> Series(string service, string release, int days, int until, int busy)
    {
        var (cpu, memory, seconds) = (new List<Sample>(), new List<Sample>(), 0.0);
        var from = Now - TimeSpan.FromDays(days);
        for (var minute = 0; minute < (days - until) * 24 * 60; minute++)
        {
            var at = (from + TimeSpan.FromMinutes(minute)).ToUnixTimeMilliseconds();
            seconds += minute / 60 == busy ? 36 : 6;
            cpu.Add(new(at, seconds));
            memory.Add(new(at, (minute == 2_003 ? 400 : 200) * (double)MiB));
        }
        Labels Named(string name) =>
            Labels.Of([
                new(Labels.MetricName, name),
                new("app", "shop"),
                new("environment", "production"),
                new("release", release),
                new("replica", "0"),
                new("service", service),
            ]);
        return
        [
            new(Named("fairlead_replica_cpu_seconds_total"), cpu),
            new(Named("fairlead_replica_resident_memory_bytes"), memory),
        ];
    }
}
