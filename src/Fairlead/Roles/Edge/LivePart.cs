using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge;

/// <summary>A part in a table, with the window into which its requests count.</summary>
internal sealed class LivePart
{
    private readonly Replica[] replicas;

    private LivePart(Replica[] replicas) => this.replicas = replicas;

    public required Part Part { get; init; }

    public required int SharePercent { get; init; }

    /// <summary>What the answer's header says: <c>api@42</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Tells a page which release answered with it: scripts cannot read an answer's other headers (W3C Server Timing).</summary>
    public string Timing => field ??= $"fairlead;desc=\"{Name}\"";

    public required string? PreviewHost { get; init; }

    public required PartMeter Meter { get; init; }

    public required TrafficWindow Window { get; init; }

    public IReadOnlyList<Replica> Replicas => replicas;

    /// <summary>Some replica of it is up.</summary>
    public bool CanAnswer
    {
        get
        {
            foreach (var replica in replicas)
            {
                if (replica.IsUp)
                {
                    return true;
                }
            }
            return false;
        }
    }

    public static LivePart Build(Site site, Backend backend, Ledger ledger)
    {
        var meter = ledger.Meter(site, backend.Part);
        return new([.. backend.Destinations.Select(ledger.Replica)])
        {
            Part = backend.Part,
            SharePercent = backend.Share.Percent,
            Name = backend.Part.ToString(),
            PreviewHost = backend.PreviewHost,
            Meter = meter,
            Window = meter.WindowAt(backend.Share),
        };
    }

    /// <summary>Of two replicas drawn from the well ones (else from those up, else from all), the one with fewer requests in flight.</summary>
    public LiveReplica? Choose(uint chance, in Tried tried)
    {
        var least = Fitness.Well;
        var count = Count(least, tried);
        while (count == 0 && least > Fitness.Any)
        {
            count = Count(--least, tried);
        }
        if (count == 0)
        {
            return null;
        }
        var first = (int)(chance % (uint)count);
        var one = At(first, least, tried);
        if (count == 1)
        {
            return new LiveReplica(this, one);
        }
        var second = (first + 1 + (int)((chance >> 8) % (uint)(count - 1))) % count;
        var other = At(second, least, tried);
        return new LiveReplica(this, other.InFlight < one.InFlight ? other : one);
    }

    private int Count(Fitness least, in Tried tried)
    {
        var count = 0;
        foreach (var replica in replicas)
        {
            count += Fits(replica, least, tried) ? 1 : 0;
        }
        return count;
    }

    // Health may change while we look, so the place asked for may be gone: then the last that fits, or any, is as good.
    private Replica At(int place, Fitness least, in Tried tried)
    {
        var last = replicas[0];
        foreach (var replica in replicas)
        {
            if (Fits(replica, least, tried))
            {
                last = replica;
                if (place-- == 0)
                {
                    break;
                }
            }
        }
        return last;
    }

    private static bool Fits(Replica replica, Fitness least, in Tried tried) =>
        least switch
        {
            Fitness.Well => replica.IsWell,
            Fitness.Up => replica.IsUp,
            _ => true,
        } && !tried.Has(replica);

    private enum Fitness
    {
        Any,
        Up,
        Well,
    }
}

/// <summary>Which replicas a request has tried, and the release that it began with. Two are remembered: it may try three times.</summary>
internal readonly record struct Tried(Part? Part, Replica? First, Replica? Second)
{
    public bool Has(Replica replica) => ReferenceEquals(replica, First) || ReferenceEquals(replica, Second);

    public Tried And(LiveReplica next) =>
        First is null ? new(next.Part.Part, next.Replica, Second: null) : this with { Second = next.Replica };
}
