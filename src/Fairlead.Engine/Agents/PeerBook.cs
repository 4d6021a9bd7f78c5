using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Agents;

/// <summary>Other agents and what is on its way to them, in the store.</summary>
public sealed class PeerBook(IStore store, Func<Fence> fence)
{
    public const string Peers = "agent-peers";
    public const string Deliveries = "agent-peer-deliveries";

    public const int PeersMax = 50;

    private const int DeliveriesMax = 2_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<AgentPeer>> AllAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(Peers, "", stop)).Select(Records.Read<AgentPeer>)];

    /// <summary>Keeps one; another of the same name is replaced.</summary>
    public Task KeepAsync(AgentPeer peer, string text, CancellationToken stop) =>
        CommitAsync(text, [new Write(Peers, peer.Name, Records.Body(peer))], stop);

    /// <summary>Forgets one, and what was on its way to it.</summary>
    public async Task RemoveAsync(string name, string text, CancellationToken stop) =>
        await CommitAsync(
            text,
            [
                new Write(Peers, name, Body: null),
                .. (await store.ListAsync(Deliveries, $"{name}/", stop)).Select(static one => new Write(
                    Deliveries,
                    one.Key,
                    Body: null
                )),
            ],
            stop
        );

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<PeerDelivery>> DeliveriesAsync(CancellationToken stop) =>
        [
            .. (await store.ListAsync(Deliveries, "", stop))
                .Select(Records.Read<PeerDelivery>)
                .OrderByDescending(static one => one.At),
        ];

    /// <summary>Writes down how far one came; with its end, also in the journal.</summary>
    public Task KeepAsync(PeerDelivery delivery, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = delivery.Ended is { } ended
                    ?
                    [
                        new NewEntry(
                            delivery.Site,
                            Deployment: null,
                            "handoff",
                            PlainText.Of($"{delivery.Handoff} to {delivery.Peer}: {ended}", 500)
                        ),
                    ]
                    : [],
                Writes = [new Write(Deliveries, $"{delivery.Peer}/{delivery.Handoff}", Records.Body(delivery))],
            },
            stop
        );

    /// <summary>Forgets what ended long ago.</summary>
    public async Task ForgetAsync(DateTimeOffset now, CancellationToken stop)
    {
        var all = await DeliveriesAsync(stop);
        var over = all.Where(one => one.Ended is not null && now - one.At > Kept)
            .Concat(all.Skip(DeliveriesMax))
            .Distinct()
            .ToList();
        if (over.Count > 0)
        {
            await store.CommitAsync(
                new Change(fence())
                {
                    Writes =
                    [
                        .. over.Select(static one => new Write(Deliveries, $"{one.Peer}/{one.Handoff}", Body: null)),
                    ],
                },
                stop
            );
        }
    }

    private Task<IReadOnlyList<JournalEntry>> CommitAsync(
        string text,
        IReadOnlyList<Write> writes,
        CancellationToken stop
    ) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = [new NewEntry(AccessBook.Platform, Deployment: null, "agents", PlainText.Of(text, 500))],
                Writes = writes,
            },
            stop
        );
}
