using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>Parts an expression into signs, names and literals.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] Signs =
    [
        "!=",
        "==",
        "<=",
        ">=",
        "&&",
        "||",
        "(",
        ")",
        "[",
        "]",
        ",",
        "!",
        "<",
        ">",
        "*",
    ];

    private readonly List<Token> tokens = [];
    private int at;

    /// <summary>The last one is the end; or what is wrong.</summary>
    public (IReadOnlyList<Token> Tokens, ExpressionFault? Fault) Read()
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\r' or '\n')
            {
                at++;
            }
            else if (Next() is { } fault)
            {
                return (tokens, fault);
            }
        }
        tokens.Add(new(TokenKind.End, text.Length, ""));
        return (tokens, null);
    }

    private ExpressionFault? Next()
    {
        var letter = text[at];
        if (letter == '\'')
        {
            return Quoted();
        }
        if (letter == '.' && IsAfterValue())
        {
            return Add(TokenKind.Sign, 1);
        }
        if (letter is '.' or '-' or '+' || char.IsAsciiDigit(letter))
        {
            return Number();
        }
        var sign = Array.Find(Signs, one => string.CompareOrdinal(text, at, one, 0, one.Length) == 0);
        return sign is null ? Name() : Add(TokenKind.Sign, sign.Length);
    }

    private bool IsAfterValue() =>
        tokens is [.., { Kind: TokenKind.Name } or { Kind: TokenKind.Sign, Text: ")" or "]" or "*" }];

    private ExpressionFault? Quoted()
    {
        var from = at;
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                continue;
            }
            if (at + 1 == text.Length || text[at + 1] != '\'')
            {
                at++;
                var letters = text[(from + 1)..(at - 1)].Replace("''", "'", StringComparison.Ordinal);
                tokens.Add(new(TokenKind.Literal, from, text[from..at], new ExpressionValue.Text(letters)));
                return null;
            }
            at++;
        }
        return new(
            from,
            "A text begins here whose quote is never closed.",
            "Texts stand in single quotes; one within them is written twice.",
            "Write for example: 'it''s'"
        );
    }

    private ExpressionFault? Number()
    {
        var length = WordLength(withPoints: true);
        var word = text.Substring(at, length);
        var amount = NumberText.Read(word);
        return double.IsNaN(amount)
            ? Unknown(word, "It begins as a number, and is none.")
            : Add(TokenKind.Literal, length, new ExpressionValue.Number(amount));
    }

    private ExpressionFault? Name()
    {
        var length = Math.Max(1, WordLength(withPoints: false));
        var word = text.Substring(at, length);
        if (!IsName(word))
        {
            return text[at] == '"'
                ? new(at, "Double quotes are not known here.", "Texts stand in single quotes.", "Write 'text'.")
                : Unknown(word, "Names are letters, digits, '_' and '-'; texts stand in single quotes.");
        }
        var isProperty = tokens is [.., { Kind: TokenKind.Sign, Text: "." }];
        ExpressionValue? literal = isProperty
            ? null
            : word switch
            {
                "true" => ExpressionValue.True,
                "false" => ExpressionValue.False,
                "null" => ExpressionValue.None,
                "NaN" => new ExpressionValue.Number(double.NaN),
                "Infinity" => new ExpressionValue.Number(double.PositiveInfinity),
                _ => null,
            };
        return Add(literal is null ? TokenKind.Name : TokenKind.Literal, length, literal);
    }

    private ExpressionFault? Add(TokenKind kind, int length, ExpressionValue? value = null)
    {
        tokens.Add(new(kind, at, text.Substring(at, length), value));
        at += length;
        return null;
    }

    private int WordLength(bool withPoints)
    {
        var end = at;
        while (end < text.Length && (!IsBoundary(text[end]) || (withPoints && text[end] == '.')))
        {
            end++;
        }
        return end - at;
    }

    private static bool IsBoundary(char letter) =>
        letter is '(' or ')' or '[' or ']' or ',' or '.' or '!' or '<' or '>' or '=' or '&' or '|'
        || char.IsWhiteSpace(letter);

    private static bool IsName(string word) =>
        (char.IsAsciiLetter(word[0]) || word[0] == '_')
        && word.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private ExpressionFault Unknown(string word, string why) =>
        new(
            at,
            $"{Shown.Quoted(word)} cannot be read.",
            why,
            word is "=" or "&" or "|"
                ? $"Write '{word}{word}'."
                : "Write for example: branch == 'main' && needs.test.result == 'success'"
        );
}
