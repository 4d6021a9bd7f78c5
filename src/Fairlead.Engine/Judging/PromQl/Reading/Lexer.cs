using System.Text;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Takes a query to pieces. Braces and brackets have rules of their own, as in Prometheus.</summary>
internal sealed class Lexer
{
    /// <summary>A query that is longer was not written by a person, nor by a dashboard.</summary>
    private const int LettersMax = 256 * 1024;

    private readonly string text;
    private readonly List<Token> tokens = [];
    private readonly Stack<(char Open, int At)> open = new();
    private int at;

    private Lexer(string text) => this.text = text;

    /// <summary>All pieces, the last of which is the end.</summary>
    public static IReadOnlyList<Token> Read(string text)
    {
        if (text.Length > LettersMax)
        {
            throw Faults.Syntax(
                text,
                new(LettersMax, LettersMax),
                $"query is longer than {LettersMax} characters",
                "a shorter query"
            );
        }
        var lexer = new Lexer(text);
        lexer.ReadAll();
        return lexer.tokens;
    }

    private bool IsInBraces => open.Count > 0 && open.Peek().Open == '{';

    private bool IsInBrackets => open.Any(one => one.Open == '[');

    private char Here => at < text.Length ? text[at] : '\0';

    private char After => at + 1 < text.Length ? text[at + 1] : '\0';

    private void ReadAll()
    {
        while (at < text.Length)
        {
            if (IsSpace(Here))
            {
                at++;
            }
            else if (Here == '#')
            {
                while (at < text.Length && Here is not ('\n' or '\r'))
                {
                    at++;
                }
            }
            else if (IsInBraces)
            {
                ReadInBraces();
            }
            else
            {
                ReadOutside();
            }
        }
        if (open.Count > 0)
        {
            var message = open.Peek().Open switch
            {
                '(' => "unclosed left parenthesis",
                '[' => "unclosed left bracket",
                _ => "unexpected end of input inside braces",
            };
            throw Fault(message, new(text.Length, text.Length));
        }
        tokens.Add(new(TokenKind.End, "", new(text.Length, text.Length)));
    }

    private void ReadOutside()
    {
        var start = at;
        switch (Here)
        {
            case ',':
                Take(TokenKind.Comma, 1);
                break;
            case '*' or '/' or '%' or '+' or '-' or '^':
                Take(TokenKind.Operator, 1);
                break;
            case '=' when After == '=':
            case '!' when After == '=':
            case '<' when After == '=':
            case '>' when After == '=':
                Take(TokenKind.Operator, 2);
                break;
            case '<' or '>':
                Take(TokenKind.Operator, 1);
                break;
            case '=' when After == '~':
                throw Fault("unexpected character after '=': '~'", new(start, start + 2));
            case '=':
                Take(TokenKind.Equal, 1);
                break;
            case '!':
                throw Fault($"unexpected character after '!': {Shown(After)}", new(start, start + 2));
            case '"' or '\'' or '`':
                ReadText();
                break;
            case '(' or '{' or '[':
                Open();
                break;
            case ')' or '}' or ']':
                Close();
                break;
            case '@':
                Take(TokenKind.At, 1);
                break;
            case ':' when IsInBrackets:
                Take(TokenKind.Colon, 1);
                break;
            case '.' when char.IsAsciiDigit(After):
            case >= '0' and <= '9':
                ReadNumber();
                break;
            case var letter when IsLetter(letter) || letter == ':':
                ReadWord(withColons: !IsInBrackets);
                break;
            default:
                throw Fault($"unexpected character: {Shown(Here)}", new(start, start + 1));
        }
    }

    private void ReadInBraces()
    {
        var start = at;
        switch (Here)
        {
            case ',':
                Take(TokenKind.Comma, 1);
                break;
            case '"' or '\'' or '`':
                ReadText();
                break;
            case '=' when After == '~':
                Take(TokenKind.MatchesRegex, 2);
                break;
            case '=':
                Take(TokenKind.Equal, 1);
                break;
            case '!' when After == '~':
                Take(TokenKind.MatchesNoRegex, 2);
                break;
            case '!' when After == '=':
                Take(TokenKind.Operator, 2);
                break;
            case '!':
                throw Fault($"unexpected character after '!' inside braces: {Shown(After)}", new(start, start + 2));
            case '{':
                throw Fault("unexpected left brace '{'", new(start, start + 1));
            case '}':
                Close();
                break;
            case var letter when IsLetter(letter):
                ReadWord(withColons: false);
                break;
            default:
                throw Fault($"unexpected character inside braces: {Shown(Here)}", new(start, start + 1));
        }
    }

    private void Open()
    {
        var kind = Here switch
        {
            '(' => TokenKind.LeftParenthesis,
            '{' => TokenKind.LeftBrace,
            _ => TokenKind.LeftBracket,
        };
        if (kind == TokenKind.LeftBracket && IsInBrackets)
        {
            throw Fault("unexpected left bracket '['", new(at, at + 1));
        }
        open.Push((Here, at));
        Take(kind, 1);
    }

    private void Close()
    {
        var (kind, partner, name) = Here switch
        {
            ')' => (TokenKind.RightParenthesis, '(', "parenthesis"),
            '}' => (TokenKind.RightBrace, '{', "brace"),
            _ => (TokenKind.RightBracket, '[', "bracket"),
        };
        if (open.Count == 0 || open.Peek().Open != partner)
        {
            throw Fault($"unexpected right {name} {Shown(Here)}", new(at, at + 1));
        }
        open.Pop();
        Take(kind, 1);
    }

    private void Take(TokenKind kind, int length)
    {
        tokens.Add(new(kind, text.Substring(at, length), new(at, at + length)));
        at += length;
    }

    private void ReadWord(bool withColons)
    {
        var end = at;
        while (
            end < text.Length
            && (IsLetter(text[end]) || char.IsAsciiDigit(text[end]) || (withColons && text[end] == ':'))
        )
        {
            end++;
        }
        Take(TokenKind.Word, end - at);
    }

    private void ReadNumber()
    {
        var duration = Durations.LengthAt(text, at);
        if (duration > 0)
        {
            Take(TokenKind.Duration, duration);
            return;
        }
        var length = Numbers.LengthAt(text, at);
        var end = at + Math.Max(length, 1);
        if (
            length == 0
            || (end < text.Length && (IsLetter(text[end]) || char.IsAsciiDigit(text[end]) || text[end] == '.'))
        )
        {
            while (end < text.Length && (IsLetter(text[end]) || char.IsAsciiDigit(text[end])))
            {
                end++;
            }
            throw Fault($"bad number or duration syntax: \"{text[at..end]}\"", new(at, end));
        }
        Take(TokenKind.Number, length);
    }

    private void ReadText()
    {
        var (start, quote) = (at, Here);
        at++;
        var value = new StringBuilder();
        while (true)
        {
            if (at >= text.Length || (quote != '`' && Here == '\n'))
            {
                throw Fault(quote == '`' ? "unterminated raw string" : "unterminated quoted string", new(start, at));
            }
            if (Here == quote)
            {
                at++;
                break;
            }
            if (Here == '\\' && quote != '`')
            {
                at += Escapes.Read(text, at, quote, value) is > 0 and var length
                    ? length
                    : throw Fault("bad escape sequence in string", new(start, Math.Min(at + 2, text.Length)));
            }
            else
            {
                value.Append(text[at++]);
            }
        }
        tokens.Add(new(TokenKind.Text, Escapes.Joined(value), new(start, at)));
    }

    private Model.Problems.ProblemException Fault(string message, Place place) => Faults.Syntax(text, place, message);

    private static string Shown(char letter) => letter == '\0' ? "end of input" : $"'{letter}'";

    private static bool IsSpace(char letter) => letter is ' ' or '\t' or '\n' or '\r';

    private static bool IsLetter(char letter) => letter == '_' || char.IsAsciiLetter(letter);
}
