using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>What an answer's Cache-Control says, as far as a shared cache obeys it (RFC 9111, section 5.2.2).</summary>
internal readonly record struct CacheControl
{
    public bool IsForbidden { get; private init; }

    public bool IsPublic { get; private init; }

    public bool MustRevalidate { get; private init; }

    public TimeSpan? MaxAge { get; private init; }

    public TimeSpan? StaleWhileRevalidate { get; private init; }

    public TimeSpan? StaleIfError { get; private init; }

    /// <summary>Such as <c>public, max-age=60, stale-while-revalidate=30</c>.</summary>
    public static CacheControl Of(StringValues values)
    {
        var control = default(CacheControl);
        TimeSpan? shared = null;
        foreach (var value in values)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var word = value.AsSpan()[range].Trim();
                var equals = word.IndexOf('=');
                var name = (equals < 0 ? word : word[..equals]).Trim();
                var seconds = equals < 0 ? null : Seconds(word[(equals + 1)..].Trim().Trim('"'));
                if (Is(name, "no-store") || Is(name, "private") || Is(name, "no-cache"))
                {
                    // Asking the app each time is what happens without a cache.
                    control = control with
                    {
                        IsForbidden = true,
                    };
                }
                else if (Is(name, "public"))
                {
                    control = control with { IsPublic = true };
                }
                else if (Is(name, "must-revalidate") || Is(name, "proxy-revalidate"))
                {
                    control = control with { MustRevalidate = true };
                }
                else if (Is(name, "max-age"))
                {
                    control = control with { MaxAge = seconds ?? TimeSpan.Zero };
                }
                else if (Is(name, "s-maxage"))
                {
                    // It also means proxy-revalidate (5.2.2.10).
                    shared = seconds ?? TimeSpan.Zero;
                    control = control with { MustRevalidate = true };
                }
                else if (Is(name, "stale-while-revalidate"))
                {
                    control = control with { StaleWhileRevalidate = seconds };
                }
                else if (Is(name, "stale-if-error"))
                {
                    control = control with { StaleIfError = seconds };
                }
            }
        }
        return shared is null ? control : control with { MaxAge = shared };
    }

    private static bool Is(ReadOnlySpan<char> word, string name) =>
        word.Equals(name, StringComparison.OrdinalIgnoreCase);

    // A number too large is for ever (1.2.2); one that is none makes the answer stale (4.2.1).
    private static TimeSpan? Seconds(ReadOnlySpan<char> text) =>
        text.IsEmpty || text.ContainsAnyExceptInRange('0', '9') ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
        : TimeSpan.FromSeconds(int.MaxValue);
}
