using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>Writes the head of a request as the app shall see it.</summary>
internal static class RequestHead
{
    private static readonly SearchValues<char> NameLetters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    private static readonly SearchValues<char> Controls = SearchValues.Create(
        new string([.. Enumerable.Range(0, 32).Append(127).Where(one => one != '\t').Select(one => (char)one)])
    );

    /// <summary>What a client says about its way to us, or of another path than it asks for, is hearsay to an app that trusts its proxy.</summary>
    public static readonly IReadOnlyList<string> Hearsay =
    [
        "Forwarded",
        "Front-End-Https",
        "Proxy", // https://httpoxy.org
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Proto",
        "X-Forwarded-Protocol",
        "X-Forwarded-Scheme",
        "X-Forwarded-Server",
        "X-Forwarded-Ssl",
        "X-Original-Host",
        "X-Original-URL",
        "X-Real-IP",
        "X-Rewrite-URL",
        "X-Url-Scheme",
    ];

    // Said anew or not at all: what concerns only one connection (RFC 9110, section 7.6.1), and hearsay.
    private static readonly FrozenSet<string> Own = FrozenSet.ToFrozenSet(
        [
            .. Hearsay,
            "Connection",
            "Content-Length",
            "Expect",
            "Host",
            "HTTP2-Settings",
            "Keep-Alive",
            "Proxy-Authorization",
            "Proxy-Connection",
            "TE",
            "Transfer-Encoding",
            "Upgrade",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Writes it whole, with the empty line.</summary>
    /// <param name="framing">What body follows.</param>
    /// <returns>False when a field holds what could be read as two.</returns>
    public static bool TryWrite(HeadBuffer to, Trip trip, in BodyFraming framing)
    {
        var request = trip.Http.Request;
        var upgrade = trip.Upgrade;
        if (trip.Target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }
        to.Clear();
        to.Write(upgrade is null ? request.Method : "GET"); // HTTP/2 asks for a WebSocket by CONNECT.
        to.Write(" "u8);
        to.Write(trip.Target);
        to.Write(" HTTP/1.1\r\nHost: "u8);
        to.Write(trip.Host);
        to.Write("\r\n"u8);
        var named = NamedBy(request.Headers.Connection);
        foreach (var (name, values) in request.Headers)
        {
            if (Passes(name, named) && !TryWrite(to, name, values))
            {
                return false;
            }
        }
        to.Write("X-Forwarded-For: "u8);
        to.Write(trip.ClientAddress);
        to.Write("\r\nX-Forwarded-Host: "u8);
        to.Write(trip.Host);
        to.Write("\r\nX-Forwarded-Proto: "u8);
        to.Write(request.Scheme);
        to.Write("\r\n"u8);
        WriteFraming(to, framing);
        if (upgrade is not null)
        {
            to.Write("Connection: Upgrade\r\n"u8);
            to.Field("Upgrade", upgrade);
            if (trip.IsExtendedConnect)
            {
                // HTTP/2 needs no such key; HTTP/1.1 asks for one (RFC 8441, section 5).
                to.Field("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
            }
        }
        to.Write("\r\n"u8);
        return true;
    }

    /// <summary>Whether a field after a body may be told to the app: none that says how to read what came before it.</summary>
    public static bool IsTrailer(string name) => name.Length > 0 && Passes(name, named: null);

    /// <summary>The fields of a client's request that an app gets as they came.</summary>
    public static IEnumerable<KeyValuePair<string, StringValues>> Passing(IHeaderDictionary fields)
    {
        var named = NamedBy(fields.Connection);
        return fields.Where(one => Passes(one.Key, named));
    }

    /// <summary>Whether only the edge may say such a field to an app, in any spelling.</summary>
    public static bool IsForEdgeAlone(string name) =>
        Hearsay.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (name.Contains('_', StringComparison.Ordinal) && IsDisguised(name));

    private static bool Passes(string name, List<string>? named) =>
        !name.StartsWith(':')
        && !Own.Contains(name)
        && !(name.Contains('_', StringComparison.Ordinal) && IsDisguised(name))
        && named?.Contains(name, StringComparer.OrdinalIgnoreCase) != true;

    // To CGI, WSGI, Rack and PHP X_Real_IP and X-Real-IP are one: what may not be said must not be said in that way either.
    private static bool IsDisguised(string name) =>
        name.Replace('_', '-') is var plain
        && (Own.Contains(plain) || plain.StartsWith("Fairlead-", StringComparison.OrdinalIgnoreCase));

    private static void WriteFraming(HeadBuffer to, in BodyFraming framing)
    {
        if (framing.Length is { } length)
        {
            to.Write("Content-Length: "u8);
            to.Write(length);
            to.Write("\r\n"u8);
        }
        else if (framing.IsChunked)
        {
            to.Write("Transfer-Encoding: chunked\r\n"u8);
        }
        if (framing.AsksFirst)
        {
            to.Write("Expect: 100-continue\r\n"u8);
        }
    }

    /// <summary>Writes a field, a line for each value; false when it could be read as anything but one field.</summary>
    public static bool TryWrite(HeadBuffer to, string name, in StringValues values)
    {
        // HTTP/2 carries any byte; here a colon would end the name, and a line's end begin another field.
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameLetters))
        {
            return false;
        }
        if (values.Count > 1 && name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
        {
            // HTTP/2 may split it, HTTP/1.1 may not (RFC 9113, section 8.2.3).
            return TryWrite(to, name, string.Join("; ", values.ToArray()));
        }
        foreach (var value in values)
        {
            if (value is null || value.AsSpan().ContainsAny(Controls))
            {
                return false;
            }
            to.Field(name, value);
        }
        return true;
    }

    // Fields that the client meant for this connection alone; nearly always none.
    private static List<string>? NamedBy(in StringValues connection)
    {
        if (connection.Count == 0 || connection is ["keep-alive" or "close" or "Upgrade" or "Keep-Alive"])
        {
            return null;
        }
        List<string>? named = null;
        foreach (var value in connection)
        {
            named = [.. named ?? [], .. (value ?? "").Split(',', StringSplitOptions.TrimEntries)];
        }
        return named;
    }
}

/// <summary>What body follows a head.</summary>
/// <param name="AsksFirst">The client waits for 100 (Continue) before it sends the body.</param>
internal readonly record struct BodyFraming(long? Length, bool IsChunked, bool AsksFirst)
{
    public bool HasBody => IsChunked || Length > 0;

    public static BodyFraming Of(HttpContext http)
    {
        var request = http.Request;
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            // An empty body is said where one would be expected.
            var isExpected =
                HttpMethods.IsPost(request.Method)
                || HttpMethods.IsPut(request.Method)
                || HttpMethods.IsPatch(request.Method);
            return new(isExpected ? 0 : null, IsChunked: false, AsksFirst: false);
        }
        var length = request.ContentLength;
        var asks = request.Headers.Expect.Count > 0;
        return new(length, IsChunked: length is null, asks);
    }
}
