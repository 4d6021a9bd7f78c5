namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>What an <c>if</c> says. One that does not ask how things went holds only when they went well.</summary>
/// <param name="Expression">Null for a condition that says nothing: then success alone is asked for.</param>
public sealed record Condition(Expression? Expression)
{
    /// <summary>Of a job or task that says none.</summary>
    public static Condition Usual { get; } = new((Expression?)null);

    /// <summary>Reads one, in <c>${{ }}</c> or without; never throws.</summary>
    public static (Condition? Condition, ExpressionFault? Fault) Parse(string text)
    {
        if (!TextTemplate.IsIn(text))
        {
            var (expression, wrong) = Expression.Parse(text);
            return wrong is null ? (new Condition(expression), null) : (null, wrong);
        }
        var (template, fault) = TextTemplate.Parse(text);
        if (fault is not null)
        {
            return (null, fault);
        }
        var parts = template!
            .Parts.Where(static one => one.Expression is not null || one.Text.Trim().Length > 0)
            .ToList();
        return parts is [{ Expression: { } only }]
            ? (new Condition(only), null)
            // A text that is not empty always holds: it says something else than it seems to.
            : (
                null,
                new(
                    0,
                    "The condition is partly text.",
                    "A text with something in it always holds, whatever the expressions in it say.",
                    "Write it as one expression without ${{ }}, such as: branch == 'main' && event == 'push'"
                )
            );
    }

    /// <exception cref="Fairlead.Model.Problems.ProblemException">A function cannot take what it is given.</exception>
    public bool Holds(IExpressionContext context) =>
        (AsksStatus || context.Status == RunStatus.Success) && (Expression?.Evaluate(context).IsTrue ?? true);

    /// <summary>Whether it calls success, failure, cancelled or always.</summary>
    public bool AsksStatus =>
        Expression?.All.Any(static one =>
            one is Expression.Called called && Functions.Known[called.Function].AsksStatus
        ) ?? false;
}
