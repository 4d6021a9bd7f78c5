using System.Globalization;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;
using Fairlead.Model.Releases;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What pictures need of a deployment, read from its steps and its journal: nothing is remembered here. Pure.</summary>
public static class DeploymentStory
{
    private const int CellsMax = 60;

    /// <summary>The share that the newest part which is being tried has now; null when no step gave it one.</summary>
    public static int? ShareOf(DeploymentView deployment)
    {
        var shares = deployment
            .Steps.TakeWhile(static step => step.State is "done" or "current")
            .Select(static step => ShiftOf(step.Text))
            .OfType<(string Part, int Share)>()
            .ToList();
        return shares is [.., var last] ? last.Share : null;
    }

    /// <summary><c>shift 5% to api@42</c> and <c>switch to api@42, web@42</c>; null for any other step.</summary>
    public static (string Part, int Share)? ShiftOf(string step) =>
        step.Split(' ') switch
        {
            ["shift", var share, "to", var part]
                when int.TryParse(share.TrimEnd('%'), CultureInfo.InvariantCulture, out var percent) => (
                part,
                Math.Clamp(percent, 0, 100)
            ),
            ["switch", "to", var first, ..] => (first.TrimEnd(','), 100),
            _ => null,
        };

    /// <summary>The part that is tried most carefully: the one with most shifts.</summary>
    public static string? TriedPart(IEnumerable<string> steps) =>
        steps
            .Select(ShiftOf)
            .OfType<(string Part, int Share)>()
            .GroupBy(static one => one.Part)
            .MaxBy(static one => one.Count())
            ?.Key;

    /// <summary>The steps in the few phases in which people think.</summary>
    public static IReadOnlyList<Phase> Phases(
        DeploymentView deployment,
        IReadOnlyList<Follow.Entry> story,
        DateTimeOffset now
    )
    {
        var began = story.FirstOrDefault(static one => one.Kind is "began")?.At;
        var planned = story.FirstOrDefault(static one => one.Kind is "planned" or "step")?.At;
        var phases = new List<Phase> { Build(deployment, (began ?? deployment.RequestedAt, planned), now) };
        if (deployment.Steps.Count == 0)
        {
            return phases;
        }
        var times = TimesOf(deployment, story);
        var groups = Grouped(deployment.Steps);
        foreach (var (name, steps) in groups)
        {
            var state = StateOf([.. steps.Select(static one => one.Step.State)]);
            var from = steps.Select(one => times[one.Index]).FirstOrDefault(static one => one is not null);
            var next = steps[^1].Index + 1;
            var end = next < times.Count ? times[next] : deployment.EndedAt;
            var time =
                from is { } start && state is not "waiting"
                    ? (end ?? (deployment.EndedAt ?? now)) - start
                    : (TimeSpan?)null;
            phases.Add(new(name, state, time, string.Join("; ", steps.Select(static one => one.Step.Text))));
        }
        return phases;
    }

    private static Phase Build(
        DeploymentView deployment,
        (DateTimeOffset From, DateTimeOffset? Until) times,
        DateTimeOffset now
    ) =>
        deployment.Phase switch
        {
            DeploymentPhase.Queued => new("Build", "waiting", null, "It waits for the one before it."),
            DeploymentPhase.Building => new("Build", "current", now - times.From, "It is built."),
            DeploymentPhase.AwaitingApproval => new(
                "Approval",
                "current",
                now - times.From,
                "It is built and waits for people to say yes."
            ),
            DeploymentPhase.Failed when deployment.Steps.Count == 0 => new(
                "Build",
                "failed",
                (deployment.EndedAt ?? now) - times.From,
                "It was not built."
            ),
            _ => new("Build", "done", (times.Until ?? now) - times.From, "It was built and planned."),
        };

    // A shift begins a phase, and what is watched at this share belongs to it.
    private static List<(string Name, List<(StepView Step, int Index)> Steps)> Grouped(IReadOnlyList<StepView> steps)
    {
        var groups = new List<(string Name, List<(StepView Step, int Index)> Steps)>();
        foreach (var (step, index) in steps.Select(static (step, index) => (step, index)))
        {
            var name = NameOf(step.Text);
            var belongs = groups.Count > 0 && (name is null || groups[^1].Name == name);
            if (!belongs)
            {
                groups.Add((name ?? "Watch", []));
            }
            groups[^1].Steps.Add((step, index));
        }
        return groups;
    }

    private static string? NameOf(string step) =>
        ShiftOf(step) is { } shift
            ? $"{shift.Share}%"
            : step.Split(' ')[0] switch
            {
                "place" or "replace" => "Start",
                "preview" => "Preview",
                "promote" => "Promote",
                "retire" => "Retire",
                _ => null,
            };

    private static string StateOf(IReadOnlyList<string> states) =>
        states.Contains("failed") ? "failed"
        : states.Contains("current") ? "current"
        : states.All(static one => one == "done") ? "done"
        : states.Contains("done") ? "current"
        : states.All(static one => one == "skipped") ? "skipped"
        : "waiting";

    // Each step's text stands in the journal when it begins; the same text twice is told apart by its order.
    private static List<DateTimeOffset?> TimesOf(DeploymentView deployment, IReadOnlyList<Follow.Entry> story)
    {
        var entries = new Queue<Follow.Entry>(story.Where(static one => one.Kind == "step"));
        var first = story.FirstOrDefault(static one => one.Kind == "planned")?.At;
        var times = new List<DateTimeOffset?>();
        foreach (var step in deployment.Steps)
        {
            if (entries.TryPeek(out var next) && next.Text == step.Text)
            {
                times.Add(entries.Dequeue().At);
            }
            else
            {
                times.Add(times.Count == 0 ? first : null);
            }
        }
        return times;
    }

    /// <summary>How traffic went over, and how it is to go on; null when no step moves traffic.</summary>
    public static Picture? Shares(DeploymentView deployment, IReadOnlyList<Follow.Entry> story, DateTimeOffset now)
    {
        if (TriedPart(deployment.Steps.Select(static one => one.Text)) is not { } tried)
        {
            return null;
        }
        var end = deployment.EndedAt ?? now;
        var points = new List<Drawing.Point>();
        foreach (var entry in story)
        {
            if (
                entry.Kind == "step"
                && ShiftOf(entry.Text) is { } shift
                && (shift.Part == tried || entry.Text.Contains(tried, StringComparison.Ordinal))
            )
            {
                points.Add(new(entry.At, shift.Share));
            }
            else if (entry.Kind == "taking-back" && points.Count > 0)
            {
                points.Add(new(entry.At, 0));
            }
        }
        var from = story.Count > 0 ? story[0].At : deployment.RequestedAt;
        var planned = deployment.IsOver ? [] : Planned(deployment, tried, end);
        var until = planned.Count > 0 ? planned[^1].At + (planned[^1].At - end) * 0.06 : end;
        points.Insert(0, new(from, 0));
        var before = deployment.Replaces is { } number ? $"release {number}" : "nothing";
        var areas = new List<Drawing.Area>
        {
            new(tried, "canary", points),
            new(before, deployment.Replaces is null ? "none" : "stable", [new(from, 100)]),
        };
        var share = points[^1].Value;
        return new(
            "Traffic",
            SentenceOf(tried, before, share, points.Count - 1),
            new(
                ["Time (UTC)", tried, before],
                [
                    .. points
                        .TakeLast(CellsMax)
                        .Select(one =>
                            (IReadOnlyList<string>)[Texts.Time(one.At, now), $"{one.Value:0}%", $"{100 - one.Value:0}%"]
                        ),
                ]
            ),
            new Drawing.Shares(
                areas,
                from,
                deployment.IsOver ? null : now,
                until > from ? until : from.AddSeconds(1),
                planned
            )
        );
    }

    private static string SentenceOf(string tried, string before, double share, int shifts) =>
        share switch
        {
            0 when shifts == 0 => $"{before} has all traffic; {tried} has none yet.",
            0 => $"All traffic went back to {before}.",
            100 => $"{tried} has all traffic, after {Texts.Count(shifts, "shift")}.",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{tried} has {share:0}% of traffic, {before} the rest, after {Texts.Count(shifts, "shift")}."
            ),
        };

    // Where a hold is not over, what comes after it is not sooner than its end.
    private static List<Drawing.Point> Planned(DeploymentView deployment, string tried, DateTimeOffset now)
    {
        var planned = new List<Drawing.Point>();
        var at = now;
        var share = (double)(ShareOf(deployment) ?? 0);
        planned.Add(new(now, share));
        foreach (var step in deployment.Steps.Where(static one => one.State is "current" or "waiting"))
        {
            if (ShiftOf(step.Text) is { } shift && step.State == "waiting" && shift.Part == tried)
            {
                planned.Add(new(at, shift.Share));
            }
            else if (HoldOf(step.Text) is { } hold)
            {
                at += hold;
            }
        }
        planned.Add(new(at > now ? at : now.AddMinutes(1), planned[^1].Value));
        return planned.Count > 2 ? planned : [];
    }

    private static TimeSpan? HoldOf(string step) =>
        step.StartsWith("watch ", StringComparison.Ordinal)
        && step.LastIndexOf(" for ", StringComparison.Ordinal) is > 0 and var at
            ? Units.TryParseDuration(step[(at + 5)..])
            : null;

    /// <summary>What the gates that compare have found so far; null where none does.</summary>
    public static Picture? Odds(DeploymentView deployment)
    {
        var measures = deployment
            .Verdicts.SelectMany(static one => one.Measures ?? [])
            .Where(static one => one.Canary is not null && one.Baseline is not null)
            .DistinctBy(static one => one.Name)
            .ToList();
        if (measures.Count == 0)
        {
            return null;
        }
        var worst = measures.MaxBy(static one => one.Against)!;
        var clear = measures.Count(static one => one.For > one.Against && one.For >= 3);
        return new(
            "What the evidence says",
            worst.Against >= 3
                ? $"For {worst.Name} the odds are {Figures.Brief(worst.Against)} to 1 that it does harm."
                : $"{clear} of {Texts.Count(measures.Count, "measure")} speak for there being no harm that matters; none speaks for harm.",
            new(
                ["Measure", "New", "Before", "Odds for harm", "Odds for none"],
                [
                    .. measures.Select(static one =>
                        (IReadOnlyList<string>)
                            [
                                one.Name,
                                ValueOf(one, one.Canary),
                                ValueOf(one, one.Baseline),
                                $"{Figures.Brief(one.Against)} to 1",
                                $"{Figures.Brief(one.For)} to 1",
                            ]
                    ),
                ]
            ),
            new Drawing.Odds([
                .. measures.Select(static one => new Drawing.Evidence(
                    $"{one.Name}: {ValueOf(one, one.Canary)} against {ValueOf(one, one.Baseline)}",
                    one.Against,
                    one.For
                )),
            ])
        );
    }

    private static string ValueOf(Measure measure, double? value) =>
        measure.Name.StartsWith('p') ? Figures.Milliseconds(value) : Figures.Percent(value);
}

/// <param name="State">done, current, waiting, skipped or failed.</param>
/// <param name="Time">How long it took so far; null before it began.</param>
/// <param name="Steps">Its steps in full.</param>
public sealed record Phase(string Name, string State, TimeSpan? Time, string Steps);
