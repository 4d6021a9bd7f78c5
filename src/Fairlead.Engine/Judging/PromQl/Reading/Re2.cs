using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Rewrites RE2's syntax as that of .NET, and refuses what RE2 refuses.</summary>
internal sealed class Re2
{
    /// <summary>How often something may be repeated, nested repetitions multiplied, as in RE2.</summary>
    private const int RepeatsMax = 1_000;
    private const int DepthMax = 200;

    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["Any"] = @"\s\S",
        ["Latin"] = @"A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02B8\u1E00-\u1EFF\uFF21-\uFF3A\uFF41-\uFF5A",
        ["Greek"] = @"\u0370-\u0373\u0375-\u0377\u037A-\u037D\u037F\u0384\u0386\u0388-\u03E1\u03F0-\u03FF\u1F00-\u1FFE",
        ["Cyrillic"] = @"\u0400-\u0484\u0487-\u052F\u1C80-\u1C88\u1D2B\u2DE0-\u2DFF\uA640-\uA69F",
        ["Hebrew"] = @"\u0591-\u05F4\uFB1D-\uFB4F",
        ["Arabic"] =
            @"\u0600-\u0604\u0606-\u060B\u060D-\u061A\u061C-\u061E\u0620-\u063F\u0641-\u064A\u0656-\u06FF\u0750-\u077F",
        ["Han"] = @"\u2E80-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAD9",
        ["Hiragana"] = @"\u3041-\u3096\u309D-\u309F",
        ["Katakana"] = @"\u30A1-\u30FA\u30FD-\u30FF\u31F0-\u31FF\uFF66-\uFF9D",
        ["Thai"] = @"\u0E01-\u0E3A\u0E40-\u0E5B",
    };

    private readonly string pattern;
    private readonly StringBuilder made = new();
    private int at;
    private int depth;

    private Re2(string pattern) => this.pattern = pattern;

    /// <exception cref="FormatException">RE2 would not take it.</exception>
    public static string Translate(string pattern)
    {
        var translation = new Re2(pattern);
        translation.Alternatives();
        return translation.at < pattern.Length
            ? throw new FormatException($"unexpected ): `{pattern}`")
            : translation.made.ToString();
    }

    private bool IsAtEnd => at >= pattern.Length;

    /// <summary>The most repetitions that lie inside each other here.</summary>
    private int Alternatives()
    {
        if (++depth > DepthMax)
        {
            throw new FormatException($"expression nests too deeply: `{pattern}`");
        }
        var most = 1;
        while (!IsAtEnd && pattern[at] != ')')
        {
            if (pattern[at] == '|')
            {
                made.Append('|');
                at++;
                continue;
            }
            var repeats = Atom();
            most = Math.Max(most, Repeated(repeats));
        }
        depth--;
        return most;
    }

    private int Atom()
    {
        switch (pattern[at])
        {
            case '(':
                return Group();
            case '[':
                Class();
                return 1;
            case '\\':
                Escape(isInClass: false);
                return 1;
            case '$':
                made.Append(@"\z");
                at++;
                return 1;
            case '*' or '+' or '?':
                throw new FormatException($"missing argument to repetition operator: `{pattern[at]}`");
            case '^' or '.':
                made.Append(pattern[at++]);
                return 1;
            default:
                Literal(pattern[at++]);
                return 1;
        }
    }

    private void Literal(char letter)
    {
        if (!char.IsAsciiLetterOrDigit(letter) && letter is > ' ' and < '\x7F' and not '_')
        {
            made.Append('\\');
        }
        made.Append(letter);
    }

    private int Repeated(int repeats)
    {
        var isRepeated = false;
        while (!IsAtEnd)
        {
            var letter = pattern[at];
            if (letter is '*' or '+' or '?')
            {
                if (isRepeated)
                {
                    throw new FormatException($"invalid nested repetition operator: `{pattern[(at - 1)..(at + 1)]}`");
                }
                made.Append(letter);
                at++;
            }
            else if (letter == '{' && Count() is var (text, most))
            {
                if (isRepeated)
                {
                    throw new FormatException($"invalid nested repetition operator: `{text}`");
                }
                if (most > RepeatsMax || (repeats *= Math.Max(1, most)) > RepeatsMax)
                {
                    throw new FormatException($"invalid repeat count: `{text}`");
                }
                made.Append(text);
                at += text.Length;
            }
            else
            {
                break;
            }
            isRepeated = true;
            if (!IsAtEnd && pattern[at] == '?')
            {
                made.Append('?');
                at++;
            }
        }
        return repeats;
    }

    /// <summary><c>{2}</c>, <c>{2,}</c>, <c>{2,5}</c>; null when the brace stands for itself.</summary>
    private (string Text, int Most)? Count()
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0)
        {
            return null;
        }
        var parts = pattern[(at + 1)..end].Split(',');
        if (parts.Length > 2 || !parts[0].All(char.IsAsciiDigit) || parts[0].Length is 0 or > 9)
        {
            return null;
        }
        if (parts.Length == 2 && (!parts[1].All(char.IsAsciiDigit) || parts[1].Length > 9))
        {
            return null;
        }
        var least = int.Parse(parts[0], CultureInfo.InvariantCulture);
        var most = parts.Length == 2 && parts[1].Length > 0 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : least;
        var text = pattern[at..(end + 1)];
        return most < least ? throw new FormatException($"invalid repeat count: `{text}`") : (text, most);
    }

    private int Group()
    {
        var start = at++;
        if (!IsAtEnd && pattern[at] == '?')
        {
            at++;
            if (!Special(start))
            {
                return 1;
            }
        }
        else
        {
            made.Append('(');
        }
        var repeats = Alternatives();
        if (IsAtEnd)
        {
            throw new FormatException($"missing closing ): `{pattern}`");
        }
        made.Append(')');
        at++;
        return repeats;
    }

    /// <summary>What follows <c>(?</c>: a name, flags, or nothing that RE2 knows.</summary>
    /// <returns>False when it was flags alone, which close at once.</returns>
    private bool Special(int start)
    {
        var rest = pattern.AsSpan(at);
        var named =
            rest.StartsWith("P<") ? 2
            : rest.StartsWith("<") && !rest.StartsWith("<=") && !rest.StartsWith("<!") ? 1
            : 0;
        if (named > 0)
        {
            var end = pattern.IndexOf('>', at);
            var name = end < 0 ? "" : pattern[(at + named)..end];
            if (name.Length == 0 || !name.All(letter => letter == '_' || char.IsAsciiLetterOrDigit(letter)))
            {
                throw new FormatException($"invalid named capture: `{pattern[start..]}`");
            }
            // .NET takes a name of digits for a number, RE2 does not.
            made.Append(char.IsAsciiDigit(name[0]) ? "(" : $"(?<{name}>");
            at = end + 1;
            return true;
        }
        var flags = at;
        while (!IsAtEnd && pattern[at] is 'i' or 'm' or 's' or '-')
        {
            at++;
        }
        if (IsAtEnd || pattern[at] is not (')' or ':'))
        {
            throw new FormatException(
                $"invalid or unsupported Perl syntax: `{pattern[start..Math.Min(at + 1, pattern.Length)]}`"
            );
        }
        made.Append("(?").Append(pattern, flags, at - flags).Append(pattern[at]);
        return pattern[at++] == ':';
    }

    private void Class()
    {
        var start = at++;
        made.Append('[');
        if (!IsAtEnd && pattern[at] == '^')
        {
            made.Append('^');
            at++;
        }
        var isFirst = true;
        while (IsAtEnd || pattern[at] != ']' || isFirst)
        {
            if (IsAtEnd)
            {
                throw new FormatException($"missing closing ]: `{pattern[start..]}`");
            }
            isFirst = false;
            ClassItem(start);
        }
        made.Append(']');
        at++;
    }

    private void ClassItem(int start)
    {
        var letter = pattern[at];
        if (
            letter == '['
            && pattern.AsSpan(at).StartsWith("[:")
            && pattern.IndexOf(":]", at, StringComparison.Ordinal) is > 0 and var end
        )
        {
            var name = pattern[(at + 2)..end];
            var isNot = name.StartsWith('^');
            if (isNot || !Classes.TryGetValue(name, out var letters))
            {
                throw new FormatException($"invalid character class range: `{pattern[at..(end + 2)]}`");
            }
            made.Append(letters);
            at = end + 2;
        }
        else if (letter == '\\')
        {
            Escape(isInClass: true);
        }
        else if (letter == '-')
        {
            // A range, or the sign itself at an end of the class.
            var isRange = at > start + 1 && pattern[at - 1] != '^' && at + 1 < pattern.Length && pattern[at + 1] != ']';
            made.Append(isRange ? "-" : @"\-");
            at++;
        }
        else
        {
            if (letter is '[' or ']' or '^')
            {
                made.Append('\\');
            }
            made.Append(letter);
            at++;
        }
    }

    private void Escape(bool isInClass)
    {
        if (at + 1 >= pattern.Length)
        {
            throw new FormatException("trailing backslash at end of expression: ``");
        }
        var letter = pattern[at + 1];
        at += 2;
        switch (letter)
        {
            case 'd' or 'w' or 's' or 'D' or 'W' or 'S':
                Kind(letter, isInClass);
                break;
            case 'p' or 'P':
                Property(letter == 'P', isInClass);
                break;
            case 'Q' when !isInClass:
                var end = pattern.IndexOf(@"\E", at, StringComparison.Ordinal);
                foreach (var plain in pattern[at..(end < 0 ? pattern.Length : end)])
                {
                    Literal(plain);
                }
                at = end < 0 ? pattern.Length : end + 2;
                break;
            case 'A' or 'z' or 'b' or 'B' when !isInClass:
                made.Append('\\').Append(letter);
                break;
            case 'x':
                Hexadecimal();
                break;
            case >= '0' and <= '7':
                Octal(letter);
                break;
            case 'a' or 'f' or 't' or 'n' or 'r' or 'v':
                made.Append('\\').Append(letter);
                break;
            default:
                if (char.IsAsciiLetterOrDigit(letter) || letter > '\x7F')
                {
                    throw new FormatException($@"invalid escape sequence: `\{letter}`");
                }
                Literal(letter);
                break;
        }
    }

    private void Kind(char letter, bool isInClass)
    {
        var isNot = char.IsAsciiLetterUpper(letter);
        if (isNot && isInClass)
        {
            made.Append('\\').Append(letter);
            return;
        }
        var letters = char.ToLowerInvariant(letter) switch
        {
            'd' => "0-9",
            'w' => "0-9A-Za-z_",
            _ => @"\t\n\f\r ",
        };
        Letters(letters, isInClass, isNot);
    }

    private void Letters(string letters, bool isInClass, bool isNot) =>
        made.Append(
            isInClass ? letters
            : isNot ? $"[^{letters}]"
            : $"[{letters}]"
        );

    private void Property(bool isNot, bool isInClass)
    {
        string name;
        if (!IsAtEnd && pattern[at] == '{' && pattern.IndexOf('}', at) is > 0 and var end)
        {
            name = pattern[(at + 1)..end];
            at = end + 1;
        }
        else
        {
            name = IsAtEnd ? "" : pattern[at++].ToString();
        }
        if (name.StartsWith('^'))
        {
            (name, isNot) = (name[1..], !isNot);
        }
        if (Scripts.TryGetValue(name, out var letters) && !(isInClass && isNot))
        {
            Letters(letters, isInClass, isNot);
        }
        else if (name.Length is 1 or 2 && "CLMNPSZ".Contains(name[0], StringComparison.Ordinal))
        {
            made.Append(isNot ? @"\P{" : @"\p{").Append(name).Append('}');
        }
        else
        {
            throw new FormatException($@"invalid character class range: `\p{{{name}}}`");
        }
    }

    private void Hexadecimal()
    {
        var (digits, next) = ("", at);
        if (!IsAtEnd && pattern[at] == '{' && pattern.IndexOf('}', at) is > 0 and var end)
        {
            (digits, next) = (pattern[(at + 1)..end], end + 1);
        }
        else if (at + 2 <= pattern.Length)
        {
            (digits, next) = (pattern[at..(at + 2)], at + 2);
        }
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw new FormatException($@"invalid escape sequence: `\x{digits}`");
        }
        at = next;
        Code(code);
    }

    private void Octal(char first)
    {
        var digits = first.ToString();
        while (!IsAtEnd && digits.Length < 3 && pattern[at] is >= '0' and <= '7')
        {
            digits += pattern[at++];
        }
        if (digits.Length == 1 && first != '0')
        {
            throw new FormatException($@"invalid escape sequence: `\{first}`"); // It would refer back.
        }
        Code(digits.Aggregate(0, (code, digit) => code * 8 + (digit - '0')));
    }

    private void Code(int code)
    {
        if (code > char.MaxValue || code is >= 0xD800 and < 0xE000)
        {
            if (!Rune.TryCreate(code, out var rune))
            {
                throw new FormatException("invalid escape sequence");
            }
            made.Append(rune.ToString());
            return;
        }
        made.Append(CultureInfo.InvariantCulture, $@"\u{code:X4}");
    }
}
