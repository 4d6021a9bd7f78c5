using System.Runtime.InteropServices;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>A place in a query: letters from <paramref name="Start"/> up to <paramref name="End"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Place(int Start, int End)
{
    public static Place From(Place first, Place last) => new(first.Start, last.End);
}

internal enum TokenKind
{
    End,

    /// <summary>A word: what it means, keyword or name, depends on where it stands.</summary>
    Word,
    Number,
    Duration,
    Text,
    Comma,
    Colon,
    LeftParenthesis,
    RightParenthesis,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    At,

    /// <summary><c>=</c>, only in braces.</summary>
    Equal,
    MatchesRegex,
    MatchesNoRegex,

    /// <summary><c>+ - * / % ^ == != &lt; ...</c></summary>
    Operator,
}

/// <summary>A piece of a query.</summary>
/// <param name="Value">Its letters; of a text what it says, without quotes and escapes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(TokenKind Kind, string Value, Place Place)
{
    public bool Is(string letters) => Kind == TokenKind.Operator && Value == letters;

    public bool IsWord(string word) =>
        Kind == TokenKind.Word && string.Equals(Value, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>How errors name it.</summary>
    public string Described =>
        Kind switch
        {
            TokenKind.End => "end of input",
            TokenKind.Number => $"number \"{Value}\"",
            TokenKind.Duration => $"duration \"{Value}\"",
            TokenKind.Text => $"string {Written.Quoted(Value)}",
            TokenKind.Word when Keywords.Reserved.Contains(Value) => $"<{Value.ToLowerInvariant()}>",
            TokenKind.Word => $"identifier \"{Value}\"",
            _ => $"\"{Value}\"",
        };
}
