using Fairlead.Model.Releases;

namespace Fairlead.Model.Apps;

/// <summary>Which release a request reaches while a service has more than one.</summary>
public sealed record TrafficPolicy
{
    /// <summary>How users are told apart, so that each stays on one release; null shares out single requests.</summary>
    public Sticky? Sticky { get; init; }

    /// <summary>Requests that reach a certain release whatever the shares are. The first that fits counts.</summary>
    public IReadOnlyList<TrafficMatch> Match { get; init; } = [];

    /// <summary>Shows requests to the release that is being tried before it answers any; null for none.</summary>
    public MirrorPolicy? Mirror { get; init; }
}

/// <summary>Copies of requests for the release that is being tried. Its answers to them are thrown away.</summary>
public sealed record MirrorPolicy
{
    /// <summary>What <see cref="BodyMax"/> may be at most: bodies are kept in memory until they are whole.</summary>
    public const long BodyMaxMost = 1024 * 1024;

    /// <summary>What <see cref="AtOnce"/> may be at most.</summary>
    public const int AtOnceMost = 1_000;

    /// <summary>The part of the requests that is copied.</summary>
    public required Share Share { get; init; }

    /// <summary>Requests with other methods are not copied: what those do, a copy would do a second time.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["GET", "HEAD"];

    /// <summary>Bytes of the largest body that is copied.</summary>
    public long BodyMax { get; init; } = 64 * 1024;

    /// <summary>Copies under way at most; beyond, requests are not copied.</summary>
    public int AtOnce { get; init; } = 64;
}

/// <summary>What a user is recognised by.</summary>
/// <param name="Name">The header's or the cookie's name; null for a cookie of our own, and for addresses.</param>
public sealed record Sticky(StickyBy By, string? Name = null)
{
    /// <summary>Reads <c>cookie</c>, <c>cookie:NAME</c>, <c>header:NAME</c> and <c>ip</c>; null for anything else.</summary>
    public static Sticky? TryParse(string text) =>
        text switch
        {
            "cookie" => new(StickyBy.Cookie),
            "ip" => new(StickyBy.Address),
            _ when text.StartsWith("cookie:", StringComparison.Ordinal) && text.Length > 7 => new(
                StickyBy.Cookie,
                text[7..]
            ),
            _ when text.StartsWith("header:", StringComparison.Ordinal) && text.Length > 7 => new(
                StickyBy.Header,
                text[7..]
            ),
            _ => null,
        };
}

/// <summary>Where in a request its user is looked for.</summary>
public enum StickyBy
{
    Cookie,
    Header,
    Address,
}

/// <summary>Requests with a certain header or cookie. Exactly one of the two is said.</summary>
public sealed record TrafficMatch
{
    public string? Header { get; init; }

    public string? Cookie { get; init; }

    /// <summary>What it says, letter by letter; null for anything.</summary>
    public string? Is { get; init; }

    /// <summary>The release that began the part to reach; null for the one that is being tried.</summary>
    public int? Release { get; init; }
}
