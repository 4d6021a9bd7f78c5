using System.Buffers;

namespace Fairlead.Model.Web;

/// <summary>Headers that answers at some paths get.</summary>
/// <param name="Where">Such as <c>_headers:3</c>.</param>
public sealed record HeaderRule(string Where, PathGlob On, IReadOnlyList<HeaderLine> Headers);

/// <summary>A header as it is sent.</summary>
public sealed record HeaderLine(string Name, string Value)
{
    private const int NameCharsMax = 100;
    private const int ValueCharsMax = 8_000;

    // What frames the message, what the edge itself knows better, and what would speak for Fairlead.
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept-Ranges",
        "Age",
        "Allow",
        "Alt-Svc",
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Content-Range",
        "Date",
        "ETag",
        "Host",
        "Keep-Alive",
        "Last-Modified",
        "Location",
        "Proxy-Authenticate",
        "Proxy-Connection",
        "Server",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Vary",
    };

    private static readonly SearchValues<char> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Why a file may not say this header; null when it may.</summary>
    public static string? Objection(string name, string value) =>
        name.Length is 0 or > NameCharsMax || name.AsSpan().ContainsAnyExcept(Token) ? $"'{name}' is no header name."
        : Forbidden.Contains(name) || name.StartsWith("Fairlead-", StringComparison.OrdinalIgnoreCase)
            ? $"'{name}' is the edge's own to say."
        : value.Length is 0 or > ValueCharsMax
            ? $"The value of '{name}' is empty or has more than {ValueCharsMax} characters."
        : value.Any(letter => letter is (< ' ' and not '\t') or > '~')
            ? $"The value of '{name}' has characters that a header cannot carry."
        : null;
}

/// <summary>Which paths headers are for: a <see cref="PathPattern"/>, or one star anywhere: <c>/assets/*.js</c>.</summary>
public sealed class PathGlob
{
    private readonly PathPattern? pattern;
    private readonly string before;
    private readonly string after;

    private PathGlob(PathPattern? pattern, string before, string after) =>
        (this.pattern, this.before, this.after) = (pattern, before, after);

    public static (PathGlob? Glob, string? Why) Parse(string text)
    {
        var star = text.IndexOf('*', StringComparison.Ordinal);
        if (star < 0 || text.EndsWith("/*", StringComparison.Ordinal))
        {
            var (pattern, why) = PathPattern.Parse(text);
            return pattern is null ? (null, why) : (new PathGlob(pattern, "", ""), null);
        }
        return !text.StartsWith('/') || text.Length > 1_000 || text.Any(char.IsControl)
                ? (null, "A path begins with /.")
            : text.LastIndexOf('*') != star || text.Contains("/:", StringComparison.Ordinal)
                ? (null, "A path has one star, and no placeholders beside a star that does not end it.")
            : (new PathGlob(null, text[..star], text[(star + 1)..]), null);
    }

    public bool Matches(string path) =>
        pattern is not null
            ? pattern.Match(path) is not null
            : path.Length >= before.Length + after.Length
                && path.StartsWith(before, StringComparison.Ordinal)
                && path.EndsWith(after, StringComparison.Ordinal);
}
