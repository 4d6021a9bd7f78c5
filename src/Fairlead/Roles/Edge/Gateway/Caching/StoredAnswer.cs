using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>An answer kept to be given again. It never changes.</summary>
internal sealed record StoredAnswer
{
    public required int Status { get; init; }

    /// <summary>As the app gave them, before the edge set its own.</summary>
    public required IReadOnlyList<KeyValuePair<string, StringValues>> Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>Which release gave it: another one's answers are never given in its name.</summary>
    public required string Part { get; init; }

    /// <summary>When it came to us, and how old it was then.</summary>
    public required DateTimeOffset At { get; init; }

    public required TimeSpan AgeThen { get; init; }

    public required Lifetime Lifetime { get; init; }

    /// <summary>The app has said so. Else it is only given to those who came without a cookie, as the first one did.</summary>
    public bool IsForEveryone { get; init; }

    public string? ETag => Find(HeaderNames.ETag);

    public string? LastModified => Find(HeaderNames.LastModified);

    /// <summary>Bytes it takes, about.</summary>
    public long Size => Body.Length + 512 + Headers.Sum(one => 2L * (one.Key.Length + one.Value.ToString().Length));

    public TimeSpan AgeAt(DateTimeOffset now) => AgeThen + (now > At ? now - At : TimeSpan.Zero);

    public bool IsFreshAt(DateTimeOffset now) => AgeAt(now) < Lifetime.Fresh;

    public bool MayBeStaleAt(DateTimeOffset now, TimeSpan extra) => AgeAt(now) < Lifetime.Fresh + extra;

    /// <summary>The client has this very answer already (RFC 9110, section 13.1).</summary>
    public bool IsKnownTo(IHeaderDictionary request)
    {
        if (Status != StatusCodes.Status200OK)
        {
            return false;
        }
        if (request.IfNoneMatch is { Count: > 0 } tags)
        {
            return ETag is { } tag
                && tags.SelectMany(line => (line ?? "").Split(','))
                    .Any(one => one.Trim() is var named && (named == "*" || Same(named, tag)));
        }
        return request.IfModifiedSince is [{ } since]
            && DateTimeOffset.TryParseExact(
                since,
                "r",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var known
            )
            && DateTimeOffset.TryParseExact(
                LastModified,
                "r",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var modified
            )
            && modified <= known;
    }

    private static bool Same(string one, string other) => Strong(one) == Strong(other);

    private static string Strong(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    private string? Find(string name)
    {
        foreach (var (key, value) in Headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }
        return null;
    }
}

/// <summary>How long an answer may be given.</summary>
/// <param name="Fresh">Without asking the app.</param>
/// <param name="WhileRevalidated">After that, while the app is asked.</param>
/// <param name="IfError">After that, when the app fails.</param>
/// <param name="IsSaid">The answer says so itself.</param>
internal sealed record Lifetime(TimeSpan Fresh, TimeSpan WhileRevalidated, TimeSpan IfError, bool IsSaid);
