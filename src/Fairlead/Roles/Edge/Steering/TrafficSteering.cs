using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge.Gateway.Protecting;

namespace Fairlead.Roles.Edge.Steering;

/// <summary>Says for each request of a service which release it is to reach, where the service asks for more than shares.</summary>
internal sealed class TrafficSteering
{
    private const string Word = "cohort";
    private const int UserCharsMax = 256;
    private static readonly TimeSpan Age = TimeSpan.FromDays(90);

    private readonly World world;
    private readonly Sticky? sticky;
    private readonly ulong salt;
    private readonly (TrafficMatch Match, LivePart Part)[] matches;

    private TrafficSteering(World world, Site site, ServiceRouting routing, (TrafficMatch, LivePart)[] matches)
    {
        this.world = world;
        this.matches = matches;
        sticky = routing.Traffic?.Sticky;
        salt = StableHash.Of($"{site}/{routing.Service}");
    }

    /// <summary>Null where shares say everything.</summary>
    public static TrafficSteering? Of(World world, Site site, ServiceRouting routing, IReadOnlyList<LivePart> parts)
    {
        if (routing.Traffic is not { } policy)
        {
            return null;
        }
        var found = new List<(TrafficMatch, LivePart)>();
        foreach (var match in policy.Match)
        {
            var part = parts.FirstOrDefault(one =>
                match.Release is { } release ? one.Part.Since == release : one.Part == routing.Next
            );
            if (part is { Replicas.Count: > 0 })
            {
                found.Add((match, part));
            }
        }
        // A user of a service with one release needs no cookie until there are two, but must have it when there are.
        return policy.Sticky is null && found.Count == 0 ? null : new(world, site, routing, [.. found]);
    }

    public Steered Steer(Trip trip) =>
        new(Matching(trip.Http.Request), sticky is null ? null : trip.Point ??= PointOf(trip));

    /// <summary>Where the user stands; null for one that cannot be told from others.</summary>
    private uint? PointOf(Trip trip)
    {
        var headers = trip.Http.Request.Headers;
        var user = sticky switch
        {
            { By: StickyBy.Address } => trip.ClientAddress,
            { By: StickyBy.Header, Name: { } name } => headers[name] is [{ } said] ? said : "",
            { By: StickyBy.Cookie, Name: { } name } => CookieLine.Find(headers.Cookie, name),
            _ => trip.Door is Door.Public ? OurCookie(trip) : "",
        };
        return user.Length == 0 ? null : StableHash.Point(user[..Math.Min(user.Length, UserCharsMax)], salt);
    }

    private ReadOnlySpan<char> OurCookie(Trip trip)
    {
        var known = CookieLine.Find(trip.Http.Request.Headers.Cookie, Cookies.Name(trip.Http.Request, Word));
        if (known.Length > 0)
        {
            return known;
        }
        trip.Cohort = world.Random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        return trip.Cohort;
    }

    /// <summary>Gives a browser the name by which it is recognised when it comes again.</summary>
    public static void Remember(HttpContext http, string cohort) => Cookies.Set(http, Word, cohort, Age);

    private LivePart? Matching(HttpRequest request)
    {
        foreach (var (match, part) in matches)
        {
            if (Fits(match, request) && part.CanAnswer)
            {
                return part;
            }
        }
        return null;
    }

    private static bool Fits(TrafficMatch match, HttpRequest request)
    {
        var said = match.Header is { } header
            ? request.Headers[header] is [{ } only]
                ? only
                : default(ReadOnlySpan<char>)
            : CookieLine.Find(request.Headers.Cookie, match.Cookie ?? "");
        return match.Is is { } asked ? said.SequenceEqual(asked) : said.Length > 0;
    }
}

/// <summary>What is asked for beyond shares.</summary>
/// <param name="Prefer">The part to reach; null where none is asked for.</param>
/// <param name="Point">Where the user stands among all; null where single requests are shared out.</param>
internal readonly record struct Steered(LivePart? Prefer, uint? Point);
