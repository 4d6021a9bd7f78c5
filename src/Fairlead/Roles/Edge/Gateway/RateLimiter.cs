using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>
/// One rate limit at work: what each client has used of it. Memory is bounded: of more clients than it remembers, those that were
/// silent for longest are forgotten and may begin anew.
/// </summary>
internal sealed class RateLimiter
{
    /// <summary>Clients remembered at once.</summary>
    public const int KeysMax = 100_000;

    /// <summary>Times remembered at once, of 16 bytes each, for all clients together.</summary>
    private const int MarksMax = 4_000_000;

    private const int Stripes = 16;

    private readonly RateStripe[] stripes;
    private readonly TimeProvider clock;
    private readonly long began;

    public RateLimiter(RateLimit limit, TimeProvider clock, int keysMax = KeysMax)
    {
        Limit = limit;
        this.clock = clock;
        began = clock.GetTimestamp();
        stripes =
        [
            .. Enumerable
                .Range(0, Stripes)
                .Select(_ => new RateStripe(NewUsage, keysMax / Stripes, MarksMax / Stripes)),
        ];
    }

    public RateLimit Limit { get; }

    /// <summary>Clients remembered now.</summary>
    public int Keys => stripes.Sum(stripe => stripe.Keys);

    /// <summary>Takes one request's worth for a client, if there is any left.</summary>
    public Taken Take(UInt128 key)
    {
        var stripe = Of(key);
        lock (stripe.Gate)
        {
            // Read inside, so that times never run backwards for a client.
            return stripe.Take(key, clock.GetElapsedTime(began).Ticks);
        }
    }

    /// <summary>Gives back what was taken for a request that another limit refused.</summary>
    public void GiveBack(UInt128 key, in Taken taken)
    {
        var stripe = Of(key);
        lock (stripe.Gate)
        {
            stripe.GiveBack(key, taken);
        }
    }

    private RateStripe Of(UInt128 key) => stripes[(uint)key.GetHashCode() % Stripes];

    private RateUsage NewUsage() =>
        Limit.Kind is RateLimitKind.TokenBucket
            ? new TokenBucket(Limit.Limit, Limit.Burst ?? Limit.Limit.Count)
            : new SlidingWindow(Limit.Limit);
}

/// <summary>What became of a request at a rate limit.</summary>
/// <param name="Left">Requests that may follow at once.</param>
/// <param name="Reset">Until more may come.</param>
/// <param name="At">The time it is remembered under, in ticks.</param>
internal readonly record struct Taken(bool IsAllowed, int Left, TimeSpan Reset, long At);

/// <summary>What one client has used of a limit. Guarded by its stripe.</summary>
internal abstract class RateUsage
{
    public UInt128 Key { get; set; }

    public RateUsage? Older { get; set; }

    public RateUsage? Newer { get; set; }

    /// <summary>Times it remembers, or has room for.</summary>
    public abstract int Marks { get; }

    /// <param name="now">Ticks; never less than the time before.</param>
    public abstract Taken Take(long now);

    public abstract void GiveBack(in Taken taken);
}
