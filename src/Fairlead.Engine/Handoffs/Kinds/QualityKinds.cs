using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Handoffs.Kinds;

/// <summary>When a gate rules.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GatePhase>))]
public enum GatePhase
{
    /// <summary>Before anything is built: by a result that was handed over.</summary>
    [JsonStringEnumMemberName("prepare")]
    Prepare,

    /// <summary>While traffic is shifted: by what is measured.</summary>
    [JsonStringEnumMemberName("shift")]
    Shift,
}

/// <summary>Something that must hold in a phase of each deployment.</summary>
public sealed record QualityGate : HandoffBody
{
    public required GatePhase Phase { get; init; }

    /// <summary>In the phase 'prepare': a name, which results are about. In 'shift': a limit such as <c>error-rate &lt; 1%</c>.</summary>
    public required string Gate { get; init; }

    /// <summary>The service that is watched, in the phase 'shift'.</summary>
    public string? Service { get; init; }

    /// <summary>How old a passed result may be, in hours, in the phase 'prepare'.</summary>
    public int MaxAgeHours { get; init; } = 24;

    /// <summary>Only what blocks is a gate.</summary>
    public bool Blocking { get; init; } = true;

    public override string? Fault() =>
        Phase is GatePhase.Shift && (Service is null || Fairlead.Model.Releases.Gate.TryParse(Gate) is null)
            ? "in the phase 'shift' it needs 'service', and a gate such as 'error-rate < 1%' or 'p95 < 300ms'"
        : MaxAgeHours is < 1 or > 8760 ? "'maxAgeHours' is 1 to 8760"
        : null;

    public override IEnumerable<string> Effects() =>
        !Blocking ? []
        : Phase is GatePhase.Shift ? [$"'{Gate}' is a gate of each rollout of {Service}"]
        : [$"no release goes out without a passed result of '{Gate}' of the last {MaxAgeHours} hours"];

    public override void Compile(HandoffCompile compile)
    {
        if (!Blocking)
        {
            return;
        }
        if (Phase is GatePhase.Shift)
        {
            compile.Watch(Service!, [Fairlead.Model.Releases.Gate.TryParse(Gate)!]); // Checked when it was handed over.
            return;
        }
        if (
            !compile.Results.TryGetValue(Gate, out var result)
            || compile.Now - result.At >= TimeSpan.FromHours(MaxAgeHours)
        )
        {
            compile.Block(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"there is no result of '{Gate}' of the last {MaxAgeHours} hours"
                ),
                "Run it and hand over its gate-result."
            );
        }
        else if (!result.Passed)
        {
            compile.Block(
                $"'{Gate}' failed at {result.At:u}",
                "Mend what it found, and hand over a newer gate-result."
            );
        }
    }
}

/// <summary>What a gate of the phase 'prepare' found. Who handed it over, and when, is in the signed journal.</summary>
public sealed record GateResult : HandoffBody
{
    public required string Gate { get; init; }

    public required bool Passed { get; init; }

    /// <summary>What was measured, a line each.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    public override IEnumerable<string> Effects() =>
        [
            Passed
                ? $"'{Gate}' is passed from now on, as long as its gate takes it"
                : $"'{Gate}' blocks until a newer result says that it passed",
        ];
}

/// <summary>What is tried again and again in production.</summary>
public sealed record ProductionTestPlan : HandoffBody
{
    public required IReadOnlyList<Probe> Probes { get; init; }

    /// <param name="Url">As <c>fairlead monitor add</c> takes it.</param>
    /// <param name="Every">Such as <c>1m</c>.</param>
    /// <param name="Body">A text that the answer holds; null for any.</param>
    public sealed record Probe(string Name, string Url, string Every = "1m", string? Body = null);

    public override string? Fault() => Probes.Count > 50 ? "it has more than 50 probes" : null;

    public override IEnumerable<string> Effects() =>
        Probes.Select(static one =>
            $"{one.Url} is looked at every {one.Every} as '{one.Name}', and whoever is on call is told"
        );
}

/// <summary>How fast a service must be while it is tried.</summary>
public sealed record PerformanceValidation : HandoffBody
{
    public required string Service { get; init; }

    /// <summary>95 of 100 requests are answered faster; null for no such limit.</summary>
    public int? P95Milliseconds { get; init; }

    /// <summary>Fewer of 100 requests fail; null for no such limit.</summary>
    public double? ErrorPercent { get; init; }

    /// <summary>It is put under the load that the app's fairlead.checks.yaml says.</summary>
    public bool Load { get; init; }

    private static readonly TimeSpan LoadMax = TimeSpan.FromMinutes(10);

    public override string? Fault() =>
        P95Milliseconds is <= 0 || ErrorPercent is <= 0 or > 100 ? "limits are above 0, and percent at most 100" : null;

    public override IEnumerable<string> Effects() =>
        Gates().Select(gate => $"'{gate}' is a gate of each rollout of {Service}");

    public override void Compile(HandoffCompile compile) => compile.Watch(Service, [.. Gates()]);

    private IEnumerable<Gate> Gates()
    {
        if (P95Milliseconds is { } time)
        {
            yield return new Gate.Latency(95, TimeSpan.FromMilliseconds(time));
        }
        if (ErrorPercent is { } percent)
        {
            yield return new Gate.ErrorRate(percent);
        }
        if (Load)
        {
            yield return new Gate.Check(CheckKind.Load, LoadMax);
        }
    }
}

/// <summary>A weakness: it blocks at once when it is grave, else from its deadline on, unless somebody waived it for a while.</summary>
public sealed record SecurityFinding : HandoffBody
{
    /// <summary>Such as <c>CVE-2026-1234</c>.</summary>
    public required string Finding { get; init; }

    /// <summary>critical, high, medium or low.</summary>
    public required string Severity { get; init; }

    /// <summary>From then on it blocks; at once when it is left out or the finding is critical or high.</summary>
    public DateOnly? Deadline { get; init; }

    /// <summary>Until then it does not block; null for no waiver. Agents waive nothing.</summary>
    public DateOnly? WaivedUntil { get; init; }

    /// <summary>Why it is waived.</summary>
    public string? WaivedBecause { get; init; }

    public override string? Fault() =>
        Severity is not ("critical" or "high" or "medium" or "low") ? "'severity' is critical, high, medium or low"
        : WaivedUntil is not null && string.IsNullOrWhiteSpace(WaivedBecause) ? "a waiver needs 'waivedBecause'"
        : null;

    public override IEnumerable<string> Effects() =>
        [
            WaivedUntil is { } until ? $"no release goes out from {until:yyyy-MM-dd} on until {Finding} is fulfilled"
            : From is { } from ? $"no release goes out from {from:yyyy-MM-dd} on until {Finding} is fulfilled"
            : $"no release goes out until {Finding} is fulfilled",
        ];

    private DateOnly? From => Severity is "critical" or "high" ? null : Deadline;

    public override void Compile(HandoffCompile compile)
    {
        var today = DateOnly.FromDateTime(compile.Now.UtcDateTime);
        if (WaivedUntil > today || From > today)
        {
            return;
        }
        compile.Block(
            $"{Finding} ({Severity}) is open",
            "Mend it and fulfil the hand-off, or have a person waive it for a while."
        );
    }
}
