namespace Fairlead.Engine.Pipelines.Expressions;

internal enum TokenKind
{
    End,

    /// <summary>One of <c>( ) [ ] , . ! != == &lt; &lt;= > >= &amp;&amp; || *</c>.</summary>
    Sign,

    Name,

    /// <summary>A number, a text in quotes, true, false or null.</summary>
    Literal,
}

/// <param name="At">Letters before it.</param>
/// <param name="Text">As it is written.</param>
/// <param name="Value">Of a literal.</param>
internal sealed record Token(TokenKind Kind, int At, string Text, ExpressionValue? Value = null);
