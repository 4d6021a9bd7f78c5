using System.Text;

namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>A text with expressions in <c>${{ }}</c>, which are filled in.</summary>
public sealed class TextTemplate
{
    private const string Open = "${{";
    private const string Close = "}}";

    private TextTemplate(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>What it consists of, in order.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>A text as it is, or an expression.</summary>
    /// <param name="At">Letters before it.</param>
    /// <param name="Text">As it is written; of an expression without the braces.</param>
    /// <param name="Expression">Null for a text.</param>
    public sealed record Part(int At, string Text, Expression? Expression);

    /// <summary>Whether a text has anything to fill in.</summary>
    public static bool IsIn(string text) => text.Contains(Open, StringComparison.Ordinal);

    /// <summary>Reads one; never throws.</summary>
    public static (TextTemplate? Template, ExpressionFault? Fault) Parse(string text)
    {
        List<Part> parts = [];
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf(Open, at, StringComparison.Ordinal);
            var end = open < 0 ? text.Length : open;
            if (end > at)
            {
                parts.Add(new(at, text[at..end], Expression: null));
            }
            if (open < 0)
            {
                break;
            }
            var from = open + Open.Length;
            var close = Closing(text, from);
            if (close < 0)
            {
                return (
                    null,
                    new(
                        open,
                        "An expression begins here and never ends.",
                        "Expressions in texts stand between ${{ and }}.",
                        "Add '}}', and see that quotes within it are closed."
                    )
                );
            }
            var (expression, fault) = Expression.Parse(text[from..close]);
            if (fault is not null)
            {
                return (null, fault with { At = fault.At + from });
            }
            parts.Add(new(from, text[from..close], expression));
            at = close + Close.Length;
        }
        return (new(parts), null);
    }

    /// <exception cref="Fairlead.Model.Problems.ProblemException">A function cannot take what it is given.</exception>
    public string Fill(IExpressionContext context)
    {
        var filled = new StringBuilder();
        foreach (var part in Parts)
        {
            filled.Append(part.Expression is { } one ? one.Evaluate(context).ToString() : part.Text);
        }
        return filled.ToString();
    }

    /// <summary>The first <c>}}</c> outside of quotes; -1 when there is none.</summary>
    private static int Closing(string text, int from)
    {
        var isQuoted = false;
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == '\'')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && string.CompareOrdinal(text, at, Close, 0, Close.Length) == 0)
            {
                return at;
            }
        }
        return -1;
    }
}
