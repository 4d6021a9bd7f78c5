using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>What expressions may name at one place of a pipeline's file. What is not known there is never silently empty.</summary>
internal sealed record Vocabulary
{
    /// <summary>Words with one value, known wherever expressions are.</summary>
    public static IReadOnlyList<string> Words { get; } =
    ["branch", "tag", "event", "ref", "commit", "source", "target"];

    private static readonly string[] Groups = ["env", "matrix", "needs"];

    /// <summary>Whether the machine is known already.</summary>
    public bool HasMachine { get; init; }

    /// <summary>Null where variables are not known yet.</summary>
    public IReadOnlySet<string>? Env { get; init; }

    /// <summary>Null where combinations are not known yet.</summary>
    public IReadOnlySet<string>? Matrix { get; init; }

    /// <summary>Null where other jobs are not known yet.</summary>
    public IReadOnlySet<string>? Needs { get; init; }

    /// <summary>Whether success() and its like can be asked.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Whether files can be asked for.</summary>
    public bool HasFiles { get; init; }

    public IEnumerable<ExpressionFault> Check(Expression expression) =>
        expression.All.Select(One).OfType<ExpressionFault>();

    private ExpressionFault? One(Expression expression) =>
        expression switch
        {
            Expression.Named named => Named(named),
            Expression.Called { Function: "hashFiles" } called when !HasFiles => NotHere(called.At, "hashFiles()"),
            Expression.Called called when !HasStatus && Functions.Known[called.Function].AsksStatus => NotHere(
                called.At,
                $"{called.Function}()"
            ),
            Expression.Indexed { Of: Expression.Named of } indexed => Inside(of.Name, indexed),
            Expression.Indexed { Of: Expression.Indexed { Of: Expression.Named of }, Index: Expression.Literal index }
                when Is(of.Name, "needs") && !Is(index.Value.ToString(), "result") => new(
                index.At,
                $"A job has no {Shown.Quoted(index.Value.ToString())} here.",
                "What is known of it is its result: success, failure, cancelled or skipped.",
                "Write for example: needs.test.result == 'success'"
            ),
            _ => null,
        };

    private ExpressionFault? Named(Expression.Named named)
    {
        if (IsWord(named.Name) || Group(named.Name) is not null)
        {
            return null;
        }
        if (Is(named.Name, "env") || Is(named.Name, "matrix") || Is(named.Name, "needs") || Is(named.Name, "machine"))
        {
            return NotHere(named.At, $"'{named.Name}'");
        }
        if (Is(named.Name, "secrets"))
        {
            return new(
                named.At,
                "Secrets are not known to expressions.",
                "What an expression says is shown, and a script can hold it for others to see.",
                "Write 'secrets: [NAME]' at the job, and use the variable NAME."
            );
        }
        var meant = Nearest.To(named.Name, All);
        return new(
            named.At,
            $"{Shown.Quoted(named.Name)} is not known.",
            $"Known here are {string.Join(", ", All)}.",
            meant is not null ? $"Did you mean '{meant}'?"
                : named.Name is "github" or "gitlab" or "variables"
                    ? "Use the word that is the same in every CI system, such as 'branch' or 'event'."
                : $"For a text, write it in quotes: '{Shown.Line(named.Name)}'"
        );
    }

    private ExpressionFault? Inside(string of, Expression.Indexed indexed)
    {
        if (IsWord(of))
        {
            return new(
                indexed.At,
                $"'{of}' has nothing in it.",
                "It is a text.",
                $"Write for example: startsWith({of}, 'a')"
            );
        }
        if (Group(of) is not { } known || indexed.Index is not Expression.Literal { Value: ExpressionValue.Text name })
        {
            return null;
        }
        if (known.Any(one => Is(one, name.Letters)))
        {
            return null;
        }
        var meant = Nearest.To(name.Letters, known);
        return new(
            indexed.At,
            $"{Shown.Quoted($"{of}.{name.Letters}")} is not known.",
            known.Count == 0
                ? $"Nothing is known of '{of}' here."
                : $"Known are {Shown.Line(string.Join(", ", known))}.",
            meant is not null ? $"Did you mean '{of}.{meant}'?"
                : Is(of, "env") ? "Declare it under 'env', of the pipeline or the job."
                : Is(of, "needs") ? "Name the job under 'needs'."
                : "Name it under 'matrix'."
        );
    }

    private IEnumerable<string> All =>
        [.. Words, .. HasMachine ? ["machine"] : (string[])[], .. Groups.Where(one => Group(one) is not null)];

    private IReadOnlySet<string>? Group(string name) =>
        Is(name, "env") ? Env
        : Is(name, "matrix") ? Matrix
        : Is(name, "needs") ? Needs
        : null;

    private bool IsWord(string name) =>
        Words.Contains(name, StringComparer.OrdinalIgnoreCase) || (HasMachine && Is(name, "machine"));

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static ExpressionFault NotHere(int at, string what) =>
        new(
            at,
            $"{what} is not known here.",
            "It is known only later, when this is decided already.",
            "Use it in the 'if', the command or the variables of a task."
        );
}
