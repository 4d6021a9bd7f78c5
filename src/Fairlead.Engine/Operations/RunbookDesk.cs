using Fairlead.Engine.Deploying;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Runbooks of an incident's app, as its live release says them.</summary>
internal static class RunbookDesk
{
    /// <summary>Those that help with an incident; none where it is about no app, or nothing is live.</summary>
    public static async Task<IReadOnlyList<Runbook>> FittingAsync(
        ServerSide server,
        Incident incident,
        CancellationToken stop
    ) =>
        [
            .. (await AllAsync(server, incident.Site, stop)).Where(one =>
                one.Fits(incident.AlertNames, incident.Services)
            ),
        ];

    /// <summary>One by its name, also one that was written for something else: people know better.</summary>
    /// <exception cref="ProblemException">There is none of that name.</exception>
    public static async Task<Runbook> FindAsync(
        ServerSide server,
        Incident incident,
        string name,
        CancellationToken stop
    )
    {
        var all = await AllAsync(server, incident.Site, stop);
        return all.FirstOrDefault(one => one.Name == name)
            ?? throw new ProblemException(
                new Problem(
                    "incident.no-runbook",
                    What: $"{incident.Site?.ToString() ?? "The platform"} has no runbook '{name}'.",
                    Why: all.Count == 0
                        ? "The manifest of what is live has no 'runbooks'."
                        : $"There are {string.Join(", ", all.Select(static one => one.Name))}.",
                    Fix: Nearest.To(name, all.Select(static one => one.Name)) is { } near
                        ? $"Did you mean it so? fairlead incident runbook {incident.Number} {near}"
                        : "Write it in fairlead.yaml under 'runbooks', and deploy."
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }

    private static async Task<IReadOnlyList<Runbook>> AllAsync(ServerSide server, Site? site, CancellationToken stop)
    {
        if (
            site is null
            || await server.Store.ReadAsync(Records.Sites, $"{site}", stop) is not { } document
            || Records.Read<SiteRecord>(document).Live is not { } live
            || await server.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, live), stop) is not { } release
        )
        {
            return [];
        }
        return Records.Read<Release>(release).Watch?.Runbooks ?? [];
    }
}

/// <summary>A runbook as callers see it.</summary>
/// <param name="State">fits, running or done.</param>
public sealed record RunbookView(string Runbook, string State, IReadOnlyList<RunbookView.Step> Steps)
{
    /// <param name="Run">The operation; null where a person does it.</param>
    /// <param name="State">to-do, running, done, failed or skipped.</param>
    public sealed record Step(
        int Number,
        string Text,
        string? Run,
        string State,
        string? By,
        DateTimeOffset? At,
        string? Outcome
    );

    internal static RunbookView Of(Runbook one) =>
        new(
            one.Name,
            "fits",
            [.. one.Steps.Select(static (step, at) => new Step(at + 1, step.Text, step.Run, "to-do", null, null, null))]
        );

    internal static RunbookView Of(RunbookRun run) =>
        new(
            run.Name,
            run.IsOver ? "done" : "running",
            [
                .. run.Steps.Select(
                    static (one, at) =>
                        new Step(at + 1, one.Step.Text, one.Step.Run, Word(one.State), one.By, one.At, one.Outcome)
                ),
            ]
        );

    private static string Word(RunbookStepState state) =>
        state is RunbookStepState.ToDo ? "to-do" : state.ToString().ToLowerInvariant();
}
