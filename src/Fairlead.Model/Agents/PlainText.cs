using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Model.Agents;

/// <summary>
/// Text that others wrote, made harmless for a program that reads words as wishes: without what no reader sees (control characters, escape
/// sequences of terminals, zero-width and direction marks, tag characters, surrogates without a partner), and no longer than it may be.
/// What the words say stays as it is: that they are not to be followed has to be said beside them.
/// </summary>
public static class PlainText
{
    /// <summary>Letters of one text.</summary>
    public const int LettersMax = 4_000;

    /// <summary>Entries of one list.</summary>
    public const int EntriesMax = 200;

    private const int DepthMax = 24;
    private const char Escape = '\u001b';
    private const char OneByteIntroducer = '\u009b';

    public static string Of(string text, int lettersMax = LettersMax)
    {
        var plain = new StringBuilder(Math.Min(text.Length, lettersMax));
        for (var at = 0; at < text.Length && plain.Length < lettersMax; )
        {
            if (text[at] is Escape or OneByteIntroducer)
            {
                at = AfterSequence(text, at);
                continue;
            }
            if (
                Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var taken)
                is System.Buffers.OperationStatus.Done
            )
            {
                if (IsSeen(rune))
                {
                    plain.Append(rune.ToString());
                }
                else if (rune.Value is '\r' or '\v' or '\f' or 0x2028 or 0x2029)
                {
                    plain.Append('\n');
                }
            }
            at += taken;
        }
        return plain.Length < text.Length && plain.Length >= lettersMax
            ? $"{plain}... (cut at {lettersMax.ToString(CultureInfo.InvariantCulture)} letters)"
            : plain.ToString();
    }

    /// <summary>The same of every text in a tree, names of properties among them; lists are cut at <see cref="EntriesMax"/>.</summary>
    public static JsonNode? Of(JsonNode? node, Func<string, string>? also = null) =>
        Of(node, also ?? (static text => text), 0);

    private static JsonNode? Of(JsonNode? node, Func<string, string> also, int depth)
    {
        switch (node)
        {
            case JsonObject record when depth < DepthMax:
                var clean = new JsonObject();
                foreach (var (name, value) in record)
                {
                    clean[Of(name, 200)] = Of(value, also, depth + 1);
                }
                return clean;
            case JsonArray list when depth < DepthMax:
                var kept = new JsonArray([.. list.Take(EntriesMax).Select(one => Of(one, also, depth + 1))]);
                if (list.Count > EntriesMax)
                {
                    kept.Add($"... ({list.Count - EntriesMax} more)");
                }
                return kept;
            case JsonValue value when value.TryGetValue<string>(out var text):
                return JsonValue.Create(Of(also(text)));
            case JsonValue value:
                return value.DeepClone();
            default:
                return null;
        }
    }

    private static int AfterSequence(string text, int at)
    {
        var next = at + 1;
        if (text[at] == Escape && next < text.Length && text[next] is ']' or 'P' or '^' or '_' or 'X')
        {
            // A string of a terminal: to its end, or to the end of the text.
            for (next++; next < text.Length; next++)
            {
                if (text[next] == '\a')
                {
                    return next + 1;
                }
                if (text[next] == Escape)
                {
                    return next + 1 < text.Length && text[next + 1] == '\\' ? next + 2 : next;
                }
            }
            return next;
        }
        if (text[at] == Escape && next < text.Length && text[next] == '[')
        {
            next++;
        }
        else if (text[at] == Escape)
        {
            return Math.Min(next + 1, text.Length);
        }
        while (next < text.Length && text[next] is >= ' ' and <= '?')
        {
            next++;
        }
        return Math.Min(next + 1, text.Length);
    }

    private static bool IsSeen(Rune rune) =>
        rune.Value is '\n' or '\t'
        || (
            Rune.GetUnicodeCategory(rune)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.Surrogate
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                )
            // Variation selectors can carry hidden bytes.
            && rune.Value
                is not (
                    (>= 0xFE00 and <= 0xFE0F)
                    or (>= 0xE0100 and <= 0xE01EF)
                    or 0x115F
                    or 0x1160
                    or 0x3164
                    or 0xFFA0
                )
        );
}
