using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Texts with expressions, as texts with variables, which GitLab and its shells fill in.</summary>
internal static class GitLabTexts
{
    /// <summary>Null when an expression in it is no variable there.</summary>
    /// <param name="literal">How letters are written that are not to be filled in.</param>
    public static string? Filled(string text, Func<string, string>? literal = null)
    {
        literal ??= static letters => letters;
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
            var said = part.Expression is { } expression ? Variable(expression) : literal(part.Text);
            if (said is null)
            {
                return null;
            }
            parts.Add(said);
        }
        return string.Concat(parts);
    }

    /// <summary>The value of a variable, into which GitLab fills others.</summary>
    public static string? Value(string text) =>
        Filled(text, static letters => letters.Replace("$", "$$", StringComparison.Ordinal));

    /// <summary>A word in double quotes, in which a shell fills in variables and nothing else.</summary>
    public static string? Word(string text) => Filled(text, ShellText.Escaped) is { } filled ? $"\"{filled}\"" : null;

    /// <summary>What a variable of the matrix is called: letters, digits and underscores.</summary>
    public static string Named(string axis) => axis.Replace('-', '_');

    private static string? Variable(Expression expression) =>
        expression switch
        {
            Expression.Literal literal => literal.Value.ToString(),
            Expression.Named named when string.Equals(named.Name, "ref", StringComparison.OrdinalIgnoreCase) =>
                "${CI_COMMIT_REF_NAME}",
            Expression.Named named when GitLabConditions.Variable(named.Name) is { } variable =>
                $"${{{variable[1..]}}}",
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
                when of.Name.ToUpperInvariant() is "ENV" or "MATRIX" => $"${{{Named(name.Value.ToString())}}}",
            _ => null,
        };
}
