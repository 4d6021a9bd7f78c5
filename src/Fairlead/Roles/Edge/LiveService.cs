using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge;

/// <summary>A service in a table.</summary>
internal sealed class LiveService
{
    private readonly LivePart[] parts;

    private LiveService(LivePart[] parts) => this.parts = parts;

    public required ServiceDesk Desk { get; init; }

    /// <summary>Counts requests that found nobody.</summary>
    public required TrafficCounter Elsewhere { get; init; }

    /// <summary>Requests wait for the next table.</summary>
    public required bool IsHeld { get; init; }

    public IReadOnlyList<LivePart> Parts => parts;

    /// <param name="before">The same service in the table before.</param>
    public static LiveService Build(Site site, ServiceRouting routing, Ledger ledger, LiveService? before) =>
        new([.. routing.Backends.Select(backend => LivePart.Build(site, backend, ledger))])
        {
            Desk = ledger.Desk(site, routing.Service),
            Elsewhere = ledger.Elsewhere(site),
            // Between "held" and the first backend of the new release there may be a table that says neither.
            IsHeld = routing.IsHeld || (routing.Backends.Count == 0 && before is { IsHeld: true }),
        };

    /// <summary>
    /// Chooses a replica that was not tried yet: the release by its share, the replica by the shorter of two queues. A release
    /// without a healthy replica still gets its share, because shares are the engine's decision and health is only a guess.
    /// </summary>
    /// <param name="only">The one part that may answer, or null.</param>
    /// <param name="tried">A request tries its release's other replicas first, then those of other releases with a share.</param>
    public LiveReplica? Choose(LivePart? only, in Tried tried)
    {
        var draw = Desk.Draw();
        if (only is not null)
        {
            return only.Choose(draw, tried);
        }
        if (
            tried.Part is { } sticky
            && IndexOf(sticky) is var own and >= 0
            && parts[own].Choose(draw, tried) is { } same
        )
        {
            return same;
        }
        var chosen = ByShare((int)((ulong)draw * 100 >> 32));
        if (chosen?.Choose(draw, tried) is { } first)
        {
            return first;
        }
        foreach (var part in parts)
        {
            if (part.SharePercent > 0 && part.Choose(draw, tried) is { } other)
            {
                return other;
            }
        }
        return null;
    }

    private LivePart? ByShare(int point)
    {
        foreach (var part in parts)
        {
            point -= part.SharePercent;
            if (point < 0)
            {
                return part;
            }
        }
        return null;
    }

    private int IndexOf(Part part)
    {
        for (var index = 0; index < parts.Length; index++)
        {
            if (parts[index].Part == part && parts[index].SharePercent > 0)
            {
                return index;
            }
        }
        return -1;
    }
}

/// <summary>A replica chosen for a request, with the part it answers for.</summary>
internal readonly record struct LiveReplica(LivePart Part, Replica Replica);
