using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>The neutral words of expressions in those of GitHub, and back. What has no counterpart has no answer, never a similar one.</summary>
/// <param name="workflow">The pipeline's name, for which expressions may ask there.</param>
/// <param name="machineAxes">Variables of the matrix that hold machines, which have other names there.</param>
internal sealed class GitHubWords(string workflow, IReadOnlySet<string> machineAxes)
{
    private static readonly Expression.Literal Yes = new(0, new ExpressionValue.Truth(true));
    private static readonly Expression.Literal No = new(0, new ExpressionValue.Truth(false));

    /// <summary>What each input of a run begun by hand is when nobody is asked, by its name.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    private const string Heads = "refs/heads/";
    private const string Tags = "refs/tags/";

    /// <summary>In GitHub's words.</summary>
    public Expression Out(Expression expression) =>
        expression switch
        {
            Expression.Compared { Sign: "==" or "!=" } compared when ComparedOut(compared) is { } known => known,
            Expression.Called { Function: "startsWith", Given: [Expression.Named of, Expression.Literal with] }
                when RefOf(of.Name) is { } head => Read($"startsWith(github.ref, {Text(head + with.Value)})"),
            Expression.Joined joined => Flat(joined with { Parts = [.. joined.Parts.Select(Out)] }),
            Expression.Named named => WordOut(named.Name) is { } word ? Read(word) : named,
            _ => Below(expression, Out)!,
        };

    /// <summary>In neutral words; null when GitHub alone knows what is asked.</summary>
    public Expression? In(Expression expression) =>
        expression switch
        {
            Expression.Compared { Sign: "==" or "!=" } compared when ComparedIn(compared) is { } known => known,
            Expression.Joined { IsAnd: true } joined when EventIn(joined) is { } known => known,
            Expression.Joined joined => Below(joined, In) is Expression.Joined known ? Decided(known) : null,
            Expression.Not not => In(not.Of) is { } of
                ? of == Yes
                    ? No
                    : of == No
                        ? Yes
                        : not with
                        {
                            Of = of,
                        }
                : null,
            Expression.Indexed indexed when InputOf(indexed) is { } input => InputIn(input.Name, input.IsText),
            Expression.Called { Function: "startsWith", Given: [var of, Expression.Literal with] }
                when IsGitHub(of, "ref") && StartIn(with.Value.ToString()) is { } known => known,
            Expression.Indexed indexed when GitHubWord(indexed) is { } word => WordIn(word),
            Expression.Named named => named.Name.ToUpperInvariant() is "ENV" or "MATRIX" or "NEEDS" ? named : null,
            Expression.Indexed { Of: Expression.Indexed { Of: Expression.Named of }, Index: Expression.Literal what }
                when Is(of.Name, "needs") && !Is(what.Value.ToString(), "result") => null,
            Expression.Indexed { IsProperty: true, Index: Expression.Literal } indexed when In(indexed.Of) is { } of =>
                indexed with
                {
                    Of = of,
                },
            _ => Below(expression, In),
        };

    private Expression? ComparedOut(Expression.Compared compared)
    {
        if (
            compared
            is not { Left: var left, Right: Expression.Literal { Value: ExpressionValue.Text { Letters: var text } } }
        )
        {
            return null;
        }
        if (left is Expression.Named named)
        {
            var known = (named.Name.ToUpperInvariant(), text) switch
            {
                ("EVENT", "push") => "github.event_name == 'push' && github.ref_type == 'branch'",
                ("EVENT", "tag") => "github.event_name == 'push' && github.ref_type == 'tag'",
                ("EVENT", "change") => "github.event_name == 'pull_request'",
                ("EVENT", "schedule") => "github.event_name == 'schedule'",
                ("EVENT", "manual") => "github.event_name == 'workflow_dispatch'",
                ("MACHINE", "linux") => "runner.os == 'Linux'",
                ("MACHINE", "macos") => "runner.os == 'macOS'",
                ("MACHINE", "windows") => "runner.os == 'Windows'",
                (_, not "") when RefOf(named.Name) is { } head => $"github.ref == {Text(head + text)}",
                _ => null,
            };
            return known is null ? null : Signed(Read(known), compared.Sign);
        }
        return MachineAxis(left)
            ? compared with
            {
                Right = new Expression.Literal(0, new ExpressionValue.Text(Machines.ToGitHub(text))),
            }
            : null;
    }

    private Expression? ComparedIn(Expression.Compared compared)
    {
        if (
            compared
            is not { Left: var left, Right: Expression.Literal { Value: ExpressionValue.Text { Letters: var text } } }
        )
        {
            return null;
        }
        if (MachineAxis(left))
        {
            return compared with
            {
                Right = new Expression.Literal(0, new ExpressionValue.Text(Machines.FromGitHub(text).Machine)),
            };
        }
        if (GitHubWord(left) is "github.repository" or "github.repository_owner")
        {
            // Forks are asked this; the repository that a pipeline is imported for is the one that is meant.
            return compared.Sign == "==" ? Yes : No;
        }
        var known = (GitHubWord(left), text) switch
        {
            ("github.event_name", "push") => "event == 'push' || event == 'tag'",
            ("github.event_name", "pull_request") => "event == 'change'",
            ("github.event_name", "schedule") => "event == 'schedule'",
            ("github.event_name", "workflow_dispatch") => "event == 'manual'",
            ("github.ref_type", "tag") => "tag != ''",
            ("github.ref_type", "branch") => "tag == ''",
            ("github.ref", _) when text.StartsWith(Heads, StringComparison.Ordinal) && text.Length > Heads.Length =>
                $"branch == {Text(text[Heads.Length..])}",
            ("github.ref", _) when text.StartsWith(Tags, StringComparison.Ordinal) && text.Length > Tags.Length =>
                $"tag == {Text(text[Tags.Length..])}",
            ("github.ref_name", not "") => $"branch == {Text(text)} || tag == {Text(text)}",
            ("runner.os", "Linux") => "machine == 'linux'",
            ("runner.os", "macOS") => "machine == 'macos'",
            ("runner.os", "Windows") => "machine == 'windows'",
            _ => null,
        };
        return known is null ? null : Signed(Read(known), compared.Sign);
    }

    /// <summary>Without the parts that are known: a whole that one of them decides, or the others.</summary>
    private static Expression Decided(Expression.Joined joined)
    {
        var (deciding, other) = joined.IsAnd ? (No, Yes) : (Yes, No);
        if (joined.Parts.Contains(deciding))
        {
            return deciding;
        }
        var rest = joined.Parts.Where(one => one != other).ToList();
        return rest.Count == 0 ? other
            : rest.Count == 1 ? rest[0]
            : joined with { Parts = rest };
    }

    /// <summary>The name of an input, and whether it is a text whatever its type is, as in the event.</summary>
    private static (string Name, bool IsText)? InputOf(Expression.Indexed indexed)
    {
        if (indexed.Index is not Expression.Literal name)
        {
            return null;
        }
        if (indexed.Of is Expression.Named of)
        {
            return Is(of.Name, "inputs") ? (name.Value.ToString(), false) : null;
        }
        return
            indexed.Of
                is Expression.Indexed
                {
                    Of: Expression.Indexed { Of: Expression.Named root, Index: Expression.Literal what },
                    Index: Expression.Literal group
                }
            && Is(root.Name, "github")
            && Is(what.Value.ToString(), "event")
            && Is(group.Value.ToString(), "inputs")
            ? (name.Value.ToString(), true)
            : null;
    }

    /// <summary>Nobody is asked here: begun by hand, an input is what its default says, and else it is nothing.</summary>
    private Expression? InputIn(string name, bool isText) =>
        !Inputs.TryGetValue(name, out var value) ? null
        : value.Length == 0 ? Read("''")
        : !isText && value == "true" ? Read("event == 'manual'")
        : !isText && value == "false" ? No
        : Read($"event == 'manual' && {Text(value)} || ''");

    /// <summary>An event and the kind of its ref are one event of ours.</summary>
    private Expression? EventIn(Expression.Joined joined)
    {
        var push = joined.Parts.Select(ExpressionText.Of).ToList();
        var at = push.IndexOf("github.event_name == 'push'");
        var isTag = push.Contains("github.ref_type == 'tag'", StringComparer.Ordinal);
        var kind = push.IndexOf(isTag ? "github.ref_type == 'tag'" : "github.ref_type == 'branch'");
        if (at < 0 || kind < 0)
        {
            return null;
        }
        List<Expression> rest = [Read(isTag ? "event == 'tag'" : "event == 'push'")];
        foreach (var (part, index) in joined.Parts.Select(static (part, index) => (part, index)))
        {
            if (index == at || index == kind)
            {
                continue;
            }
            if (In(part) is not { } one)
            {
                return null;
            }
            rest.Add(one);
        }
        return rest.Count == 1 ? rest[0] : new Expression.Joined(joined.At, IsAnd: true, rest);
    }

    private static Expression? StartIn(string text) =>
        text switch
        {
            Heads => Read("branch != ''"),
            Tags => Read("tag != ''"),
            _ when text.StartsWith(Heads, StringComparison.Ordinal) => Read(
                $"startsWith(branch, {Text(text[Heads.Length..])})"
            ),
            _ when text.StartsWith(Tags, StringComparison.Ordinal) => Read(
                $"startsWith(tag, {Text(text[Tags.Length..])})"
            ),
            _ => null,
        };

    private static string? WordOut(string name) =>
        name.ToUpperInvariant() switch
        {
            "EVENT" =>
                "case(github.event_name == 'pull_request', 'change', github.event_name == 'schedule', 'schedule', "
                    + "github.event_name == 'workflow_dispatch', 'manual', github.ref_type == 'tag', 'tag', 'push')",
            "BRANCH" => "github.event_name != 'pull_request' && github.ref_type == 'branch' && github.ref_name || ''",
            "TAG" => "github.ref_type == 'tag' && github.ref_name || ''",
            "REF" => "github.ref",
            "COMMIT" => "github.sha",
            "SOURCE" => "github.head_ref",
            "TARGET" => "github.base_ref",
            "MACHINE" => "case(runner.os == 'macOS', 'macos', runner.os == 'Windows', 'windows', 'linux')",
            _ => null,
        };

    private Expression? WordIn(string word) =>
        word switch
        {
            "github.ref" => Read("ref"),
            "github.sha" => Read("commit"),
            "github.head_ref" => Read("source"),
            "github.base_ref" => Read("target"),
            "github.workflow" => new Expression.Literal(0, new ExpressionValue.Text(workflow)),
            _ => null,
        };

    private bool MachineAxis(Expression expression) =>
        expression is Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
        && Is(of.Name, "matrix")
        && machineAxes.Contains(name.Value.ToString());

    private static string? RefOf(string name) =>
        Is(name, "branch") ? Heads
        : Is(name, "tag") ? Tags
        : null;

    private static bool IsGitHub(Expression expression, string name) => GitHubWord(expression) == $"github.{name}";

    private static string? GitHubWord(Expression expression) =>
        expression is Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
        && (Is(of.Name, "github") || Is(of.Name, "runner"))
            ? $"{of.Name}.{name.Value}".ToLowerInvariant()
            : null;

    private static Expression Signed(Expression expression, string sign) =>
        sign == "==" ? expression
        : expression is Expression.Compared { Sign: "==" } one ? one with { Sign = "!=" }
        : new Expression.Not(0, expression);

    /// <summary>Parts that are joined alike are parts of the whole.</summary>
    private static Expression.Joined Flat(Expression.Joined joined) =>
        joined with
        {
            Parts =
            [
                .. joined.Parts.SelectMany(one =>
                    one is Expression.Joined inner && inner.IsAnd == joined.IsAnd ? inner.Parts : [one]
                ),
            ],
        };

    private static Expression? Below(Expression expression, Func<Expression, Expression?> change)
    {
        switch (expression)
        {
            case Expression.Indexed indexed:
                var index = indexed.Index is { } said ? change(said) : null;
                return change(indexed.Of) is { } of && index is null == indexed.Index is null
                    ? indexed with
                    {
                        Of = of,
                        Index = index,
                    }
                    : null;
            case Expression.Not not:
                return change(not.Of) is { } inner ? not with { Of = inner } : null;
            case Expression.Compared compared:
                return change(compared.Left) is { } left && change(compared.Right) is { } right
                    ? compared with
                    {
                        Left = left,
                        Right = right,
                    }
                    : null;
            case Expression.Joined joined:
                var parts = joined.Parts.Select(change).ToList();
                return parts.Contains(null) ? null : joined with { Parts = [.. parts.OfType<Expression>()] };
            case Expression.Called called:
                var given = called.Given.Select(change).ToList();
                return given.Contains(null) ? null : called with { Given = [.. given.OfType<Expression>()] };
            default:
                return expression;
        }
    }

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static Expression Read(string text) =>
        Expression.Parse(text).Expression ?? throw new InvalidOperationException($"'{text}' is an expression.");
}
