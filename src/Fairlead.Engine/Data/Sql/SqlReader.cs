using System.Globalization;

namespace Fairlead.Engine.Data.Sql;

/// <summary>
/// Takes SQL apart as PostgreSQL's and MySQL's own readers do: quotes of all kinds, dollar quotes, comments within comments. It knows no
/// grammar, so what a newer server understands passes through it unharmed.
/// </summary>
public sealed class SqlReader
{
    private const string Marker = "fairlead:";
    private const int LettersMax = 8 * 1024 * 1024;

    private readonly string text;
    private readonly List<SqlStatement> statements = [];
    private readonly List<string> directives = [];
    private readonly List<SqlAllowance> allowances = [];
    private readonly List<SqlToken> tokens = [];
    private int at;
    private int line = 1;
    private int begin = -1;
    private int atomic;

    private SqlReader(string text) => this.text = text;

    /// <summary>Reads a file of at most 8 MiB.</summary>
    /// <exception cref="FormatException">Quotes or a comment do not end, or the file is too large; the message says where.</exception>
    public static SqlScript Read(string text)
    {
        if (text.Length > LettersMax)
        {
            throw new FormatException($"It has more than {LettersMax} letters.");
        }
        var reader = new SqlReader(text.Replace("\r\n", "\n", StringComparison.Ordinal));
        while (reader.at < reader.text.Length)
        {
            reader.Step();
        }
        reader.End(reader.text.Length);
        return new(reader.statements, reader.directives);
    }

    private void Step()
    {
        var letter = text[at];
        if (char.IsWhiteSpace(letter) || letter == '\uFEFF')
        {
            Skip(1);
        }
        else if (Has("--") || (letter == '#' && IsLineStart))
        {
            LineComment();
        }
        else if (Has("/*"))
        {
            BlockComment();
        }
        else if (letter == ';' && atomic == 0)
        {
            End(at);
            Skip(1);
        }
        else
        {
            if (begin < 0)
            {
                begin = at;
            }
            Token(letter);
        }
    }

    private void Token(char letter)
    {
        var started = line;
        switch (letter)
        {
            case '\'':
                Add(SqlKind.Text, Quoted('\'', escapes: IsEscaping), started);
                break;
            case '"' or '`':
                Add(SqlKind.Name, Quoted(letter, escapes: false), started);
                break;
            case '$' when DollarTag() is { } tag:
                Add(SqlKind.Text, Dollar(tag), started);
                break;
            default:
                Plain(letter, started);
                break;
        }
    }

    private void Plain(char letter, int started)
    {
        var from = at;
        if (char.IsLetter(letter) || letter == '_')
        {
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$'))
            {
                at++;
            }
            Word(text[from..at].ToLowerInvariant(), started);
            return;
        }
        if (char.IsAsciiDigit(letter) || (letter == '$' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
        {
            at++;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_'))
            {
                at++;
            }
            Add(SqlKind.Number, text[from..at], started);
            return;
        }
        at++;
        Add(SqlKind.Symbol, letter.ToString(), started);
    }

    // A function's body in standard SQL holds semicolons: begin atomic ... end.
    private void Word(string word, int started)
    {
        if (word == "atomic" && tokens is [.., var before] && before.Is("begin"))
        {
            atomic++;
        }
        else if (atomic > 0 && word == "case")
        {
            atomic++;
        }
        else if (atomic > 0 && word == "end")
        {
            atomic--;
        }
        Add(SqlKind.Word, word, started);
    }

    private void Add(SqlKind kind, string what, int started) => tokens.Add(new(kind, what, started));

    // E'...' of PostgreSQL, in which a backslash escapes.
    private bool IsEscaping => at > 0 && text[at - 1] is 'e' or 'E' && tokens is [.., { Text: "e" }];

    private string Quoted(char quote, bool escapes)
    {
        var (from, started) = (++at, line);
        while (at < text.Length)
        {
            if (text[at] == quote && at + 1 < text.Length && text[at + 1] == quote)
            {
                at += 2;
            }
            else if (text[at] == quote)
            {
                return text[from..at++];
            }
            else if (escapes && text[at] == '\\' && at + 1 < text.Length)
            {
                Skip(2);
            }
            else
            {
                Skip(1);
            }
        }
        throw Endless("What is quoted", started);
    }

    private string? DollarTag()
    {
        var end = at + 1;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }
        return end < text.Length && text[end] == '$' && (end == at + 1 || !char.IsAsciiDigit(text[at + 1]))
            ? text[at..(end + 1)]
            : null;
    }

    private string Dollar(string tag)
    {
        var (from, started) = (at + tag.Length, line);
        var end = text.IndexOf(tag, from, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Endless("What is quoted by " + tag, started);
        }
        Skip(end + tag.Length - at);
        return text[from..end];
    }

    private void LineComment()
    {
        var end = text.IndexOf('\n', at);
        end = end < 0 ? text.Length : end;
        Told(text[at..end].TrimStart('-', '#', ' ', '>').Trim());
        at = end;
    }

    private void BlockComment()
    {
        var (from, started, depth) = (at, line, 0);
        while (at < text.Length)
        {
            if (Has("/*"))
            {
                depth++;
                at += 2;
            }
            else if (Has("*/"))
            {
                at += 2;
                if (--depth == 0)
                {
                    Told(text[(from + 2)..(at - 2)].Trim());
                    return;
                }
            }
            else
            {
                Skip(1);
            }
        }
        throw Endless("A comment", started);
    }

    // -- fairlead: allow column-dropped because nobody has read it since 2025
    private void Told(string comment)
    {
        if (comment == "statement-breakpoint" && atomic == 0)
        {
            End(at); // Drizzle's sign between statements.
        }
        if (!comment.StartsWith(Marker, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }
        var words = comment[Marker.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["allow", var rule, "because", _, ..])
        {
            allowances.Add(new(rule, string.Join(' ', words[3..])));
        }
        else if (words.Length > 0)
        {
            directives.Add(string.Join(' ', words));
        }
    }

    private void End(int end)
    {
        if (tokens.Count > 0)
        {
            statements.Add(
                new(text[begin..end].TrimEnd(), tokens[0].Line, [.. tokens]) { Allowances = [.. allowances] }
            );
            allowances.Clear();
        }
        tokens.Clear();
        (begin, atomic) = (-1, 0);
    }

    private bool IsLineStart => at == 0 || text[at - 1] == '\n';

    private bool Has(string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private void Skip(int letters)
    {
        for (var left = letters; left > 0 && at < text.Length; left--)
        {
            if (text[at++] == '\n')
            {
                line++;
            }
        }
    }

    private static FormatException Endless(string what, int line) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what} in line {line} has no end."));
}
