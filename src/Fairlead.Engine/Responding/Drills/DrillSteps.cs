using System.Globalization;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Responding.Drills;

/// <summary>A step of a drill: tried again and again until it is done or its time is over, also by the server after this one.</summary>
/// <param name="Name">What is done or waited for.</param>
/// <param name="Limit">How long it may take.</param>
/// <param name="TryAsync">The drill as it is afterwards, and what was seen; null while it is not done.</param>
internal sealed record DrillStep(
    string Name,
    TimeSpan Limit,
    Func<DrillScene, DateTimeOffset, CancellationToken, Task<(Drill Drill, string Seen)?>> TryAsync
)
{
    /// <summary>What is done once it is written down that the step is done: the server may not outlive it.</summary>
    public Action<DrillScene> Then { get; init; } = static _ => { };
}

/// <summary>The steps of each kind of drill.</summary>
internal static class DrillSteps
{
    private const int VisitsMin = 30;
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(4);

    public static IReadOnlyList<DrillStep> Of(DrillKind kind) =>
        [
            new("build the scratch app", Later, BuildAsync),
            new("visitors are served", Later, ServedAsync),
            .. kind.Role is { } role ? Killed(role)
            : kind.IsOfNeeds ? Needed(kind)
            : Changed(kind),
            .. Clearing,
        ];

    /// <summary>How many steps at the end take the scratch app away.</summary>
    public static int ClearingCount => Clearing.Count;

    private static IReadOnlyList<DrillStep> Clearing { get; } =
    [
        new(
            "take the scratch app away",
            Soon,
            static async (scene, _, stop) =>
            {
                await scene.ClearAsync(stop);
                return (scene.Drill, "asked for a release of nothing");
            }
        ),
        new(
            "nothing of it runs",
            Later,
            static async (scene, _, stop) => await scene.IsClearAsync(stop) ? (scene.Drill, "it is gone") : null
        ),
    ];

    private static DrillStep[] Changed(DrillKind kind) =>
        [
            new(
                "make the fault",
                Later,
                async (scene, now, stop) =>
                {
                    var before = await scene.Ground.TallyAsync(stop);
                    await scene.DeployAsync([kind.Change!], stop);
                    return (scene.Drill with { FaultAt = now, Before = before }, $"{kind.Summary}: {kind.Change}");
                }
            ),
            .. Noticed(kind),
            new("it is mended", Later, MendedAsync),
            Over(kind),
        ];

    private static DrillStep[] Needed(DrillKind kind) =>
        [
            new(
                "make the fault",
                Soon,
                async (scene, now, stop) =>
                {
                    if (await scene.Ground.TallyAsync(stop) is not { } before)
                    {
                        return null;
                    }
                    await scene.Ground.FaultAsync(kind.Name, isOn: true, stop);
                    return (scene.Drill with { FaultAt = now, Before = before }, kind.Summary);
                }
            ),
            .. Noticed(kind),
            new(
                "end the fault",
                Soon,
                async (scene, _, stop) =>
                {
                    await scene.Ground.FaultAsync(kind.Name, isOn: false, stop);
                    return (scene.Drill, "as whoever was told would");
                }
            ),
            Over(kind),
        ];

    private static DrillStep[] Noticed(DrillKind kind) =>
        [
            new(
                "it is noticed",
                Later,
                (scene, _, _) =>
                    Task.FromResult<(Drill, string)?>(
                        scene.Firing(kind.Alert!) is { } alert ? (scene.Drill, $"{alert.Name}: {alert.Summary}") : null
                    )
            ),
            new(
                "somebody is told",
                Soon,
                static async (scene, _, stop) =>
                    await scene.ToldAsync(stop) is [var first, ..]
                        ? (scene.Drill, $"{first.Receiver} by {first.Kind}: {first.Notification.Title}")
                        : null
            ),
        ];

    private static DrillStep Over(DrillKind kind) =>
        new(
            "it is over",
            Later,
            async (scene, _, stop) =>
                scene.Firing(kind.Alert!) is null && await scene.IncidentAsync(stop) is { IsOpen: false } incident
                    ? (scene.Drill with { After = await scene.Ground.TallyAsync(stop) }, $"{incident} is resolved")
                    : null
        );

    private static DrillStep[] Killed(string role) =>
        [
            new(
                $"kill the {role}",
                Soon,
                async (scene, now, stop) =>
                    await scene.Ground.TallyAsync(stop) is { } before && scene.Ground.ProcessOf(role) is { } process
                        ? (scene.Drill with { FaultAt = now, Before = before, Killed = process }, process)
                        : null
            )
            {
                Then = scene => scene.Ground.Kill(role),
            },
            new(
                "another takes its place",
                Soon,
                (scene, _, _) =>
                    Task.FromResult<(Drill, string)?>(
                        scene.Ground.ProcessOf(role) is { } process && process != scene.Drill.Killed
                            ? (scene.Drill, process)
                            : null
                    )
            ),
            new(
                "ask it for a release",
                Soon,
                static async (scene, now, stop) =>
                {
                    await scene.DeployAsync(
                        [$"web.env.DRILL={now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}"],
                        stop
                    );
                    return (scene.Drill, "a release that differs by a variable");
                }
            ),
            new(
                "the release goes live",
                Later,
                static async (scene, _, stop) =>
                    await scene.CalmAsync(stop) is { } live && live > scene.Drill.GoodRelease
                        ? (scene.Drill, $"release {live}")
                        : null
            ),
            new("no visitor noticed", Soon, UnnoticedAsync),
        ];

    private static async Task<(Drill, string)?> BuildAsync(DrillScene scene, DateTimeOffset now, CancellationToken stop)
    {
        await scene.DeployAsync([], stop);
        return (scene.Drill, $"{DrillScene.Site}");
    }

    private static async Task<(Drill, string)?> ServedAsync(
        DrillScene scene,
        DateTimeOffset now,
        CancellationToken stop
    ) =>
        await scene.FailureAsync(stop) is { } problem ? throw new ProblemException(problem)
        : await scene.IsQuietAsync(stop)
        && await scene.CalmAsync(stop) is { } live
        && await scene.Ground.TallyAsync(stop) is { Sent: >= VisitsMin } tally
        && tally.Failed < tally.Sent / 2
            ? (
                scene.Drill with
                {
                    GoodRelease = live,
                },
                string.Create(CultureInfo.InvariantCulture, $"release {live}, {tally.Sent} requests")
            )
        : null;

    private static async Task<(Drill, string)?> MendedAsync(
        DrillScene scene,
        DateTimeOffset now,
        CancellationToken stop
    ) =>
        await scene.CalmAsync(stop) is { } live && live == scene.Drill.GoodRelease
            ? (scene.Drill, $"release {live} is live again")
            : null;

    private static async Task<(Drill, string)?> UnnoticedAsync(
        DrillScene scene,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        if (await scene.Ground.TallyAsync(stop) is not { } after)
        {
            return null;
        }
        var (sent, failed) = (after.Sent - scene.Drill.Before!.Sent, after.Failed - scene.Drill.Before.Failed);
        return failed == 0
            ? (
                scene.Drill with
                {
                    After = after,
                },
                string.Create(CultureInfo.InvariantCulture, $"0 of {sent} requests failed")
            )
            : throw new ProblemException(
                new Problem(
                    "drill.requests-failed",
                    What: $"{failed} of {sent} requests failed.",
                    Why: "Visitors noticed what nobody should.",
                    Fix: "Look at the edge's output: fairlead logs --role edge"
                )
            );
    }
}
