using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Agents;

/// <summary>Plans, limits and what agents did today, in the store; each change of them is a line of the journal.</summary>
/// <param name="store">As the caller may see it.</param>
public sealed class AgentBook(IStore store, Func<Fence> fence, World world)
{
    public const string Plans = "agent-plans";
    public const string Days = "agent-days";
    public const string Settings = "agent-settings";

    private const string LimitsKey = "limits";
    private const string FreezeKey = "freeze";
    private const int PlansMax = 2_000;
    private const int ForgottenAtOnce = 100;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<AgentPlan>> AllAsync(CancellationToken stop) =>
        [
            .. (await store.ListAsync(Plans, "", stop))
                .Select(Records.Read<AgentPlan>)
                .OrderByDescending(static one => one.MadeAt),
        ];

    /// <exception cref="ProblemException">There is none that the caller may see.</exception>
    public async Task<(AgentPlan Plan, int Version)> FindAsync(string id, CancellationToken stop) =>
        (await store.ListAsync(Plans, "", stop)).FirstOrDefault(one =>
            one.Key.EndsWith($"/{id}", StringComparison.Ordinal)
        )
            is { } document
            ? (Records.Read<AgentPlan>(document), document.Version)
            : throw new ProblemException(AgentProblems.NoPlan(id));

    /// <summary>Keeps a new one, and forgets those that nobody needs any more.</summary>
    public async Task AddAsync(AgentPlan plan, CancellationToken stop)
    {
        var all = await AllAsync(stop);
        var over = all.Where(one => world.Now - one.ExpiresAt > Kept).Concat(all.Skip(PlansMax - 1)).Distinct();
        await CommitAsync(
            plan,
            $"{plan.Kind.Word} was planned as {plan.Id}, digest {plan.Digest}, by {plan.By.Name}: {plan.Summary}",
            [
                new Write(Plans, plan.Key, Records.Body(plan), Expected: 0),
                .. over.Take(ForgottenAtOnce).Select(static one => new Write(Plans, one.Key, Body: null)),
            ],
            stop
        );
    }

    /// <param name="changed">With its version as it was read: who comes second is refused.</param>
    /// <param name="with">Written together with it.</param>
    /// <exception cref="ConflictException">Somebody else changed it.</exception>
    public Task ChangeAsync(
        (AgentPlan Plan, int Version) changed,
        string text,
        IReadOnlyList<Write> with,
        CancellationToken stop
    ) =>
        CommitAsync(
            changed.Plan,
            text,
            [new Write(Plans, changed.Plan.Key, Records.Body(changed.Plan), changed.Version), .. with],
            stop
        );

    public async Task<AgentLimits> LimitsAsync(CancellationToken stop) =>
        await store.ReadAsync(Settings, LimitsKey, stop) is { } document ? Records.Read<AgentLimits>(document) : new();

    public Task SetLimitsAsync(AgentLimits limits, string text, CancellationToken stop) =>
        CommitAsync(text, [new Write(Settings, LimitsKey, Records.Body(limits))], stop);

    /// <summary>Null when agents may change what they may.</summary>
    public async Task<AgentFreeze?> FreezeAsync(CancellationToken stop) =>
        await store.ReadAsync(Settings, FreezeKey, stop) is { } document ? Records.Read<AgentFreeze>(document) : null;

    /// <param name="freeze">Null ends it.</param>
    public Task SetFreezeAsync(AgentFreeze? freeze, string text, CancellationToken stop) =>
        CommitAsync(text, [new Write(Settings, FreezeKey, freeze is null ? null : Records.Body(freeze))], stop);

    /// <summary>What one agent has done today.</summary>
    public async Task<(AgentDay Day, Func<AgentDay, Write> WriteOf)> DayAsync(string agent, CancellationToken stop)
    {
        var key = $"{world.Now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}/{agent}";
        var document = await store.ReadAsync(Days, key, stop);
        return (
            document is null ? new() : Records.Read<AgentDay>(document),
            day => new Write(Days, key, Records.Body(day), document?.Version ?? 0)
        );
    }

    /// <summary>What agents have done today, by their ids.</summary>
    public async Task<IReadOnlyDictionary<string, AgentDay>> TodayAsync(CancellationToken stop)
    {
        var prefix = $"{world.Now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}/";
        return (await store.ListAsync(Days, prefix, stop)).ToDictionary(
            one => one.Key[prefix.Length..],
            Records.Read<AgentDay>,
            StringComparer.Ordinal
        );
    }

    private Task<IReadOnlyList<JournalEntry>> CommitAsync(
        AgentPlan plan,
        string text,
        IReadOnlyList<Write> writes,
        CancellationToken stop
    ) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = [new NewEntry(plan.Site, plan.Deployment, "agent-plan", PlainText.Of(text))],
                Writes = writes,
            },
            stop
        );

    private Task<IReadOnlyList<JournalEntry>> CommitAsync(
        string text,
        IReadOnlyList<Write> writes,
        CancellationToken stop
    ) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = [new NewEntry(AccessBook.Platform, Deployment: null, "agents", PlainText.Of(text))],
                Writes = writes,
            },
            stop
        );
}
