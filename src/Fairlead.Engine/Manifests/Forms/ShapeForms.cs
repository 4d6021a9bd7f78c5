using System.Buffers;
using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>How each <see cref="Shape"/> is written. The patterns serve the schema too, so they hold in .NET and ECMAScript alike.</summary>
internal static class ShapeForms
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Bounds what patterns read; Linux takes paths of 4,095 bytes.</summary>
    private const int LettersMax = 1024;

    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> WordLetters = SearchValues.Create(Letters + "_-");
    private static readonly SearchValues<char> PathLetters = SearchValues.Create(Letters + "_-./*");

    private static readonly ConcurrentDictionary<Shape, ScalarForm> Known = new();

    public static ScalarForm Of(Shape shape) => Known.GetOrAdd(shape, Make);

    private static ScalarForm Make(Shape shape)
    {
        var (expects, example, pattern) = Words(shape);
        Regex? regex = null;
        return new(
            expects,
            example,
            pattern,
            text => IsUsual(shape, text) || text.Length <= LettersMax && Fits(regex ??= Of(pattern), text) ? text : null
        );
    }

    /// <summary>Whether a text is of a shape at the first look; what it does not take may be so all the same. Most of a file is, and needs no pattern.</summary>
    internal static bool IsUsual(Shape shape, string text) =>
        shape switch
        {
            Shape.Word => text.Length is > 0 and <= 100
                && char.IsAsciiLetter(text[0])
                && !text.AsSpan().ContainsAnyExcept(WordLetters),
            Shape.Glob or Shape.Folder => text.Length is > 0 and <= LettersMax
                && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '*')
                && !text.AsSpan().ContainsAnyExcept(PathLetters)
                && !text.Contains("..", StringComparison.Ordinal),
            _ => false,
        };

    private static Regex Of(string pattern) =>
        new(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchTimeout);

    // In .NET '$' also stands before a last line break, so the length decides.
    private static bool Fits(Regex regex, string text) =>
        regex.Match(text) is { Success: true } match && match.Length == text.Length;

    private static (string Expects, string Example, string Pattern) Words(Shape shape) =>
        shape switch
        {
            Shape.Name => (
                "a name of at most 40 lower-case letters, digits and dashes that begins with a letter and does not end with a dash",
                "shop",
                "^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$"
            ),
            Shape.Host => (
                "a host name in lower case, without https:// and port",
                "shop.example.com",
                "^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"
            ),
            Shape.Folder => (
                "a relative path with / that does not lead out of its folder",
                "src/app",
                "^(?![/~])(?!([^/]*[/])*[.][.]([/]|$))[^\\\\]+$"
            ),
            Shape.Route => (
                "a path that begins with / and has no query, such as /api",
                "/api",
                "^/([A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?)?$"
            ),
            Shape.Address => ("a path that begins with a single /, such as /healthz", "/healthz", "^/(?!/)[!-~]*$"),
            Shape.Program => ("a program's name, such as node", "node", "^[A-Za-z0-9_][A-Za-z0-9._+-]*$"),
            Shape.Variable => (
                "letters, digits and underscores, not beginning with a digit",
                "DATABASE_URL",
                "^[A-Za-z_][A-Za-z0-9_]*$"
            ),
            _ => WordsOfTraffic(shape),
        };

    private static (string Expects, string Example, string Pattern) WordsOfTraffic(Shape shape) =>
        shape switch
        {
            Shape.Network => (
                "an address or a network, such as 10.0.0.0/8 or 2001:db8::/32",
                "10.0.0.0/8",
                "^[0-9a-fA-F.:]+(/[0-9]{1,3})?$"
            ),
            Shape.Method => ("a method in capitals, such as GET", "GET", "^[A-Z]{1,20}$"),
            Shape.Header => ("a header's name, such as X-Api-Key", "X-Api-Key", "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"),
            Shape.HeaderOrAny => (
                "a header's name, or '*' for any",
                "Content-Type",
                "^([*]|[A-Za-z0-9][A-Za-z0-9_-]{0,63})$"
            ),
            Shape.HeaderText => ("the header's text on one line, or 'off'", "\"off\"", "^[ -~]+$"),
            Shape.RateKey => (
                "ip, key, route, all or header:NAME",
                "ip",
                "^(ip|key|route|all|header:[A-Za-z0-9][A-Za-z0-9_-]{0,63})$"
            ),
            Shape.Sticky => (
                "cookie, cookie:NAME, header:NAME or ip",
                "cookie",
                "^(ip|cookie|(cookie|header):[A-Za-z0-9][A-Za-z0-9_-]{0,63})$"
            ),
            Shape.Release => ("next, or a release's number", "next", "^(next|[1-9][0-9]{0,8})$"),
            Shape.Origin => (
                "an origin such as https://shop.example.com or https://*.example.com, or '*'",
                "https://shop.example.com",
                "^([*]|https?://([*][.])?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?)$"
            ),
            Shape.Url => (
                "an address that begins with https:// (or http:// for one on this machine)",
                "https://login.example.com",
                "^(https://|http://(localhost|127[.]0[.]0[.]1)(:|/|$))[!-~]*$"
            ),
            Shape.Day => ("a day such as 2027-03-31", "2027-03-31", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            _ => WordsOfContainers(shape),
        };

    private static (string Expects, string Example, string Pattern) WordsOfContainers(Shape shape) =>
        shape switch
        {
            Shape.Image => (
                "an image's name, such as python:3.13-slim, or 'host'",
                "python:3.13-slim",
                "^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$"
            ),
            Shape.User => ("a number, or two with a colon between", "10001:10001", "^[0-9]{1,9}(:[0-9]{1,9})?$"),
            Shape.Namespace => (
                "lower-case letters, digits and dashes, at most 63",
                "shop-production",
                "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"
            ),
            Shape.Inside => (
                "an absolute path inside the container, without '..' and ':'",
                "/var/lib/data",
                "^(/(?![.][.]?(/|$))[A-Za-z0-9._-]+)+$"
            ),
            Shape.Capability => (
                "a capability's name, such as NET_BIND_SERVICE",
                "NET_BIND_SERVICE",
                "^[A-Z][A-Z_]{1,40}$"
            ),
            Shape.Word => (
                "a name of at most 100 letters, digits, dashes and underscores that begins with a letter or underscore",
                "unit-tests",
                "^[A-Za-z_][A-Za-z0-9_-]{0,99}$"
            ),
            Shape.Glob => (
                "files by a relative path with /, where * is any part of a name and ** any folders, that does not lead out of its folder; ! before it takes them away again",
                "src/**",
                "^(?!!?[/~])(?!!?([^/]*[/])*[.][.]([/]|$))[^\\\\]+$"
            ),
            Shape.JsonPlace => (
                "names with dots between, and [0] for the first of a list, such as checks[0].status",
                "status",
                "^([$][.])?[A-Za-z_][A-Za-z0-9_-]*([.][A-Za-z_][A-Za-z0-9_-]*|\\[[0-9]{1,6}\\])*$"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "has no form"),
        };
}
