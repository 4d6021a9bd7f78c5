using Fairlead.Engine.Deploying;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Handoffs;

/// <summary>Hand-offs in the store, by site and id; each change of one is a line of the journal.</summary>
/// <param name="store">As the caller may see it.</param>
public sealed class HandoffBook(IStore store, Func<Fence> fence)
{
    public const string Collection = "handoffs";

    private const int OpenMax = 300;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Handoff>> AllAsync(Site? site, CancellationToken stop) =>
        [
            .. (await store.ListAsync(Collection, site is null ? "" : $"{site}/", stop))
                .Select(Records.Read<Handoff>)
                .OrderByDescending(static one => one.OfferedAt),
        ];

    /// <param name="id">Its first 6 letters will do, where no other begins so.</param>
    /// <exception cref="ProblemException">There is none of this id that the caller may see.</exception>
    public async Task<(Handoff Handoff, int Version)> FindAsync(string id, CancellationToken stop)
    {
        var fitting =
            id.Length < 6
                ? []
                : (await store.ListAsync(Collection, "", stop))
                    .Where(one => one.Key[(one.Key.LastIndexOf('/') + 1)..].StartsWith(id, StringComparison.Ordinal))
                    .Take(2)
                    .ToList();
        return fitting is [var only]
            ? (Records.Read<Handoff>(only), only.Version)
            : throw new ProblemException(HandoffProblems.Unknown(id));
    }

    /// <summary>Keeps a new one; the same document again is the same hand-off.</summary>
    public async Task<Handoff> OfferAsync(Handoff handoff, CancellationToken stop)
    {
        if (await store.ReadAsync(Collection, handoff.Key, stop) is { } known)
        {
            return Records.Read<Handoff>(known);
        }
        var open = await AllAsync(handoff.Site, stop);
        if (open.Count(static one => one.State is HandoffState.Offered or HandoffState.Accepted) >= OpenMax)
        {
            throw new ProblemException(HandoffProblems.Full(OpenMax));
        }
        await CommitAsync(
            [(handoff, 0)],
            $"{handoff.Kind} {handoff.Id} was handed over by {handoff.OfferedBy}: {handoff.Title}",
            stop
        );
        return handoff;
    }

    /// <param name="changed">With their versions as they were read; the first is what the journal's line is about.</param>
    /// <exception cref="ConflictException">Somebody else changed one.</exception>
    public Task CommitAsync(
        IReadOnlyList<(Handoff Handoff, int Version)> changed,
        string text,
        CancellationToken stop
    ) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries =
                [
                    new NewEntry(changed[0].Handoff.Site, Deployment: null, "handoff", PlainText.Of(text, 1_000)),
                ],
                Writes =
                [
                    .. changed.Select(static one => new Write(
                        Collection,
                        one.Handoff.Key,
                        Records.Tree(one.Handoff),
                        one.Version
                    )),
                ],
            },
            stop
        );
}
