using System.Buffers;
using System.Text;

namespace Fairlead.Model.Web;

/// <summary>Where a rule leads: a path of the site or a whole address, with placeholders: <c>/posts/:year/:splat</c>.</summary>
public sealed class Target
{
    private const int CharsMax = 2_000;

    // RFC 3986: what may stand in a path, a query and a fragment as it is. Everything else of a written target is encoded.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
    );

    private readonly IReadOnlyList<Piece> pieces;

    private Target(IReadOnlyList<Piece> pieces, string text) => (this.pieces, Text) = (pieces, text);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>A path of the site itself.</summary>
    public bool IsLocal => Text.StartsWith('/');

    /// <summary>Without placeholders it leads to one place alone.</summary>
    public bool IsFixed => pieces.All(one => !one.IsName);

    public bool HasQuery => Text.Contains('?', StringComparison.Ordinal);

    /// <param name="names">What the rule's pattern knows.</param>
    /// <returns>The target, or why it is none.</returns>
    public static (Target? Target, string? Why) Parse(string text, IEnumerable<string> names)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        if (text.Length > CharsMax || text.Any(letter => char.IsControl(letter) || letter == '\\'))
        {
            return (null, $"It has more than {CharsMax} characters, or a backslash or control character among them.");
        }
        var isLocal = text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal);
        var pathAt = 0;
        if (!isLocal)
        {
            if (
                !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
                && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            )
            {
                return (
                    null,
                    $"'{text}' is neither a path of the site, such as /new, nor an address, such as https://example.com/."
                );
            }
            var authority = text.IndexOf("://", StringComparison.Ordinal) + 3;
            pathAt = text.AsSpan(authority).IndexOfAny("/?#") is >= 0 and var end ? authority + end : text.Length;
            if (!Uri.TryCreate(text[..pathAt], UriKind.Absolute, out var host) || host.UserInfo.Length > 0)
            {
                return (null, $"'{text[..pathAt]}' is no address. Placeholders may only stand after the host.");
            }
        }
        var read = new List<Piece> { new(text[..pathAt], IsName: false) };
        foreach (var piece in Placeholder.Split(text[pathAt..]))
        {
            if (piece.IsName && !known.Contains(piece.Text))
            {
                return (null, $"':{piece.Text}' stands for nothing: the path has no such placeholder.");
            }
            read.Add(piece);
        }
        return (new Target(read, text), null);
    }

    /// <summary>The place, encoded, so that nothing in a request can end the line or change the host.</summary>
    public string Expand(IReadOnlyDictionary<string, string> found)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            text.Append(piece.IsName ? Encoded(found.GetValueOrDefault(piece.Text, "")) : Written(piece.Text));
        }
        if (!IsLocal)
        {
            return text.ToString();
        }
        // A splat may begin with a slash, and //evil.example is another host.
        var path = text.ToString().TrimStart('/');
        return "/" + path;
    }

    /// <summary>The same as a path to look for among files: not encoded, without query and fragment.</summary>
    public string ExpandPath(IReadOnlyDictionary<string, string> found)
    {
        var text = Expand(found);
        var end = text.AsSpan().IndexOfAny("?#");
        return Uri.UnescapeDataString(end < 0 ? text : text[..end]);
    }

    private static string Encoded(string value) => string.Join('/', value.Split('/').Select(Uri.EscapeDataString));

    private static string Written(string text) =>
        !text.AsSpan().ContainsAnyExcept(Plain)
            ? text
            : string.Concat(
                text.EnumerateRunes()
                    .Select(rune =>
                        rune is { IsAscii: true } && Plain.Contains((char)rune.Value)
                            ? rune.ToString()
                            : Uri.EscapeDataString(rune.ToString())
                    )
            );
}

/// <summary>A part of a target: text, or a placeholder's name.</summary>
internal readonly record struct Piece(string Text, bool IsName);

/// <summary>How placeholders are written: <c>:name</c>.</summary>
internal static class Placeholder
{
    public static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    public static IEnumerable<Piece> Split(string text)
    {
        var from = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != ':' || at + 1 == text.Length || !(char.IsAsciiLetter(text[at + 1]) || text[at + 1] == '_'))
            {
                continue;
            }
            var length = text.AsSpan(at + 1).IndexOfAnyExcept(Letters);
            var end = length < 0 ? text.Length : at + 1 + length;
            if (at > from)
            {
                yield return new(text[from..at], IsName: false);
            }
            yield return new(text[(at + 1)..end], IsName: true);
            from = end;
            at = end - 1;
        }
        if (from < text.Length)
        {
            yield return new(text[from..], IsName: false);
        }
    }
}
