using System.Text;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>A text of a Jenkinsfile, or a piece of code that is none.</summary>
/// <param name="Text">What it says; as it is written when it is code.</param>
/// <param name="IsText">Whether it is a text in quotes.</param>
/// <param name="IsFilled">Whether Groovy fills something in.</param>
internal sealed record GroovyValue(string Text, bool IsText, bool IsFilled = false)
{
    /// <summary>Of a list in brackets.</summary>
    public IReadOnlyList<GroovyValue> Items { get; init; } = [];

    /// <summary>A call, such as <c>credentials('id')</c>.</summary>
    public GroovyCall? Call { get; init; }
}

/// <summary>One line of a declarative block: a name, what it is given, and a block.</summary>
/// <param name="Given">Values without a name, in their order.</param>
/// <param name="Named">Values by their names.</param>
/// <param name="Block">Null when it has none.</param>
/// <param name="Source">As it is written, all of it.</param>
internal sealed record GroovyCall(
    Spot Spot,
    string Name,
    IReadOnlyList<GroovyValue> Given,
    IReadOnlyDictionary<string, GroovyValue> Named,
    IReadOnlyList<GroovyCall>? Block,
    string Source
)
{
    /// <summary>Null when it is given nothing.</summary>
    public GroovyValue? First => Given.Count > 0 ? Given[0] : null;

    /// <summary>What stands in its block, as it is written.</summary>
    public string Inside { get; init; } = "";

    /// <summary>Whether it is written as <c>NAME = value</c>.</summary>
    public bool IsSet { get; init; }

    public string? Text(string? name = null) =>
        (name is not null ? Named.GetValueOrDefault(name) : First) is { IsText: true, IsFilled: false } value
            ? value.Text
            : null;

    public GroovyCall? Find(string name) => Block?.FirstOrDefault(one => one.Name == name);
}

/// <summary>
/// Reads what a Jenkinsfile says in the declarative way: names, values and blocks, each with its line. What is other code is kept
/// as it is written. It reads any text in one pass, and never runs anything.
/// </summary>
internal sealed class GroovyReader
{
    private const int LettersMax = 1_048_576;
    private const int DepthMax = 60;

    private readonly string text;
    private readonly List<int> lines = [0];
    private int at;

    private GroovyReader(string text)
    {
        this.text = text;
        for (var letter = 0; letter < text.Length; letter++)
        {
            if (text[letter] == '\n')
            {
                lines.Add(letter + 1);
            }
        }
    }

    /// <summary>The lines of a file; null with a finding when a quote or a bracket has no end.</summary>
    public static IReadOnlyList<GroovyCall>? Read(string text, Findings findings)
    {
        var reader = new GroovyReader(text);
        if (text.Length > LettersMax)
        {
            findings.Add(
                new Spot(1, 1),
                "",
                "too-large",
                (
                    "The file is too large.",
                    $"It has {text.Length} letters, and at most {LettersMax} are read.",
                    "Move scripts into files of their own."
                )
            );
            return null;
        }
        try
        {
            var calls = reader.Calls(DepthMax, isInside: false);
            return calls;
        }
        catch (Broken broken)
        {
            findings.Add(
                reader.SpotOf(broken.At),
                "",
                "syntax",
                (
                    broken.What,
                    "It has no end, or nothing before it began it, or blocks lie too deep.",
                    "Look at this line, and at the one before."
                )
            );
            return null;
        }
    }

    private List<GroovyCall> Calls(int depth, bool isInside)
    {
        if (depth == 0)
        {
            throw new Broken(at, "Blocks lie too deep.");
        }
        List<GroovyCall> calls = [];
        for (; ; )
        {
            Skip(hasLines: true);
            if (at == text.Length)
            {
                return isInside ? throw new Broken(at, "A block has no end.") : calls;
            }
            if (text[at] == '}')
            {
                return isInside ? calls : throw new Broken(at, "A '}' ends nothing.");
            }
            if (text[at] == ';')
            {
                at++;
                continue;
            }
            calls.Add(Call(depth));
        }
    }

    private GroovyCall Call(int depth)
    {
        var from = at;
        var name = Word();
        Skip(hasLines: false);
        if (
            name.Length == 0
            || name is "def" or "if" or "else" or "for" or "while" or "try" or "catch" or "return" or "import"
        )
        {
            return Code(from, depth);
        }
        if (Is('=') && !IsNext("=="))
        {
            at++;
            Skip(hasLines: false);
            var value = Value(depth);
            ToEnd(depth);
            return new(SpotOf(from), name, [value], new Dictionary<string, GroovyValue>(), null, text[from..at])
            {
                IsSet = true,
            };
        }
        List<GroovyValue> given = [];
        var named = new Dictionary<string, GroovyValue>(StringComparer.Ordinal);
        if (Is('('))
        {
            at++;
            Values(given, named, ')', depth);
        }
        else if (!Is('{'))
        {
            Values(given, named, '\n', depth);
        }
        Skip(hasLines: false);
        if (!Is('{'))
        {
            ToEnd(depth);
            return new(SpotOf(from), name, given, named, null, text[from..at].TrimEnd());
        }
        var open = ++at;
        // What is code by its meaning is kept as it is written.
        var block = name is "script" or "expression" ? Passed(depth) : Calls(depth - 1, isInside: true);
        var inside = text[open..at];
        at++;
        return new(SpotOf(from), name, given, named, block, text[from..at]) { Inside = inside };
    }

    private List<GroovyCall> Passed(int depth)
    {
        Pass('}', depth);
        return [];
    }

    /// <summary>A statement of another kind, up to its end.</summary>
    private GroovyCall Code(int from, int depth)
    {
        at = from;
        ToEnd(depth);
        if (at == from)
        {
            at++;
        }
        return new(SpotOf(from), "", [], new Dictionary<string, GroovyValue>(), null, text[from..at]);
    }

    private void Values(List<GroovyValue> given, Dictionary<string, GroovyValue> named, char end, int depth)
    {
        for (; ; )
        {
            Skip(hasLines: end != '\n');
            if (at == text.Length || Is(end) || (end == '\n' && text[at] is '{' or '}' or ';'))
            {
                if (end != '\n')
                {
                    Expect(end);
                }
                return;
            }
            var from = at;
            var name = Word();
            Skip(hasLines: false);
            if (name.Length > 0 && Is(':') && !IsNext("::"))
            {
                at++;
                Skip(hasLines: true);
                named[name] = Value(depth);
            }
            else
            {
                at = from;
                given.Add(Value(depth));
            }
            Skip(hasLines: end != '\n');
            if (Is(','))
            {
                at++;
                // A line that ends with a comma goes on.
                Skip(hasLines: true);
            }
            else if (at < text.Length && !Is(end) && text[at] is not ('{' or '}' or ';'))
            {
                // Two values without a comma: the rest is code.
                var rest = at;
                Pass(end, depth);
                given.Add(new(text[rest..at], IsText: false));
            }
            else if (end != '\n' && at < text.Length && !Is(end))
            {
                throw new Broken(at, $"A '{text[at]}' stands where '{end}' is expected.");
            }
        }
    }

    private GroovyValue Value(int depth)
    {
        if (depth == 0)
        {
            throw new Broken(at, "Values lie too deep.");
        }
        var from = at;
        var value = Single(depth);
        Skip(hasLines: false);
        // What goes on with a sign, such as + or ?, is code.
        if (
            at < text.Length
            && text[at] is '+' or '?' or '.' or '&' or '|' or '=' or '!' or '<' or '>' or '*' or '-' or '%'
        )
        {
            GoOn(depth);
            return new(text[from..at].Trim(), IsText: false);
        }
        return value;
    }

    /// <summary>To the end of code that is a value. A line that ends with a sign goes on in the next.</summary>
    private void GoOn(int depth)
    {
        var last = ' ';
        for (; ; )
        {
            Skip(hasLines: last is '+' or '?' or ':' or '&' or '|' or '=' or '.');
            if (at == text.Length || text[at] is ',' or ')' or ']' or '}' or '\n' or ';' or '{')
            {
                return;
            }
            Step(depth);
            last = text[at - 1];
        }
    }

    private GroovyValue Single(int depth)
    {
        var from = at;
        if (Is('\'') || Is('"'))
        {
            return Quoted();
        }
        if (Is('['))
        {
            at++;
            List<GroovyValue> items = [];
            Values(items, new Dictionary<string, GroovyValue>(StringComparer.Ordinal), ']', depth - 1);
            return new(text[from..at], IsText: false) { Items = items };
        }
        var word = Word();
        if (word.Length > 0 && Is('('))
        {
            at++;
            List<GroovyValue> given = [];
            var named = new Dictionary<string, GroovyValue>(StringComparer.Ordinal);
            Values(given, named, ')', depth - 1);
            return new(text[from..at], IsText: false)
            {
                Call = new(SpotOf(from), word, given, named, null, text[from..at]),
            };
        }
        if (word.Length == 0 && at < text.Length)
        {
            Step(depth);
        }
        return new(text[from..at], IsText: false);
    }

    private GroovyValue Quoted()
    {
        var from = at;
        var quote = text[at];
        var isLong = IsNext(new string(quote, 3));
        at += isLong ? 3 : 1;
        var letters = new StringBuilder();
        var isFilled = false;
        for (; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == quote && (!isLong || IsNext(new string(quote, 3))))
            {
                at += isLong ? 3 : 1;
                return new(letters.ToString(), IsText: true, isFilled);
            }
            if (letter == '\n' && !isLong)
            {
                break;
            }
            if (letter == '\\' && at + 1 < text.Length)
            {
                at++;
                Escape(letters, isFilled: quote == '"');
                continue;
            }
            isFilled |= quote == '"' && letter == '$';
            letters.Append(letter);
        }
        throw new Broken(from, "A text has no end.");
    }

    private void Escape(StringBuilder letters, bool isFilled)
    {
        var letter = text[at];
        if (letter == 'u' && at + 4 < text.Length && IsHex(text.AsSpan(at + 1, 4)))
        {
            letters.Append((char)Convert.ToUInt16(text.Substring(at + 1, 4), 16));
            at += 4;
            return;
        }
        _ = letter switch
        {
            'n' => letters.Append('\n'),
            't' => letters.Append('\t'),
            'r' => letters.Append('\r'),
            'b' => letters.Append('\b'),
            'f' => letters.Append('\f'),
            // A line that ends so goes on in the next.
            '\n' => letters,
            _ => letters.Append(letter),
        };
        _ = isFilled;
    }

    private static bool IsHex(ReadOnlySpan<char> letters)
    {
        foreach (var letter in letters)
        {
            if (!char.IsAsciiHexDigit(letter))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>To the end of a statement: of its line, unless a bracket is open there.</summary>
    private void ToEnd(int depth)
    {
        while (at < text.Length && text[at] is not ('\n' or ';' or '}'))
        {
            Step(depth);
        }
    }

    /// <summary>To a letter that ends what is open.</summary>
    private void Pass(char end, int depth)
    {
        while (at < text.Length && text[at] != end)
        {
            if (end == '\n' && text[at] is '{' or '}' or ';')
            {
                return;
            }
            Step(depth);
        }
        if (at == text.Length && end != '\n')
        {
            throw new Broken(at, $"A '{end}' is missing.");
        }
    }

    /// <summary>Past one letter, or all of a text, a comment or brackets.</summary>
    private void Step(int depth)
    {
        if (depth == 0)
        {
            throw new Broken(at, "Brackets lie too deep.");
        }
        var letter = text[at];
        if (letter is '\'' or '"')
        {
            Quoted();
        }
        else if (IsNext("//") || IsNext("/*"))
        {
            Comment();
        }
        else if (letter is '{' or '(' or '[')
        {
            var end = letter switch
            {
                '{' => '}',
                '(' => ')',
                _ => ']',
            };
            at++;
            Pass(end, depth - 1);
            at++;
        }
        else
        {
            at++;
        }
    }

    private void Comment()
    {
        var end = IsNext("//") ? text.IndexOf('\n', at) : text.IndexOf("*/", at + 2, StringComparison.Ordinal);
        at =
            end < 0 ? text.Length
            : text[end] == '\n' ? end
            : end + 2;
    }

    private void Skip(bool hasLines)
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\r' or '\ufeff' || (hasLines && text[at] == '\n'))
            {
                at++;
            }
            else if (IsNext("//") || IsNext("/*"))
            {
                Comment();
            }
            else if (IsNext("\\\n"))
            {
                at += 2;
            }
            else
            {
                return;
            }
        }
    }

    private string Word()
    {
        var from = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '.' or '$'))
        {
            at++;
        }
        return text[from..at];
    }

    private bool Is(char letter) => at < text.Length && text[at] == letter;

    private bool IsNext(string letters) => string.CompareOrdinal(text, at, letters, 0, letters.Length) == 0;

    private void Expect(char letter)
    {
        if (!Is(letter))
        {
            throw new Broken(at, $"A '{letter}' is missing.");
        }
        at++;
    }

    private Spot SpotOf(int letter)
    {
        var line = lines.BinarySearch(letter);
        line = line < 0 ? ~line - 1 : line;
        return new(line + 1, letter - lines[line] + 1);
    }

    private sealed class Broken(int at, string what) : Exception(what)
    {
        public int At { get; } = at;

        public string What { get; } = what;
    }
}
