using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>What a change would be now.</summary>
/// <param name="Basis">The same as long as it would do the same.</param>
internal sealed record PlanDraft(Site Site, PlanOrder Order, string Basis, string Summary, PlanContent Content)
{
    /// <summary>Rules of what comes and of what is live.</summary>
    public IReadOnlyList<Protection> Protections { get; init; } = [];

    /// <summary>Nobody has to say yes: it returns to the last good release.</summary>
    public bool IsFree { get; init; }
}

/// <summary>Drafts a plan of each kind, by the operations that will do it.</summary>
internal static class PlanDrafts
{
    /// <exception cref="ProblemException">It cannot be planned, or nothing would change.</exception>
    public static Task<PlanDraft> MakeAsync(PlanChange.Input input, EngineContext engine, CancellationToken stop) =>
        input.Kind switch
        {
            PlanKind.Deploy => DeployAsync(input, engine, stop),
            PlanKind.Configuration or PlanKind.Scale => SettingAsync(input, engine, stop),
            PlanKind.Rollback => RollbackAsync(input, engine, stop),
            PlanKind.Infrastructure => InfrastructureAsync(input, engine, stop),
            PlanKind.Restore => RestoreDraft.OfAsync(input, engine, stop),
            _ => DeleteAsync(input, engine, stop),
        };

    /// <summary>The same again, to see whether a plan still holds.</summary>
    public static Task<PlanDraft> AgainAsync(AgentPlan plan, EngineContext engine, CancellationToken stop) =>
        // Its own desk does exactly that plan or nothing, and to plan it again would take a tool many minutes.
        plan.Kind is PlanKind.Infrastructure
            ? Task.FromResult(new PlanDraft(plan.Site, plan.Order, plan.Basis, plan.Summary, plan.Content))
            : MakeAsync(
                new PlanChange.Input
                {
                    Kind = plan.Kind,
                    Folder = plan.Order.Folder,
                    App = plan.Kind is PlanKind.Deploy or PlanKind.Infrastructure ? null : plan.Site.App,
                    Environment = plan.Site.Environment,
                    Set = plan.Order.Set,
                    Release = plan.Order.Release,
                    With = plan.Order.Tool,
                    Branch = plan.Order.Branch,
                    Source = plan.Order.Source,
                    Database = plan.Order.Database,
                    Backup = plan.Order.Backup,
                    To = plan.Order.To,
                    Switch = plan.Order.Switch,
                },
                engine,
                stop
            );

    private static async Task<PlanDraft> DeployAsync(
        PlanChange.Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var folder =
            input.Folder
            ?? await LiveFolderAsync(input.App, input.Environment, engine, stop)
            ?? throw Wrong("It needs the folder with the fairlead.yaml.", "Name it as 'folder'.");
        var asked = new Plan.Input
        {
            Folder = folder,
            Environment = input.Environment,
            Set = input.Set,
        };
        var (plan, candidate) = await Plan.MakeAsync(asked, engine, stop);
        if (input.App is { } app && app != plan.App)
        {
            throw Wrong($"The folder holds {plan.App}, not {PlainText.Of(app, 40)}.", "Name the app's own folder.");
        }
        Check(plan, candidate);
        var touched = candidate
            .Services.Where(one =>
                plan.Services.Any(each => each.Service == one.Service.Name && each.Change != "unchanged")
            )
            .ToList();
        var removed = plan.Services.Where(static one => one.Change == "removed").Select(static one => one.Service);
        List<string> names = [.. touched.Select(static one => one.Service.Name), .. removed];
        var record = await RecordAsync(candidate.Site, engine, stop);
        return new(
            candidate.Site,
            new() { Folder = folder, Set = input.Set },
            plan.Digest,
            $"{plan.App}@{plan.Release} for {plan.Environment}: {(names.Count == 0 ? "the app's own settings" : string.Join(", ", names))}",
            ContentOf(plan, touched, names)
        )
        {
            Protections = [.. new[] { candidate.Protection, record?.Protection }.OfType<Protection>()],
        };
    }

    private static void Check(Plan.Output plan, Candidate candidate)
    {
        if (candidate.Blocks.Count > 0)
        {
            throw new ProblemException(candidate.Blocks);
        }
        if (HandoffGate.RiskProblem(candidate.RiskMax, plan.Risk) is { } risky)
        {
            throw new ProblemException(risky);
        }
        if (plan.IsEmpty)
        {
            throw new ProblemException(AgentProblems.Empty(candidate.Site));
        }
    }

    private static PlanContent ContentOf(
        Plan.Output plan,
        List<CandidateService> touched,
        IReadOnlyList<string> names
    ) =>
        new()
        {
            Diff =
            [
                .. plan
                    .Services.Where(static one => one.Change != "unchanged")
                    .Select(static one => $"{one.Service}: {one.Change}, {string.Join("; ", one.Why)}"),
            ],
            Steps = plan.Steps,
            Risk = Enum.Parse<PlanRisk>(plan.Risk, ignoreCase: true),
            RiskReasons = [plan.RiskBecause, .. plan.Notes],
            Blast = new(
                names,
                touched.Sum(static one => one.Service.Replicas),
                touched.Exists(static one => one.Service.TakesTraffic)
            ),
            IsReversible = plan.IsReversible,
            Undo = plan.IsReversible
                ? $"A rollback makes release {plan.Replaces} live again; aborting keeps it live. Data that the release changes stays changed."
                : "Nothing is live before it: it can be aborted, and there is nothing to return to.",
            Cost = CostOf(touched),
            Warnings = plan.Warnings,
        };

    private static async Task<PlanDraft> SettingAsync(
        PlanChange.Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (input.Set.Count == 0)
        {
            throw Wrong("It says nothing to set.", "Give 'set', such as api.env.LOG_LEVEL=debug or api.replicas=3.");
        }
        if (
            input.Kind is PlanKind.Scale
            && !input.Set.All(static one => one.Contains(".replicas=", StringComparison.Ordinal))
        )
        {
            throw Wrong("A plan to scale sets replicas alone.", "Give 'set' such as api.replicas=3.");
        }
        return await DeployAsync(input, engine, stop);
    }

    private static async Task<PlanDraft> RollbackAsync(
        PlanChange.Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        engine.Demand(Permission.Deploy, record.Site);
        var good = Operations.Rollback.LastGood(record);
        if ((input.Release ?? good) is not { } to || record.Live is not { } now || to == now)
        {
            throw new ProblemException(AgentProblems.Empty(record.Site));
        }
        var live = await Sites.ReleaseAsync(engine.Server, record.Site, now, stop);
        var target = await Sites.ReleaseAsync(engine.Server, record.Site, to, stop);
        var changed = target.Services.Where(one => live.Find(one.Service.Name)?.Part != one.Part).ToList();
        var wasLive = record.History.Contains(to);
        return new(
            record.Site,
            new() { Release = to },
            Hash($"rollback {record.Site} {now} {to}"),
            $"{record.Site.App} returns from release {now} to {to}",
            new()
            {
                Diff =
                [
                    .. Changes
                        .Of(live, target)
                        .Where(static one => one.Change != "unchanged")
                        .Select(static one => $"{one.Service}: {one.Change}, {string.Join("; ", one.Why)}"),
                ],
                Steps = [.. Planner.Rollback(live, target).Select(static step => step.ToString())],
                Risk = wasLive ? PlanRisk.Low : PlanRisk.High,
                RiskReasons =
                [
                    wasLive
                        ? $"release {to} was live before"
                        : $"release {to} was never live, and no gate watches a rollback",
                ],
                Blast = new(
                    [.. changed.Select(static one => one.Service.Name)],
                    changed.Sum(static one => one.Service.Replicas),
                    changed.Exists(static one => one.Service.TakesTraffic)
                ),
                IsReversible = true,
                Undo = $"Deploy again, or make release {now} live again by a plan.",
                Cost = "Nothing more than what ran before.",
            }
        )
        {
            Protections = [.. new[] { record.Protection, target.Protection }.OfType<Protection>()],
            IsFree = to == good,
        };
    }

    private static async Task<PlanDraft> InfrastructureAsync(
        PlanChange.Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var folder =
            input.Folder
            ?? await LiveFolderAsync(input.App, input.Environment, engine, stop)
            ?? throw Wrong("It needs the folder with the fairlead.yaml.", "Name it as 'folder'.");
        var asked = new PlanInfrastructure.Input
        {
            Folder = folder,
            Environment = input.Environment,
            With = input.With ?? InfrastructureViews.ToolUsual,
        };
        var made = await PlanInfrastructure.RunAsync(asked, engine, engine.Server.Infrastructure, stop);
        var site = new Site(made.App, made.Environment);
        if (made.Changes.Count == 0)
        {
            throw new ProblemException(AgentProblems.Empty(site));
        }
        return new(
            site,
            new() { Folder = folder, Tool = asked.With },
            made.Plan,
            $"infrastructure of {site} with {made.Tool}: {made.Summary}",
            new()
            {
                Diff = [.. made.Changes.Select(static one => $"{one.Do} {one.What}")],
                Steps = [$"{made.Tool} does exactly the plan {made.Plan}"],
                Risk = made.Danger.ToString() is "Low" ? PlanRisk.Medium : PlanRisk.High,
                RiskReasons =
                [
                    .. made.Problems.Select(static one => one.What),
                    .. made.Findings.Select(static one => one.What),
                    "what a cloud has is not taken back by a rollback",
                ],
                Blast = new([.. made.Changes.Select(static one => one.What)], made.Changes.Count, HasTraffic: true),
                IsReversible = false,
                Undo = "By another plan; what held data is never removed by an agent's.",
                Cost = made.Cost is { } cost ? CostText(cost) : "Not known.",
                Warnings = made.Notes,
            }
        );
    }

    private static async Task<PlanDraft> DeleteAsync(
        PlanChange.Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (input.Branch is not { } branch || input.Source is not { } source)
        {
            throw Wrong(
                "Only previews can be deleted by a plan: apps, releases, data and backups cannot.",
                "Give 'source' and 'branch' of a preview; what else is to go, a person removes."
            );
        }
        var found = await SourceDesk.FindAsync(engine, source, stop);
        var preview = await SourceDesk.PreviewAsync(engine, found, branch, stop);
        engine.Demand(Permission.Deploy, preview.Site);
        return new(
            preview.Site,
            new() { Source = source, Branch = branch },
            Hash($"delete {preview.Site} {preview.Branch}"),
            $"the preview of {PlainText.Of(branch, 100)} ends",
            new()
            {
                Diff = [$"{preview.Site}: removed"],
                Steps = [$"retire {preview.Site}"],
                Risk = PlanRisk.Low,
                RiskReasons = ["a preview; its next commit makes it again"],
                Blast = new([preview.Site.ToString()], 1, HasTraffic: true),
                IsReversible = true,
                Undo = "The next commit of its branch makes it again.",
                Cost = "Less than before.",
            }
        );
    }

    private static async Task<SiteRecord?> RecordAsync(Site site, EngineContext engine, CancellationToken stop) =>
        await engine.Server.Store.ReadAsync(Records.Sites, site.ToString(), stop) is { } document
            ? Records.Read<SiteRecord>(document)
            : null;

    private static async Task<string?> LiveFolderAsync(
        string? app,
        string? environment,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (app is null)
        {
            return null;
        }
        var record = await Sites.FindAsync(engine.Server, app, environment, stop);
        return record.Live is { } live
            ? (await Sites.ReleaseAsync(engine.Server, record.Site, live, stop)).Source
            : null;
    }

    private static string CostOf(IReadOnlyList<CandidateService> touched)
    {
        var memory = touched.Sum(static one => (one.Service.Limits.Memory ?? 0) * one.Service.Replicas) >> 20;
        var replicas = touched.Sum(static one => one.Service.Replicas);
        return memory == 0
            ? FormattableString.Invariant($"{replicas} replicas on machines that there are; no bill follows from it.")
            : FormattableString.Invariant(
                $"{replicas} replicas, at most {memory} MiB of memory; no bill follows from it."
            );
    }

    private static string CostText(CostView cost) =>
        $"{cost.Before} before, {cost.After} after ({cost.Difference}); {cost.Unknown} prices are not known.";

    internal static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    private static ProblemException Wrong(string why, string fix) => new(AgentProblems.WrongOrder(why, fix));
}
