using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Lets a client ask as often as its service allows, and tells it how much is left.</summary>
/// <remarks>The headers are those of draft-ietf-httpapi-ratelimit-headers-10.</remarks>
internal sealed class RateGuard : IGuard, IDressing
{
    public const string PolicyHeader = "RateLimit-Policy";
    public const string StateHeader = "RateLimit";

    private const int LimitsMax = 16;

    private readonly Checked[] limits;
    private readonly long seed;

    public RateGuard(IReadOnlyList<RateLimiter> limiters, IReadOnlyList<string> routes, long seed)
    {
        this.seed = seed;
        limits = [.. limiters.Take(LimitsMax).Select(one => new Checked(one, routes))];
    }

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        if (trip.Door is Door.Internal)
        {
            return ValueTask.FromResult(false);
        }
        var visit = trip.Visit!; // Set by Greeting, which comes first.
        Span<UInt128> keys = stackalloc UInt128[LimitsMax];
        Span<Taken> takings = stackalloc Taken[LimitsMax];
        var refused = -1;
        for (var index = 0; index < limits.Length && refused < 0; index++)
        {
            if (limits[index].Applies(trip))
            {
                keys[index] = KeyOf(limits[index], visit);
                takings[index] = limits[index].Limiter.Take(keys[index]);
                refused = takings[index].IsAllowed ? -1 : index;
            }
        }
        // One that is refused has cost nothing.
        for (var index = 0; index < refused; index++)
        {
            if (takings[index].IsAllowed)
            {
                limits[index].Limiter.GiveBack(keys[index], takings[index]);
            }
        }
        visit.RateLimit = refused < 0 ? Text(takings, 0, limits.Length) : Text(takings, refused, refused + 1);
        return refused < 0
            ? ValueTask.FromResult(false)
            : new(RefuseAsync(trip.Http, limits[refused].Limiter.Limit, takings[refused].Reset, stop));
    }

    public void Dress(Visit visit)
    {
        if (visit.RateLimit is { Length: > 0 } state)
        {
            var headers = visit.Http.Response.Headers;
            headers[PolicyHeader] = PolicyText;
            headers[StateHeader] = state;
        }
    }

    private string PolicyText =>
        field ??= string.Join(
            ", ",
            limits.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"\"{one.Limiter.Limit.Name}\";q={one.Limiter.Limit.Limit.Count};w={Seconds(one.Limiter.Limit.Limit.Window)}"
                )
            )
        );

    private UInt128 KeyOf(Checked one, Visit visit) =>
        one.By switch
        {
            RateBy.All => UInt128.Zero,
            RateBy.Route => (UInt128)(uint)one.Routes.Find(PathSet.Loosely(visit.Trip.Path)),
            RateBy.Header => visit.Http.Request.Headers[one.Header!] is [{ Length: > 0 } value]
                ? Hash(value)
                : ClientAddress.Key(visit.Client),
            // Without a good key the address counts, so that trying keys is limited too.
            RateBy.Key when visit.Key is { } held => Hash(held.Key.Id),
            _ => ClientAddress.Key(visit.Client),
        };

    private UInt128 Hash(string value) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(value.AsSpan()), seed);

    private string Text(ReadOnlySpan<Taken> takings, int from, int to)
    {
        Span<char> letters = stackalloc char[1_536];
        var length = 0;
        for (var index = from; index < to; index++)
        {
            var taken = takings[index];
            if (taken == default)
            {
                continue; // It does not hold for this request.
            }
            letters[length..]
                .TryWrite(
                    CultureInfo.InvariantCulture,
                    $"{(length > 0 ? ", " : "")}\"{limits[index].Limiter.Limit.Name}\";r={taken.Left};t={Seconds(taken.Reset)}",
                    out var written
                );
            length += written;
        }
        return new(letters[..length]);
    }

    private static async Task<bool> RefuseAsync(
        HttpContext http,
        RateLimit limit,
        TimeSpan reset,
        CancellationToken stop
    )
    {
        http.Response.Headers.RetryAfter = Seconds(reset).ToString(CultureInfo.InvariantCulture);
        await Answers.WriteAsync(
            http,
            StatusCodes.Status429TooManyRequests,
            $"Too many requests: {limit.Limit} are allowed.",
            stop
        );
        return true;
    }

    // Rounded up: who comes back when told so is let in.
    private static long Seconds(TimeSpan time) => (time.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;

    private enum RateBy
    {
        Address,
        Key,
        Route,
        All,
        Header,
    }

    private sealed class Checked(RateLimiter limiter, IReadOnlyList<string> routes)
    {
        private readonly PathSet paths = Loose(limiter.Limit.Paths);
        private readonly string[] methods = [.. limiter.Limit.Methods];

        public RateLimiter Limiter => limiter;

        public RateBy By { get; } =
            limiter.Limit.By switch
            {
                "key" => RateBy.Key,
                "route" => RateBy.Route,
                "all" => RateBy.All,
                "ip" => RateBy.Address,
                _ => RateBy.Header,
            };

        public string? Header { get; } =
            limiter.Limit.By.StartsWith("header:", StringComparison.Ordinal)
                ? limiter.Limit.By["header:".Length..]
                : null;

        /// <summary>What counts as one route: the limit's own paths, else the service's routes.</summary>
        public PathSet Routes { get; } = Loose(limiter.Limit.Paths.Count > 0 ? limiter.Limit.Paths : routes);

        public bool Applies(Trip trip) =>
            (paths.IsEmpty || paths.Holds(PathSet.Loosely(trip.Path)))
            && (methods.Length == 0 || methods.Contains(trip.Http.Request.Method));

        // Who spells a path in another way that the app takes for the same is counted all the same.
        private static PathSet Loose(IReadOnlyList<string> paths) => new([.. paths.Select(PathSet.Loosely)]);
    }
}
