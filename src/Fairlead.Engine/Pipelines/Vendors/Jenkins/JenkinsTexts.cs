using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>
/// Texts with expressions, as texts with variables of the environment: a shell fills them in, or Jenkins where it sets a
/// variable. Nothing becomes a part of the file's own code.
/// </summary>
/// <param name="job">Whose matrix they may ask for.</param>
/// <param name="values">Of one combination; null where they are not known.</param>
internal sealed class JenkinsTexts(Job job, IReadOnlyDictionary<string, string>? values = null)
{
    /// <summary>Words of Groovy, which no name can be.</summary>
    private static readonly HashSet<string> Taken =
    [
        .. "abstract as assert boolean break byte case catch char class const continue def default do double else enum extends false final".Split(
            ' '
        ),
        .. "finally float for goto if implements import in instanceof int interface long native new null package private protected".Split(
            ' '
        ),
        .. "public return short static strictfp super switch synchronized this threadsafe throw throws trait transient true try void volatile while".Split(
            ' '
        ),
    ];

    /// <summary>
    /// The value of a variable as Groovy has it; null when it cannot be worked out. Jenkins fills in variables of the environment once
    /// more, so a dollar is two.
    /// </summary>
    /// <param name="before">What stands before it in the same text.</param>
    public string? Value(string text, string before = "")
    {
        if (TextTemplate.Parse(text).Template is not { } template)
        {
            return TextTemplate.IsIn(text) ? null : GroovyText.Quoted(before + Twice(text));
        }
        List<(string Text, bool IsCode)> parts = [(before, false)];
        foreach (var part in template.Parts)
        {
            if (part.Expression is null || Known(part.Expression) is not null)
            {
                parts.Add((Twice(part.Expression is null ? part.Text : Known(part.Expression)!), false));
            }
            else if (Name(part.Expression) is { } name)
            {
                parts.Add(($"env.{name} ?: ''", true));
            }
            else
            {
                return null;
            }
        }
        return parts.Exists(static one => one.IsCode)
            ? GroovyText.Filled(parts)
            : GroovyText.Quoted(string.Concat(parts.Select(static one => one.Text)));
    }

    /// <summary>What is known when the file is written: a text, or a value of the combination.</summary>
    private string? Known(Expression expression) =>
        Literal(expression)
        ?? (
            expression is Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
            && values is not null
            && string.Equals(of.Name, "matrix", StringComparison.OrdinalIgnoreCase)
                ? values
                    .FirstOrDefault(one =>
                        string.Equals(one.Key, name.Value.ToString(), StringComparison.OrdinalIgnoreCase)
                    )
                    .Value
                    ?? ""
                : null
        );

    private static string Twice(string letters) => letters.Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>A script for sh or bash.</summary>
    public string? Script(string text) => Filled(text, static letters => letters, Variable);

    /// <summary>A script for PowerShell.</summary>
    public string? PowerShell(string text) =>
        Filled(text, static letters => letters, one => Name(one) is { } name ? $"${{env:{name}}}" : Literal(one));

    /// <summary>A script for another interpreter, which knows no variables of shells.</summary>
    public static string? Program(string text) => Filled(text, static letters => letters, Literal);

    /// <summary>One word of a command.</summary>
    public string? Word(string text) =>
        !TextTemplate.IsIn(text) ? ShellText.Quoted(text)
        : Filled(
            text,
            ShellText.Escaped,
            one => Literal(one) is { } literal ? ShellText.Escaped(literal) : Variable(one)
        )
            is { } filled
            ? $"\"{filled}\""
        : null;

    /// <summary>What an environment has a value of ours under; null when it has it under no name.</summary>
    public string? Name(Expression expression) =>
        expression switch
        {
            Expression.Named named => named.Name.ToUpperInvariant() switch
            {
                "BRANCH" => "BRANCH_NAME",
                "TAG" => "TAG_NAME",
                "COMMIT" => "GIT_COMMIT",
                "SOURCE" => "CHANGE_BRANCH",
                "TARGET" => "CHANGE_TARGET",
                _ => null,
            },
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name } =>
                of.Name.ToUpperInvariant() switch
                {
                    "ENV" => name.Value.ToString(),
                    "MATRIX" => Axis(name.Value.ToString(), job.Matrix),
                    _ => null,
                },
            _ => null,
        };

    /// <summary>Whether a variable can be set by its name alone, which words of Groovy cannot.</summary>
    public static bool IsFree(string name) => !Taken.Contains(name);

    /// <summary>What the variable of a combination is called; null when it is none.</summary>
    public static string? Axis(string name, Matrix? matrix) =>
        Named(matrix, name)?.Replace('-', '_') is { } plain ? (IsFree(plain) ? plain : $"of_{plain}") : null;

    private static string? Named(Matrix? matrix, string name) =>
        matrix is null
            ? null
            : matrix
                .Axes.Select(static one => one.Name)
                .Concat(matrix.Include.SelectMany(static one => one.Keys))
                .FirstOrDefault(one => string.Equals(one, name, StringComparison.OrdinalIgnoreCase));

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
            if ((part.Expression is { } expression ? fill(expression) : literal(part.Text)) is not { } said)
            {
                return null;
            }
            parts.Add(said);
        }
        return string.Concat(parts);
    }

    private static string? Literal(Expression expression) =>
        expression is Expression.Literal literal ? literal.Value.ToString() : null;

    private string? Variable(Expression expression) =>
        Name(expression) is { } name ? $"${{{name}}}" : Literal(expression);
}
