using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>
/// Conditions in Azure's functions, https://learn.microsoft.com/azure/devops/pipelines/process/expressions. What it cannot say
/// has no answer, never a similar one.
/// </summary>
internal sealed class AzureConditions
{
    public const string Heads = "refs/heads/";
    public const string Tags = "refs/tags/";
    public const string Ref = "variables['Build.SourceBranch']";
    public const string Pushed = "in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI')";

    /// <summary>Names of jobs there; null where their results cannot be asked for.</summary>
    public AzureNames? Jobs { get; init; }

    /// <summary>Variables of the pipeline there, by ours such as <c>env.X</c>; empty where they are not known yet.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Those of them that hold machines, which have other names there.</summary>
    public IReadOnlySet<string> MachineVariables { get; init; } = new HashSet<string>();

    /// <summary>What is written under <c>condition</c>; nothing when it is what Azure does by itself, or when it cannot be said.</summary>
    public (string? Condition, bool IsSaid) Of(string? text)
    {
        if (text is null || Condition.Parse(text).Condition is not { Expression: { } expression } condition)
        {
            return (null, true);
        }
        if (expression is Expression.Called { Function: "success" })
        {
            return (null, true);
        }
        if (Said(expression) is not { } said)
        {
            return (null, false);
        }
        // What asks for no status holds only when all went well; at Azure it would hold in any case.
        return (
            condition.AsksStatus ? said
            : said.StartsWith("and(", StringComparison.Ordinal) && expression is Expression.Joined { IsAnd: true }
                ? $"and(succeeded(), {said[4..]}"
            : $"and(succeeded(), {said})",
            true
        );
    }

    /// <summary>A text as Azure quotes it.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private string? Said(Expression expression) =>
        expression switch
        {
            Expression.Not { Of: Expression.Called { Function: "cancelled" } } => "succeededOrFailed()",
            Expression.Not not => Said(not.Of) is { } of ? $"not({of})" : null,
            Expression.Joined joined => Joined(joined),
            Expression.Compared { Sign: "==" or "!=" } compared => Compared(compared),
            Expression.Called { Function: "always" } => "always()",
            Expression.Called { Function: "success" } => "succeeded()",
            Expression.Called { Function: "failure" } => "failed()",
            Expression.Called { Function: "cancelled" } => "canceled()",
            Expression.Called
            {
                Function: "startsWith" or "endsWith" or "contains",
                Given: [var of, Expression.Literal with]
            } called => Called(called.Function, of, with.Value.ToString()),
            Expression.Literal { Value: ExpressionValue.Truth yes } => yes.Holds ? "eq(1, 1)" : "eq(1, 2)",
            Expression.Named { Name: var name } when Prefix(name) is { } prefix => $"startsWith({Ref}, '{prefix}')",
            _ => Place(expression) is { } place ? $"ne({place}, '')" : null,
        };

    private string? Joined(Expression.Joined joined)
    {
        var parts = joined.Parts.Select(Said).ToList();
        return parts.Contains(null) ? null : $"{(joined.IsAnd ? "and" : "or")}({string.Join(", ", parts)})";
    }

    private string? Compared(Expression.Compared compared)
    {
        if (compared.Right is not Expression.Literal { Value: ExpressionValue.Text { Letters: var text } })
        {
            return null;
        }
        var isEqual = compared.Sign == "==";
        if (Jobs is not null && Result(compared.Left, text) is { } result)
        {
            return Signed(result, isEqual);
        }
        if (compared.Left is Expression.Named named)
        {
            var known = Word(named.Name, text);
            return known is null ? null : Signed(known, isEqual);
        }
        if (Place(compared.Left) is not { } place)
        {
            return null;
        }
        var isMachine = MachineVariables.Any(one => place == $"variables['{one}']");
        return $"{(isEqual ? "eq" : "ne")}({place}, {Text(isMachine ? Machines.ToGitHub(text) : text)})";
    }

    private static string? Word(string name, string text) =>
        (name.ToUpperInvariant(), text) switch
        {
            ("EVENT", "push") => $"and({Pushed}, startsWith({Ref}, '{Heads}'))",
            ("EVENT", "tag") => $"and({Pushed}, startsWith({Ref}, '{Tags}'))",
            ("EVENT", "change") => "eq(variables['Build.Reason'], 'PullRequest')",
            ("EVENT", "schedule") => "eq(variables['Build.Reason'], 'Schedule')",
            ("EVENT", "manual") => "eq(variables['Build.Reason'], 'Manual')",
            ("MACHINE", "linux") => "eq(variables['Agent.OS'], 'Linux')",
            ("MACHINE", "macos") => "eq(variables['Agent.OS'], 'Darwin')",
            ("MACHINE", "windows") => "eq(variables['Agent.OS'], 'Windows_NT')",
            ("REF", _) => $"eq({Ref}, {Text(text)})",
            ("COMMIT", _) => $"eq(variables['Build.SourceVersion'], {Text(text)})",
            // Repositories of Azure say the whole name of the branch here, those of GitHub the short one.
            ("SOURCE" or "TARGET", not "") => $"in({Change(name)}, {Text(text)}, {Text(Heads + text)})",
            ("SOURCE" or "TARGET", _) => $"eq({Change(name)}, '')",
            (_, "") when Prefix(name) is { } prefix => $"not(startsWith({Ref}, '{prefix}'))",
            _ when Prefix(name) is { } prefix => $"eq({Ref}, {Text(prefix + text)})",
            _ => null,
        };

    private string? Result(Expression left, string text)
    {
        if (
            left
                is not Expression.Indexed
                {
                    Of: Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal job },
                    Index: Expression.Literal
                }
            || !string.Equals(of.Name, "needs", StringComparison.OrdinalIgnoreCase)
        )
        {
            return null;
        }
        var result = $"dependencies.{Jobs!.Of(job.Value.ToString())}.result";
        return text switch
        {
            "success" => $"in({result}, 'Succeeded', 'SucceededWithIssues')",
            "failure" => $"eq({result}, 'Failed')",
            "cancelled" => $"eq({result}, 'Canceled')",
            "skipped" => $"eq({result}, 'Skipped')",
            _ => null,
        };
    }

    private string? Called(string function, Expression of, string text)
    {
        if (of is Expression.Named { Name: var name })
        {
            if (Prefix(name) is { } prefix)
            {
                return function == "startsWith" ? $"startsWith({Ref}, {Text(prefix + text)})"
                    : Reaches(prefix, text) ? null
                    : $"and(startsWith({Ref}, '{prefix}'), {function}({Ref}, {Text(text)}))";
            }
            if (name.ToUpperInvariant() is "SOURCE" or "TARGET")
            {
                return function == "startsWith"
                        ? $"or(startsWith({Change(name)}, {Text(text)}), startsWith({Change(name)}, {Text(Heads + text)}))"
                    : Reaches(Heads, text) ? null
                    : $"{function}({Change(name)}, {Text(text)})";
            }
        }
        return Place(of) is { } place ? $"{function}({place}, {Text(text)})" : null;
    }

    /// <summary>Whether a text could be found in what stands before the name of a branch.</summary>
    private static bool Reaches(string prefix, string text) =>
        prefix.Contains(text, StringComparison.OrdinalIgnoreCase)
        || Enumerable
            .Range(1, Math.Max(0, text.Length - 1))
            .Any(letters => prefix.EndsWith(text[..letters], StringComparison.OrdinalIgnoreCase));

    private static string Change(string name) =>
        $"variables['System.PullRequest.{(string.Equals(name, "source", StringComparison.OrdinalIgnoreCase) ? "Source" : "Target")}Branch']";

    private static string? Prefix(string name) =>
        name.ToUpperInvariant() switch
        {
            "BRANCH" => Heads,
            "TAG" => Tags,
            _ => null,
        };

    /// <summary>Where the value of something stands that is no word of ours alone.</summary>
    private string? Place(Expression expression) =>
        expression switch
        {
            Expression.Named { Name: var name } => name.ToUpperInvariant() switch
            {
                "REF" => Ref,
                "COMMIT" => "variables['Build.SourceVersion']",
                "SOURCE" or "TARGET" => Change(name),
                _ => null,
            },
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
                when Variables.TryGetValue($"{of.Name.ToUpperInvariant()}.{name.Value}", out var variable) =>
                $"variables['{variable}']",
            _ => null,
        };

    private static string Signed(string said, bool isEqual) =>
        isEqual ? said
        : said.StartsWith("eq(", StringComparison.Ordinal) ? $"ne({said[3..]}"
        : said.StartsWith("in(", StringComparison.Ordinal) ? $"notIn({said[3..]}"
        : said.StartsWith("not(", StringComparison.Ordinal) ? said[4..^1]
        : $"not({said})";
}
