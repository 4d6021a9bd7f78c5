namespace Fairlead.Model.Web;

/// <summary>
/// Which paths a rule is for: <c>/blog/:year/*</c>. A placeholder stands for one segment, a star at the end for all that is left, and
/// a slash at the end means nothing. Matching walks the path once, so no pattern can be made slow by a request.
/// </summary>
public sealed class PathPattern
{
    /// <summary>What a star at the end is called in targets.</summary>
    public const string Splat = "splat";

    private const int CharsMax = 1_000;
    private const int SegmentsMax = 50;

    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    private readonly Segment[] segments;
    private readonly string? rest;

    private PathPattern(Segment[] segments, string? rest) => (this.segments, this.rest) = (segments, rest);

    /// <summary>The only path it matches, without a slash at its end; null when it has placeholders or a star.</summary>
    public string? Literal =>
        rest is null && segments.All(one => !one.IsName)
            ? "/" + string.Join('/', segments.Select(one => one.Text))
            : null;

    /// <summary>What targets may name.</summary>
    public IEnumerable<string> Names =>
        segments.Where(one => one.IsName).Select(one => one.Text).Concat(rest is null ? [] : [rest]);

    /// <summary>Reads <c>/blog/:year/*</c>.</summary>
    /// <returns>The pattern, or why it is none.</returns>
    public static (PathPattern? Pattern, string? Why) Parse(string text) => Parse(text, Splat);

    /// <param name="splat">The name of a star at the end.</param>
    internal static (PathPattern? Pattern, string? Why) Parse(string text, string splat)
    {
        if (!text.StartsWith('/') || text.Length > CharsMax || text.Any(char.IsControl))
        {
            return (null, $"A path begins with / and has at most {CharsMax} characters.");
        }
        var words = text.Trim('/').Split('/');
        if (words is [""])
        {
            return (new PathPattern([], rest: null), null);
        }
        var isOpen = words[^1] == "*";
        Segment[] read = [.. (isOpen ? words[..^1] : words).Select(Read)];
        string?[] names = [.. read.Where(one => one.IsName).Select(one => one.Text), isOpen ? splat : null];
        return read.Length > SegmentsMax ? (null, $"A path has at most {SegmentsMax} segments.")
            : read.Any(one => one.Text.Contains('*', StringComparison.Ordinal))
                ? (null, "A star stands alone, at the end: /news/*")
            : read.Any(one => one.Text.Length == 0)
                ? (null, "It has an empty segment: two slashes in a row, or a colon without a name.")
            : names.OfType<string>().Distinct(StringComparer.Ordinal).Count() != names.OfType<string>().Count()
                ? (null, "It names two placeholders the same.")
            : (new PathPattern(read, isOpen ? splat : null), null);
    }

    /// <summary>What the placeholders stand for in this path; null when the path is another.</summary>
    /// <param name="path">Decoded, with a slash in front.</param>
    public IReadOnlyDictionary<string, string>? Match(string path)
    {
        var left = path.AsSpan(1);
        left = rest is null && left.EndsWith('/') ? left[..^1] : left;
        Dictionary<string, string>? found = null;
        foreach (var segment in segments)
        {
            if (left.IsEmpty)
            {
                return null;
            }
            var slash = left.IndexOf('/');
            var word = slash < 0 ? left : left[..slash];
            left = slash < 0 ? [] : left[(slash + 1)..];
            if (segment.IsName)
            {
                if (word.IsEmpty)
                {
                    return null;
                }
                (found ??= new(StringComparer.Ordinal))[segment.Text] = word.ToString();
            }
            else if (!word.SequenceEqual(segment.Text))
            {
                return null;
            }
        }
        if (rest is null)
        {
            return left.IsEmpty ? found ?? Nothing : null;
        }
        (found ??= new(StringComparer.Ordinal))[rest] = left.ToString();
        return found;
    }

    private static Segment Read(string word) =>
        word.StartsWith(':') && word.AsSpan(1).IndexOfAnyExcept(Placeholder.Letters) < 0
            ? new(word[1..], IsName: true)
            : new(Uri.UnescapeDataString(word), IsName: false);

    private readonly record struct Segment(string Text, bool IsName);
}
