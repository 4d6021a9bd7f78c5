using System.Collections.Frozen;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge.Upstream;

namespace Fairlead.Roles.Edge.Mirroring;

/// <summary>Copies requests of a service for the part that is being tried, apart from their own way and answer.</summary>
internal sealed class Mirror
{
    /// <summary>Tells an app that nobody waits for the answer. Clients from outside cannot say it.</summary>
    public const string Header = "Fairlead-Mirror";

    private readonly MirrorPolicy policy;
    private readonly FrozenSet<string> methods;
    private readonly LivePart to;
    private readonly ServiceDesk desk;
    private readonly MirrorSender sender;

    private Mirror(MirrorPolicy policy, LivePart to, ServiceDesk desk, MirrorSender sender)
    {
        this.policy = policy;
        this.to = to;
        this.desk = desk;
        this.sender = sender;
        methods = policy.Methods.ToFrozenSet(StringComparer.Ordinal);
    }

    private MirrorCounter Counter => to.Meter.Mirrored;

    /// <summary>Null where nothing is copied.</summary>
    public static Mirror? Of(
        ServiceRouting routing,
        IReadOnlyList<LivePart> parts,
        ServiceDesk desk,
        MirrorSender sender
    ) =>
        routing is { Traffic.Mirror: { } policy, Next: { } next }
        && parts.FirstOrDefault(one => one.Part == next) is { Replicas: [{ IsFiles: false }, ..] } to
            ? new(policy, to, desk, sender)
            : null;

    /// <summary>Copies a request that has no body, if its turn has come.</summary>
    public void Show(Trip trip)
    {
        if (!BodyFraming.Of(trip.Http).HasBody)
        {
            Begin(trip)?.Send();
        }
    }

    /// <summary>Begins a copy of a request whose body is still to come, if its turn has come; null otherwise.</summary>
    public MirrorCopy? Begin(Trip trip)
    {
        if (!Takes(trip) || !IsItsTurn())
        {
            return null;
        }
        if (trip.Http.Request.ContentLength > policy.BodyMax || !Counter.TryEnter(policy.AtOnce))
        {
            Counter.Drop();
            return null;
        }
        if (
            to.Choose(desk.Chance(), default) is { Replica: { IsUp: true } replica }
            && MirrorRequest.TryMake(trip, replica.Endpoint) is { } request
        )
        {
            return new MirrorCopy(request, policy.BodyMax, Counter, sender);
        }
        Counter.Leave();
        Counter.Drop();
        return null;
    }

    private bool IsItsTurn() => (int)((ulong)desk.Chance() * 100 >> 32) < policy.Share.Percent;

    // Streams have no end to wait for, and a copy of a copy would be one of many.
    private bool Takes(Trip trip) =>
        methods.Contains(trip.Http.Request.Method)
        && trip.Upgrade is null
        && trip.Part.Part != to.Part
        && !trip.Replica.IsFiles
        && !GrpcExchange.Takes(trip.Http.Request)
        && !trip.Http.Request.Headers.ContainsKey(Header);
}
