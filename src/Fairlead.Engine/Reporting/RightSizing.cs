using System.Globalization;
using System.Runtime.InteropServices;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Reporting;

/// <summary>What one replica of a service used, in cores or bytes.</summary>
/// <param name="P95">Of the time, 95 % were at or below it; of the replica that used most.</param>
/// <param name="Max">At most, of all replicas.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Used(double P95, double Max);

/// <summary>What a service asked for and used.</summary>
/// <param name="Days">Of which there are numbers: hours in which a replica was measured.</param>
/// <param name="Cpu">Cores, each number the mean of five minutes; null where nothing measured it.</param>
/// <param name="Memory">Bytes; null where nothing measured it.</param>
public sealed record ServiceUse(Site Site, string Service, double Days, Used? Cpu, Used? Memory)
{
    /// <summary>Cores that a replica may use; null where nothing limits it.</summary>
    public double? CpuAsked { get; init; }

    /// <summary>Bytes that a replica may hold; null where nothing limits it.</summary>
    public long? MemoryAsked { get; init; }
}

/// <summary>A size that would do.</summary>
/// <param name="Cpu">Cores; null where nothing is to be changed, or is known.</param>
/// <param name="Memory">Bytes; likewise.</param>
public sealed record SizeAdvice(ServiceUse Of, double? Cpu, long? Memory)
{
    /// <summary>US dollars a month that it spares, by list prices; null where nothing here is priced by its size.</summary>
    public decimal? Spared { get; init; }
}

/// <summary>
/// Sizes by what was used: the most that any replica used, and room above it. Never less than was used, and nothing is said of a service of which
/// there are too few days. Pure.
/// </summary>
public static class RightSizing
{
    /// <summary>Days that there must be numbers of: of fewer nobody knows its busy hours.</summary>
    public const double DaysMin = 3;

    /// <summary>Of so many days before now numbers are looked at.</summary>
    public const int DaysMax = 14;

    // Work waits for a processor; a program that lacks memory is ended. And the most of five minutes hides peaks.
    private const double CpuRoom = 1.25;
    private const double MemoryRoom = 1.25;

    private const double CpuStep = 0.05;
    private const double MiB = 1 << 20;
    private const double MemoryStep = 32 * MiB;
    private const double MemoryMin = 64 * MiB;

    // A change is work: what is nearly right stays.
    private const double WorthChanging = 0.8;
    private const double WorthSaying = 0.5;
    private const double Short = 0.9;

    /// <returns>Null where there are too few days, or no numbers.</returns>
    public static SizeAdvice? Of(ServiceUse use)
    {
        if (use.Days < DaysMin || use is { Cpu: null, Memory: null })
        {
            return null;
        }
        return new(
            use,
            Wanted(use.Cpu, use.CpuAsked, (CpuRoom, CpuStep, CpuStep)) is { } cores ? Math.Round(cores, 2) : null,
            (long?)Wanted(use.Memory, use.MemoryAsked, (MemoryRoom, MemoryStep, MemoryMin))
        );
    }

    /// <summary>Nothing where nothing was measured for long enough.</summary>
    public static IReadOnlyList<ReportSection> Sections(IReadOnlyList<SizeAdvice> all) =>
        all.Count == 0
            ? []
            :
            [
                new("Sizes")
                {
                    Table = Table(all),
                    Lines =
                    [
                        $"Of one replica, in the last {DaysMax} days at most: the replica that used most. Would do: that and a quarter more; – where it fits as it is.",
                        "Processors are means of five minutes, so a service that waits for shorter bursts needs more than this.",
                    ],
                },
            ];

    /// <summary>Services that asked for twice what they need, or that are short; the saving decides the order.</summary>
    internal static IEnumerable<(decimal Amount, string Text)> Hints(SizeAdvice one)
    {
        var use = one.Of;
        var isShort = IsShort(use.Cpu, use.CpuAsked) || IsShort(use.Memory, use.MemoryAsked);
        var isMuch = one.Cpu <= use.CpuAsked * WorthSaying || one.Memory <= use.MemoryAsked * WorthSaying;
        if (isShort || isMuch)
        {
            var write = one.Spared is > 0 and var money ? $"To spare {Money(money)} a month, write" : "Write";
            yield return (
                one.Spared ?? 0,
                $"{use.Service} of {use.Site} {(isShort ? "is short" : "has more than it needs")}: at most {Most(use)} in {Days(use)}. {write}: limits: {{ {Limits(one)} }}"
            );
        }
    }

    private static double? Wanted(Used? used, double? asked, (double Room, double Step, double Min) by)
    {
        if (used is not { Max: >= 0 and < 1e15 } known)
        {
            return null;
        }
        // What can be written in so many steps, a hair's breadth aside.
        var wanted = Math.Max(by.Min, Math.Ceiling(Math.Round(known.Max * by.Room / by.Step, 6)) * by.Step);
        return asked is null || wanted <= asked * WorthChanging || IsShort(used, asked) ? wanted : null;
    }

    private static bool IsShort(Used? used, double? asked) => used?.Max >= asked * Short;

    private static ReportTable Table(IReadOnlyList<SizeAdvice> all) =>
        new(
            [
                new("App"),
                new("Environment"),
                new("Service"),
                new("Days", IsNumber: true),
                new("Cores", IsNumber: true),
                new("p95", IsNumber: true),
                new("At most", IsNumber: true),
                new("Would do", IsNumber: true),
                new("Memory", IsNumber: true),
                new("p95", IsNumber: true),
                new("At most", IsNumber: true),
                new("Would do", IsNumber: true),
                new("Spares a month", IsNumber: true),
            ],
            [
                .. all.Select(static one =>
                    (IReadOnlyList<string>)
                        [
                            one.Of.Site.App,
                            one.Of.Site.Environment,
                            one.Of.Service,
                            one.Of.Days.ToString("0", CultureInfo.InvariantCulture),
                            Cores(one.Of.CpuAsked),
                            Cores(one.Of.Cpu?.P95),
                            Cores(one.Of.Cpu?.Max),
                            Cores(one.Cpu),
                            Bytes(one.Of.MemoryAsked),
                            Bytes(one.Of.Memory?.P95),
                            Bytes(one.Of.Memory?.Max),
                            Bytes(one.Memory),
                            one.Spared is { } money ? Money(money) : "–",
                        ]
                ),
            ]
        );

    private static string Limits(SizeAdvice one) =>
        string.Join(
            ", ",
            new[]
            {
                (one.Cpu ?? one.Of.CpuAsked) is { } cores
                    ? string.Create(CultureInfo.InvariantCulture, $"cpu: {cores:0.##}")
                    : null,
                (one.Memory ?? one.Of.MemoryAsked) is { } bytes
                    ? string.Create(CultureInfo.InvariantCulture, $"memory: {Math.Ceiling(bytes / MiB):0}MiB")
                    : null,
            }.OfType<string>()
        );

    // Such as 0.31 of 2 cores and 812 of 4096 MiB.
    private static string Most(ServiceUse use) =>
        string.Join(
            " and ",
            new[]
            {
                use is { Cpu: { } cpu, CpuAsked: { } cores } ? $"{Cores(cpu.Max)} of {Cores(cores)} cores" : null,
                use is { Memory: { } memory, MemoryAsked: { } bytes }
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Math.Ceiling(memory.Max / MiB):0} of {Math.Ceiling(bytes / MiB):0} MiB"
                    )
                    : null,
            }.OfType<string>()
        );

    private static string Days(ServiceUse use) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(use.Days):0} days");

    // Upwards, so that what worked a little does not stand there as nothing.
    private static string Cores(double? cores) =>
        cores is { } known
            ? (Math.Ceiling(Math.Round(known * 100, 6)) / 100).ToString("0.##", CultureInfo.InvariantCulture)
            : "–";

    private static string Bytes(double? bytes) =>
        bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(known / MiB):0} MiB") : "–";

    private static string Money(decimal amount) => string.Create(CultureInfo.InvariantCulture, $"{amount:#,0.00} USD");
}
