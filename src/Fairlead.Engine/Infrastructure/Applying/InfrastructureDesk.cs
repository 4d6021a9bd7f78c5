using System.Collections.Concurrent;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Applying;

/// <summary>What the desk needs of the world.</summary>
/// <param name="Tools">Each by its name.</param>
/// <param name="Home">Where those that keep what they know on this machine keep it.</param>
/// <param name="Env">Variables of the server that are for clouds: addresses and keys.</param>
/// <param name="Secrets">The same of a site's secrets, which go before those of the server.</param>
public sealed record InfrastructurePorts(
    IStore Store,
    Func<Fence> Fence,
    World World,
    IReadOnlyList<IProvisioner> Tools,
    StateHome Home,
    Func<IReadOnlyDictionary<string, string>> Env,
    Func<Site, CancellationToken, Task<IReadOnlyDictionary<string, string>>> Secrets
);

/// <summary>
/// Plans and makes the infrastructure of sites. What is begun goes on when whoever asked for it goes away; what was cut off by the end
/// of the server is taken up by the next plan, since the tool knows what it made.
/// </summary>
public sealed class InfrastructureDesk(InfrastructurePorts ports)
{
    public const string EntryKind = "infrastructure";
    private const int LinesMax = 200;
    private static readonly TimeSpan PlanLife = TimeSpan.FromHours(24);

    // Runs of this server. A record under way that is not here was cut off.
    private readonly ConcurrentDictionary<Site, Task<RunRecord>> running = new();

    public IReadOnlyList<string> Tools => [.. ports.Tools.Select(static one => one.Name).Order(StringComparer.Ordinal)];

    /// <summary>Whether policies and prices read what a tool plans.</summary>
    /// <exception cref="ProblemException">There is no such tool.</exception>
    public bool IsJudged(string tool) => Tool(tool).SpeaksTerraform;

    /// <summary>Says what would be done, and remembers it as the plan of the site.</summary>
    /// <param name="review">Says what was found in it; null for nothing that anybody could judge.</param>
    public async Task<(PlanRecord Record, ProvisionPlan Plan)> PlanAsync(
        (Site Site, CloudPlace Place, CodeFiles Code) what,
        (string Tool, ProvisionAim Aim) how,
        string by,
        Func<ProvisionPlan, PlanReview?> review,
        CancellationToken stop
    )
    {
        ThrowIfRunning(what.Site);
        var tool = await ToolHereAsync(what.Site, how.Tool, stop);
        var files = what.Code.Files.ToDictionary(
            static one => one.Path,
            static one => one.Text,
            StringComparer.Ordinal
        );
        var work = await WorkAsync(what.Site, what.Place, files, stop);
        var plan = await tool.PlanAsync(work, how.Aim, stop);
        var record = new PlanRecord(what.Site, plan.Id, how.Tool, what.Place, files, ports.World.Now, by)
        {
            Summary = PlanRisk.Summary(plan.Changes),
            IsDestroy = how.Aim is ProvisionAim.Destroy,
            LosesData = plan.Changes.Any(static one => PlanRisk.Of(one) is PlanDanger.LosesData),
            Review = review(plan),
        };
        await KeepAsync(
            what.Site,
            text: null,
            [
                how.Aim is ProvisionAim.Drift
                    ? new(DriftRecord.Collection, $"{what.Site}", Records.Body(DriftOf(record, plan)))
                    : new(PlanRecord.Collection, $"{what.Site}", Records.Body(record)),
            ],
            stop
        );
        return (record, plan);
    }

    /// <summary>Does what the plan of a site says, and waits for it; it goes on when the waiting ends.</summary>
    /// <exception cref="ProblemException">It is not the plan of the site, may not be done, or something is under way already.</exception>
    public async Task<RunRecord> ApplyAsync(
        (Site Site, string Plan) which,
        Func<PlanRecord, Problem?> may,
        string by,
        CancellationToken stop
    )
    {
        var site = which.Site;
        ThrowIfRunning(site);
        var record = await FindPlanAsync(site, stop);
        if (record is null || !IsCalled(record.Plan, which.Plan) || ports.World.Now - record.At > PlanLife)
        {
            throw new ProblemException(ApplyingProblems.NoPlan(site, which.Plan));
        }
        if (may(record) is { } refused)
        {
            throw new ProblemException(refused);
        }
        await ToolHereAsync(site, record.Tool, stop);
        var begun = new RunRecord(site, record.Plan, record.Tool, record.Summary, ports.World.Now, by)
        {
            Cost = record.IsDestroy ? null : record.Review?.Cost,
            // What is to be taken away costs what it did until it is.
            Costs = record.IsDestroy ? (await FindRunAsync(site, stop))?.Costs ?? [] : record.Review?.Parts ?? [],
            Budget = record.Review?.Budget,
        };
        var task = new TaskCompletionSource<RunRecord>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!running.TryAdd(site, task.Task))
        {
            throw new ProblemException(ApplyingProblems.UnderWay(site));
        }
        // Nobody's token ends it: what was begun at a cloud is better ended than left half done.
        _ = RunAsync(record, begun, task, CancellationToken.None);
        var ended = await task.Task.WaitAsync(stop);
        return ended.Problem is { } problem ? throw new ProblemException(problem) : ended;
    }

    /// <summary>What is there, by what the tool knows.</summary>
    public async Task<IReadOnlyList<Provisioned>> ListAsync(
        (Site Site, CloudPlace Place) what,
        string tool,
        CancellationToken stop
    )
    {
        ThrowIfRunning(what.Site);
        var maker = await ToolHereAsync(what.Site, tool, stop);
        return await maker.ListAsync(await WorkAsync(what.Site, what.Place, Nothing, stop), stop);
    }

    /// <summary>Lets the tool look after something that is there already.</summary>
    public async Task ImportAsync(
        (Site Site, CloudPlace Place, CodeFiles Code) what,
        string tool,
        (string Address, string Id) one,
        string by,
        CancellationToken stop
    )
    {
        ThrowIfRunning(what.Site);
        var files = what.Code.Files.ToDictionary(
            static file => file.Path,
            static file => file.Text,
            StringComparer.Ordinal
        );
        var maker = await ToolHereAsync(what.Site, tool, stop);
        var work = await WorkAsync(what.Site, what.Place, files, stop);
        await KeepAsync(
            what.Site,
            $"{by} lets {tool} take over {one.Id} as {one.Address}",
            HomeOf(what.Site, maker),
            stop
        );
        await maker.ImportAsync(work, one.Address, one.Id, stop);
        await KeepAsync(what.Site, $"{one.Address} is {one.Id} from now on", [], stop);
    }

    /// <summary>What was done last; null when nothing was.</summary>
    public async Task<RunRecord?> FindRunAsync(Site site, CancellationToken stop)
    {
        if (await ports.Store.ReadAsync(RunRecord.Collection, $"{site}", stop) is not { } document)
        {
            return null;
        }
        var record = Records.Read<RunRecord>(document);
        return record.Outcome is RunOutcome.UnderWay && !running.ContainsKey(site)
            ? record with
            {
                Outcome = RunOutcome.CutOff,
            }
            : record;
    }

    public async Task<PlanRecord?> FindPlanAsync(Site site, CancellationToken stop) =>
        await ports.Store.ReadAsync(PlanRecord.Collection, $"{site}", stop) is { } document
            ? Records.Read<PlanRecord>(document)
            : null;

    /// <summary>What others had changed when somebody looked last; null when nobody did since something was done there.</summary>
    public async Task<DriftRecord?> FindDriftAsync(Site site, CancellationToken stop) =>
        await ports.Store.ReadAsync(DriftRecord.Collection, $"{site}", stop) is { } document
            ? Records.Read<DriftRecord>(document)
            : null;

    private static DriftRecord DriftOf(PlanRecord record, ProvisionPlan plan)
    {
        var ranked = PlanRisk.Ranked(plan.Drift);
        return new(
            record.Site,
            record.Tool,
            record.At,
            record.By,
            [
                .. ranked
                    .Take(DriftRecord.ChangesMax)
                    .Select(static one => new DriftedThing(
                        one.Address,
                        one.Action,
                        PlanRisk.Of(one),
                        PlanRisk.Because(one)
                    )),
            ],
            Math.Max(0, ranked.Count - DriftRecord.ChangesMax)
        );
    }

    private async Task RunAsync(
        PlanRecord plan,
        RunRecord begun,
        TaskCompletionSource<RunRecord> done,
        CancellationToken stop
    )
    {
        var lines = new ConcurrentQueue<string>();
        var ended = begun;
        try
        {
            var tool = Tool(plan.Tool);
            await KeepAsync(
                plan.Site,
                $"{plan.Tool} was told to do plan {Short(plan.Plan)} ({plan.Summary}) by {begun.By}",
                [
                    new(RunRecord.Collection, $"{plan.Site}", Records.Body(begun)),
                    new(PlanRecord.Collection, $"{plan.Site}", Body: null),
                    new(DriftRecord.Collection, $"{plan.Site}", Body: null),
                    .. HomeOf(plan.Site, tool),
                ],
                stop
            );
            var work = await WorkAsync(plan.Site, plan.Place, plan.Files, stop);
            await tool.ApplyAsync(work with { Say = Keep }, plan.Plan, stop);
            ended = begun with { Outcome = RunOutcome.Done, Costs = plan.IsDestroy ? [] : begun.Costs };
        }
        catch (ProblemException caught)
        {
            ended = begun with { Outcome = RunOutcome.Failed, Problem = caught.Problem };
        }
        catch (Exception caught)
        {
            running.TryRemove(plan.Site, out _);
            done.SetException(caught);
            return;
        }
        ended = ended with { Ended = ports.World.Now, Lines = [.. lines] };
        try
        {
            await KeepEndAsync(plan, ended, stop);
            running.TryRemove(plan.Site, out _);
            done.SetResult(ended);
        }
        catch (Exception caught)
        {
            running.TryRemove(plan.Site, out _);
            done.SetException(caught);
        }

        void Keep(string line)
        {
            lines.Enqueue(line);
            while (lines.Count > LinesMax)
            {
                lines.TryDequeue(out _);
            }
        }
    }

    private Task KeepEndAsync(PlanRecord plan, RunRecord ended, CancellationToken stop) =>
        KeepAsync(
            plan.Site,
            ended.Problem is { } problem
                ? $"{plan.Tool} did not end plan {Short(plan.Plan)}: {problem.What}"
                : $"{plan.Tool} did plan {Short(plan.Plan)}",
            [
                new(RunRecord.Collection, $"{plan.Site}", Records.Body(ended)),
                // Nothing is left that another server could not know.
                .. plan.IsDestroy && ended.Outcome is RunOutcome.Done
                    ? [new(StateHome.Collection, StateHome.KeyOf(plan.Site, plan.Tool), Body: null)]
                    : Array.Empty<Write>(),
            ],
            stop
        );

    private static IReadOnlyDictionary<string, string> Nothing { get; } = new Dictionary<string, string>();

    private async Task<ProvisionWork> WorkAsync(
        Site site,
        CloudPlace place,
        IReadOnlyDictionary<string, string> files,
        CancellationToken stop
    )
    {
        var env = new Dictionary<string, string>(ports.Env(), StringComparer.Ordinal);
        foreach (var (name, value) in await ports.Secrets(site, stop))
        {
            env[name] = value;
        }
        return new(site, place, files) { Env = env };
    }

    private IProvisioner Tool(string name) =>
        ports.Tools.FirstOrDefault(one => one.Name == name)
        ?? throw new ProblemException(ApplyingProblems.NoTool(name, Tools));

    // Several servers may share the store, and not the folder in which a tool keeps what it knows.
    private async Task<IProvisioner> ToolHereAsync(Site site, string name, CancellationToken stop)
    {
        var tool = Tool(name);
        return
            tool.KeepsState
            && await ports.Store.ReadAsync(StateHome.Collection, StateHome.KeyOf(site, name), stop) is { } document
            && Records.Read<StateHome>(document) is var home
            && home.Id != ports.Home.Id
            ? throw new ProblemException(ApplyingProblems.Elsewhere(site, name, home))
            : tool;
    }

    private IReadOnlyList<Write> HomeOf(Site site, IProvisioner tool) =>
        tool.KeepsState ? [new(StateHome.Collection, StateHome.KeyOf(site, tool.Name), Records.Body(ports.Home))] : [];

    private void ThrowIfRunning(Site site)
    {
        if (running.ContainsKey(site))
        {
            throw new ProblemException(ApplyingProblems.UnderWay(site));
        }
    }

    // People copy the beginning of a digest.
    private static bool IsCalled(string plan, string said) =>
        said.Length >= ShortLetters && plan.StartsWith(said, StringComparison.Ordinal);

    private const int ShortLetters = 12;

    internal static string Short(string plan) => plan.Length > ShortLetters ? plan[..ShortLetters] : plan;

    private async Task KeepAsync(Site site, string? text, IReadOnlyList<Write> writes, CancellationToken stop) =>
        await ports.Store.CommitAsync(
            new Change(ports.Fence())
            {
                Entries = text is null ? [] : [new NewEntry(site, null, EntryKind, text)],
                Writes = writes,
            },
            stop
        );
}
