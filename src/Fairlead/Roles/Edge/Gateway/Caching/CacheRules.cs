using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Roles.Edge.Gateway.Protecting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>Which requests a shared cache may answer and which answers it may keep: RFC 9111, and careful where that leaves a choice.</summary>
internal static class CacheRules
{
    /// <summary>What the request asks for is for everyone who asks the same.</summary>
    public static bool IsShared(HttpContext http)
    {
        var request = http.Request.Headers;
        return request.Authorization.Count == 0
            && request.Range.Count == 0
            && request.Upgrade.Count == 0
            // A password that the edge has checked goes no further, but the app is told whose it was.
            && !request.ContainsKey(BasicGuard.UserHeader)
            // What a body says is no part of the address, and some apps read it also here.
            && http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };
    }

    /// <summary>How long an answer may be kept; null when it may not.</summary>
    /// <param name="hadCookie">Then an answer is only kept if it says so itself: it may be about one person.</param>
    public static Lifetime? LifetimeOf(
        CachePolicy policy,
        int status,
        IHeaderDictionary answer,
        bool hadCookie,
        DateTimeOffset now
    )
    {
        var control = CacheControl.Of(answer.CacheControl);
        if (
            control.IsForbidden
            || answer.SetCookie.Count > 0
            || answer.ContentRange.Count > 0
            || answer.Vary.Any(one => one?.Contains('*', StringComparison.Ordinal) == true)
            // It never ends, and says each thing once.
            || answer.ContentType.Any(one =>
                one?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true
            )
            || status is not (200 or 203 or 301 or 308 or 404 or 410)
        )
        {
            return null;
        }
        var said = control.MaxAge ?? Expiry(answer, now);
        var fresh = said ?? (status is 200 or 301 or 308 && !hadCookie ? policy.Ttl : null);
        if (fresh is not { } time || time <= TimeSpan.Zero)
        {
            return null;
        }
        return control.MustRevalidate
            ? new(time, TimeSpan.Zero, TimeSpan.Zero, said is not null)
            : new(
                time,
                control.StaleWhileRevalidate ?? policy.StaleWhileRevalidate,
                control.StaleIfError ?? policy.StaleIfError,
                said is not null
            );
    }

    /// <summary>How old an answer is when it comes.</summary>
    public static TimeSpan AgeOf(IHeaderDictionary answer) =>
        answer.Age is [{ } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    /// <summary>Request headers of which the answer depends, in one order, for whoever names them.</summary>
    public static string[] VaryOf(CachePolicy policy, StringValues vary) =>
        [
            .. policy
                .Vary.Concat(vary.SelectMany(line => (line ?? "").Split(',')))
                .Select(name => name.Trim().ToLowerInvariant())
                .Where(name => name.Length > 0)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static TimeSpan? Expiry(IHeaderDictionary answer, DateTimeOffset now)
    {
        if (answer.Expires is not [{ } text])
        {
            return null;
        }
        // What is no date has passed (RFC 9111, section 5.3).
        return Date(text) is { } expires ? expires - (Date(answer.Date) ?? now) : TimeSpan.Zero;
    }

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            "r",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;
}
