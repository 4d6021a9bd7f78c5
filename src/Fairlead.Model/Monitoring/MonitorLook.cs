using System.Runtime.InteropServices;

namespace Fairlead.Model.Monitoring;

/// <summary>What one look saw.</summary>
/// <param name="Why">A sentence for people: what is wrong, or what was seen.</param>
public sealed record MonitorLook(LookVerdict Verdict, string Why)
{
    /// <summary>Named as by Prometheus's blackbox_exporter, but for success and duration, which every look has.</summary>
    public IReadOnlyList<LookNumber> Numbers { get; init; } = [];

    /// <summary>From its beginning to its end.</summary>
    public TimeSpan Took { get; init; }

    public static MonitorLook Up(string seen, params IReadOnlyList<LookNumber> numbers) =>
        new(LookVerdict.Up, seen) { Numbers = numbers };

    public static MonitorLook Down(string why, params IReadOnlyList<LookNumber> numbers) =>
        new(LookVerdict.Down, why) { Numbers = numbers };

    public static MonitorLook Unable(string why) => new(LookVerdict.Unable, why);
}

/// <summary>What follows from a look.</summary>
public enum LookVerdict
{
    Up,
    Down,

    /// <summary>This machine cannot look: nothing is known by it.</summary>
    Unable,
}

/// <summary>A number that a look gives.</summary>
/// <param name="Name">Of the metric, such as <c>probe_http_status_code</c>.</param>
/// <param name="Phase">The label <c>phase</c>; empty for none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LookNumber(string Name, double Value, string Phase = "");
