using System.Text;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>
/// Fills in variables as Compose does: <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME:?why}</c>,
/// <c>${NAME:+other}</c>, each also without the colon, which then only asks whether it is set; <c>$$</c> is a dollar sign.
/// </summary>
internal sealed class Interpolation(IReadOnlyDictionary<string, string> variables)
{
    private const int DepthMax = 16;

    /// <summary>Letters of all values together, so that a small file cannot become a large one.</summary>
    private const int LettersMax = 8 << 20;

    private int left = LettersMax;

    /// <summary>The text with its variables, and which these were; a fault when it cannot be filled in.</summary>
    public (string Text, IReadOnlyList<string> Used, Problem? Fault) Fill(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return (text, [], null);
        }
        var filling = new Filling(this, text);
        try
        {
            var filled = filling.Until(0, text.Length, depth: 0);
            return (filled, filling.Used, null);
        }
        catch (FormatException refused)
        {
            return (text, [], left < 0 ? Faults.TooLarge(refused.Message) : Faults.Variable(refused.Message));
        }
    }

    private sealed class Filling(Interpolation owner, string text)
    {
        private readonly List<string> used = [];

        public IReadOnlyList<string> Used => used;

        public string Until(int start, int end, int depth)
        {
            if (depth > DepthMax)
            {
                throw new FormatException($"Variables stand in variables more than {DepthMax} times.");
            }
            var filled = new StringBuilder();
            for (var at = start; at < end; at++)
            {
                if (text[at] != '$')
                {
                    filled.Append(text[at]);
                    continue;
                }
                at = One(at + 1, end, depth, filled);
            }
            owner.left -= filled.Length;
            return owner.left >= 0
                ? filled.ToString()
                : throw new FormatException($"With all variables filled in they have more than {LettersMax} letters.");
        }

        /// <summary>Reads what comes after a dollar sign; says where its last letter is.</summary>
        private int One(int at, int end, int depth, StringBuilder filled)
        {
            if (at < end && text[at] == '$')
            {
                filled.Append('$');
                return at;
            }
            if (at < end && text[at] == '{')
            {
                var close = Close(at + 1, end);
                filled.Append(Braced(at + 1, close, depth));
                return close;
            }
            var after = NameEnd(at, end);
            if (after == at)
            {
                throw new FormatException(
                    "After a dollar sign comes a name, a name in braces, or another dollar sign."
                );
            }
            filled.Append(Value(text[at..after]));
            return after - 1;
        }

        private string Braced(int start, int close, int depth)
        {
            var after = NameEnd(start, close);
            if (after == start)
            {
                throw new FormatException("A name begins with a letter or an underscore.");
            }
            var name = text[start..after];
            if (after == close)
            {
                return Value(name);
            }
            var asksEmpty = text[after] == ':';
            var sign = after + (asksEmpty ? 1 : 0);
            if (sign >= close || text[sign] is not ('-' or '?' or '+'))
            {
                throw new FormatException($"After {name} comes one of :- - :? ? :+ +");
            }
            used.Add(name);
            var isThere = owner.Find(name) is { } value && (!asksEmpty || value.Length > 0);
            return text[sign] switch
            {
                '-' => isThere ? owner.Find(name)! : Until(sign + 1, close, depth + 1), // What is there is not null.
                '+' => isThere ? Until(sign + 1, close, depth + 1) : "",
                _ => isThere
                    ? owner.Find(name)! // As above.
                    : throw new FormatException(
                        $"{name} has no value: {Until(sign + 1, close, depth + 1)}".TrimEnd(':', ' ') + "."
                    ),
            };
        }

        private string Value(string name)
        {
            used.Add(name);
            return owner.Find(name) ?? "";
        }

        private int Close(int at, int end)
        {
            var open = 1;
            for (; at < end; at++)
            {
                open +=
                    text[at] == '}' ? -1
                    : text[at] == '{' && text[at - 1] == '$' ? 1
                    : 0;
                if (open == 0)
                {
                    return at;
                }
            }
            throw new FormatException("A brace is never closed.");
        }

        private int NameEnd(int at, int end)
        {
            var after = at;
            while (
                after < end
                && (
                    char.IsAsciiLetter(text[after])
                    || text[after] == '_'
                    || (after > at && char.IsAsciiDigit(text[after]))
                )
            )
            {
                after++;
            }
            return after;
        }
    }

    private string? Find(string name) => variables.GetValueOrDefault(name);
}
