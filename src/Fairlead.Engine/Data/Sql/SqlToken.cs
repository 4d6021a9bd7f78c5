using System.Runtime.InteropServices;

namespace Fairlead.Engine.Data.Sql;

/// <summary>What a piece of SQL is.</summary>
public enum SqlKind
{
    /// <summary>A keyword or a name without quotes; its text is in lower case.</summary>
    Word,

    /// <summary>A name in quotes; its text is without them.</summary>
    Name,

    /// <summary>A string, of any kind of quotes; its text is what stands between them.</summary>
    Text,

    /// <summary>A number or a parameter such as <c>$1</c>.</summary>
    Number,

    /// <summary>Any other single character.</summary>
    Symbol,
}

/// <summary>A piece of SQL.</summary>
/// <param name="Line">Where it begins, 1 for the first line.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SqlToken(SqlKind Kind, string Text, int Line)
{
    /// <summary>Whether it is this keyword or character, which is said in lower case.</summary>
    public bool Is(string word) => Kind is SqlKind.Word or SqlKind.Symbol && Text == word;
}
