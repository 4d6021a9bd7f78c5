using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>
/// Texts with expressions, in CircleCI's two ways: <c>&lt;&lt; &gt;&gt;</c> is filled in before anything runs, variables by the
/// shell. What somebody else can name, such as a branch, never becomes a part of a script.
/// </summary>
/// <param name="job">Whose matrix they may ask for.</param>
internal sealed class CircleTexts(Job job)
{
    private readonly OrderedDictionary<string, string> parameters = CircleNames.Parameters(job.Matrix);

    /// <summary>The job's parameters, by the variable of its matrix.</summary>
    public IReadOnlyDictionary<string, string> Parameters => parameters;

    /// <summary>Letters that are not to be filled in, though they look like it.</summary>
    public static string Literal(string text) => text.Replace("<<", "\\<<", StringComparison.Ordinal);

    /// <summary>A text that no shell reads; null when CircleCI cannot work it out.</summary>
    public string? Value(string text) => Filled(text, Literal, Before);

    /// <summary>A script, into which nothing is filled that others name.</summary>
    public string? Script(string text) => Filled(text, Literal, Safe);

    /// <summary>One word of a command.</summary>
    public string? Word(string text)
    {
        if (Filled(text, Literal, Quotable) is { } known)
        {
            return ShellText.Quoted(known);
        }
        return
            Filled(text, static letters => Literal(ShellText.Escaped(letters)), one => Quotable(one) ?? Variable(one))
                is { } filled
            ? $"\"{filled}\""
            : null;
    }

    private static string? Filled(string text, Func<string, string> literal, Func<Expression, string?> fill)
    {
        if (!TextTemplate.IsIn(text))
        {
            return literal(text);
        }
        if (TextTemplate.Parse(text).Template is not { } template)
        {
            return null;
        }
        List<string> parts = [];
        foreach (var part in template.Parts)
        {
            var said = part.Expression is { } expression ? fill(expression) : literal(part.Text);
            // A '<' before '<<' would belong to it.
            if (said is null || (parts is [.., [.., '<']] && said.StartsWith('<')))
            {
                return null;
            }
            parts.Add(said);
        }
        return string.Concat(parts);
    }

    /// <summary>What is known before anything runs.</summary>
    private string? Before(Expression expression) =>
        expression switch
        {
            Expression.Named named when CircleConditions.Value(named.Name) is { } value => $"<< {value} >>",
            _ => Safe(expression),
        };

    /// <summary>What is known before anything runs, and does no harm in a script.</summary>
    private string? Safe(Expression expression) =>
        expression switch
        {
            Expression.Literal literal => Literal(literal.Value.ToString()),
            Expression.Named named when string.Equals(named.Name, "commit", StringComparison.OrdinalIgnoreCase) =>
                "<< pipeline.git.revision >>",
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
                when string.Equals(of.Name, "matrix", StringComparison.OrdinalIgnoreCase)
                    && parameters.TryGetValue(name.Value.ToString(), out var parameter) =>
                $"<< parameters.{parameter} >>",
            _ => null,
        };

    /// <summary>What stands in quotes as it is.</summary>
    private string? Quotable(Expression expression) =>
        expression is Expression.Indexed { Index: Expression.Literal name }
        && Matrices
            .Values(job.Matrix, name.Value.ToString())
            .Any(static one => one.Any(static letter => "'\"$`\\".Contains(letter)))
            ? null
            : Safe(expression);

    private static string? Variable(Expression expression) =>
        expression switch
        {
            Expression.Named named => named.Name.ToUpperInvariant() switch
            {
                "BRANCH" => "${CIRCLE_BRANCH}",
                "TAG" => "${CIRCLE_TAG}",
                _ => null,
            },
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
                when string.Equals(of.Name, "env", StringComparison.OrdinalIgnoreCase) => $"${{{name.Value}}}",
            _ => null,
        };
}
