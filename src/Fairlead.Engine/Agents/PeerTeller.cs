using Fairlead.Engine.Handoffs;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Agents;

/// <summary>
/// Delivers what Fairlead hands over to the agents of that role: once each, again and again while it is not taken, and looks what became of it there
/// until it is over. A hand-off stays open here all the same: what a peer says closes nothing.
/// </summary>
public sealed class PeerTeller(IStore store, Func<Fence> fence, AgentParts parts, World world) : IBackgroundWork
{
    internal const string Purpose = "agent-peer";

    private const int AttemptsMax = 12;
    private const int AtOnceMax = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(7);

    public string Name => "agents that are handed over to";

    private PeerBook Book => new(store, fence);

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await LookAsync(stop);
            await Task.Delay(Pause, world.Clock, stop);
        }
    }

    /// <summary>Delivers what is new, and goes on with what is due.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        var peers = await Book.AllAsync(stop);
        if (peers.Count == 0)
        {
            return;
        }
        await Book.ForgetAsync(world.Now, stop);
        var known = await Book.DeliveriesAsync(stop);
        var handoffs = await new HandoffBook(store, fence).AllAsync(site: null, stop);
        var news =
            from peer in peers
            from handoff in handoffs
            where IsFor(peer, handoff) && !known.Any(one => one.Peer == peer.Name && one.Handoff == handoff.Id)
            select new PeerDelivery
            {
                Peer = peer.Name,
                Handoff = handoff.Id,
                Site = handoff.Site,
                At = world.Now,
            };
        var due = known.Concat(news).Where(one => one.Ended is null && one.NextAt <= world.Now).ToList();
        foreach (var batch in due.Chunk(AtOnceMax))
        {
            await Task.WhenAll(
                batch.Select(one =>
                    GoOnAsync(
                        one,
                        peers.FirstOrDefault(peer => peer.Name == one.Peer),
                        handoffs.FirstOrDefault(handoff => handoff.Id == one.Handoff && handoff.Site == one.Site),
                        stop
                    )
                )
            );
        }
    }

    private static bool IsFor(AgentPeer peer, Handoff handoff) =>
        handoff.From is HandoffRole.Deployment
        && handoff.To == peer.Role
        && handoff.State is HandoffState.Offered or HandoffState.Accepted
        && handoff.OfferedAt >= peer.AddedAt;

    private async Task GoOnAsync(PeerDelivery delivery, AgentPeer? peer, Handoff? handoff, CancellationToken stop)
    {
        if (peer is null || handoff is null)
        {
            await Book.KeepAsync(delivery with { Ended = "It is not there any more." }, stop);
            return;
        }
        var token = peer.Sealed is { } text ? (await parts.OpenSeal(stop)).Open(text, Purpose) : null;
        var request = delivery.Task is { } task
            ? PeerSpeech.Look(peer, token, task)
            : PeerSpeech.Send(peer, token, handoff);
        var answer = await parts.Wire.AskAsync(request, stop);
        var after = answer.Sent.IsTaken
            ? Looked(PeerSpeech.After(delivery with { Attempts = 0 }, answer.Body))
            : NotTaken(delivery, answer.Sent);
        await Book.KeepAsync(after, stop);
    }

    // Soon at first, and more seldom the longer it takes.
    private PeerDelivery Looked(PeerDelivery delivery)
    {
        var age = world.Now - delivery.At;
        var pause = age / 4;
        return delivery.Ended is null && age > WaitMax
            ? delivery with
            {
                Ended = $"It was taken, and is {delivery.State} after {WaitMax.TotalDays:0} days.",
            }
            : delivery with
            {
                NextAt = world.Now + (pause < LookMax ? pause : LookMax),
            };
    }

    private PeerDelivery NotTaken(PeerDelivery delivery, Sent sent)
    {
        var attempts = delivery.Attempts + 1;
        var usual = TimeSpan.FromSeconds(Math.Pow(2, attempts));
        var pause = sent.After is { } asked && asked > usual ? asked : usual;
        return delivery with
        {
            Attempts = attempts,
            NextAt = world.Now + (pause < RetryMax ? pause : RetryMax),
            Said = PlainText.Of(sent.Why ?? "", 300),
            Ended =
                sent.MayRetry && attempts < AttemptsMax
                    ? null
                    : $"It was not taken: {PlainText.Of(sent.Why ?? "", 300)}",
        };
    }
}
