using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>Incidents in the store, by site and number; each moment of one is a line of the journal, too.</summary>
/// <param name="store">As the caller may see it.</param>
public sealed class IncidentBook(IStore store, Func<Fence> fence)
{
    public const string Collection = "incidents";

    private const string Counter = "incidents";
    private const int AttemptsMax = 20;
    private static readonly Task<IReadOnlyList<Write>> Nothing = Task.FromResult<IReadOnlyList<Write>>([]);

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Incident>> AllAsync(CancellationToken stop) =>
        [
            .. (await store.ListAsync(Collection, "", stop))
                .Select(Records.Read<Incident>)
                .OrderByDescending(static one => one.Number),
        ];

    /// <exception cref="ProblemException">There is none of this number that may be seen.</exception>
    public async Task<Incident> FindAsync(int number, CancellationToken stop) =>
        (await AllAsync(stop)).FirstOrDefault(one => one.Number == number)
        ?? throw new ProblemException(
            new Problem(
                "incident.unknown",
                What: $"There is no incident {number}.",
                Why: "Nothing with this number was opened, or it is about an app that you may not see.",
                Fix: "See what there is: fairlead incident list --all"
            )
            {
                Trouble = Trouble.NotFound,
            }
        );

    /// <summary>Opens one under the next number.</summary>
    public Task<Incident> OpenAsync(Func<int, Incident> make, CancellationToken stop) =>
        OpenAsync(make, static _ => Nothing, stop);

    /// <summary>The same, and writes what comes of it in the same change: whoever is to be woken is, whatever is killed.</summary>
    public async Task<Incident> OpenAsync(
        Func<int, Incident> make,
        Func<Incident, Task<IReadOnlyList<Write>>> also,
        CancellationToken stop
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var counter = await store.ReadAsync(Records.Counters, Counter, stop);
            var number = (counter is null ? 0 : Records.Read<int>(counter)) + 1;
            var incident = make(number);
            try
            {
                await CommitAsync(
                    incident,
                    incident.Timeline,
                    [
                        new Write(Records.Counters, Counter, JsonValue.Create(number), counter?.Version ?? 0),
                        new Write(Collection, KeyOf(incident), Records.Tree(incident), Expected: 0),
                        .. await also(incident),
                    ],
                    stop
                );
                return incident;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Somebody opened one at the same moment.
            }
        }
    }

    /// <summary>Changes one as it is now; what the change adds to its timeline goes into the journal.</summary>
    /// <param name="change">Null leaves it as it is.</param>
    public async Task<Incident> ChangeAsync(Incident known, Func<Incident, Incident?> change, CancellationToken stop) =>
        (await ChangeAsync(known, change, static _ => Nothing, stop)).After;

    /// <summary>The same, and writes what comes of it in the same change: all of it or nothing.</summary>
    public async Task<(Incident After, bool IsChanged)> ChangeAsync(
        Incident known,
        Func<Incident, Incident?> change,
        Func<Incident, Task<IReadOnlyList<Write>>> also,
        CancellationToken stop
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var document = await store.ReadAsync(Collection, KeyOf(known), stop);
            var before = document is null ? known : Records.Read<Incident>(document);
            if (change(before) is not { } after || ReferenceEquals(after, before))
            {
                return (before, false);
            }
            try
            {
                await CommitAsync(
                    after,
                    [.. after.Timeline.Except(before.Timeline)],
                    [
                        new Write(Collection, KeyOf(after), Records.Tree(after), document?.Version ?? 0),
                        .. await also(after),
                    ],
                    stop
                );
                return (after, true);
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Somebody changed it at the same moment.
            }
        }
    }

    public static string KeyOf(Incident incident) => $"{incident.Site ?? AccessBook.Platform}/{incident.Number:D6}";

    private Task<IReadOnlyList<JournalEntry>> CommitAsync(
        Incident incident,
        IReadOnlyList<IncidentEvent> news,
        IReadOnlyList<Write> writes,
        CancellationToken stop
    ) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries =
                [
                    .. news.Select(one => new NewEntry(
                        incident.Site ?? AccessBook.Platform,
                        incident.Rollback?.Deployment,
                        "incident",
                        $"incident {incident.Number}: {one.Text}",
                        new JsonObject
                        {
                            ["incident"] = incident.Number,
                            ["at"] = one.At,
                            ["kind"] = one.Kind,
                            ["state"] = incident.State.ToString().ToLowerInvariant(),
                            ["by"] = one.By,
                            ["services"] = new JsonArray([.. incident.Services.Select(static name => (JsonNode)name)]),
                            ["security"] = incident.IsSecurity,
                        }
                    )),
                ],
                Writes = writes,
            },
            stop
        );
}
