using CsCheck;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines.Expressions;

public sealed class ExpressionTests
{
    private static readonly string[] Pieces =
    [
        "a",
        "branch",
        "needs",
        "1",
        "-2.5",
        "'x'",
        "'it''s'",
        "true",
        "null",
        "NaN",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "*",
        "!",
        "==",
        "!=",
        "<",
        ">=",
        "&&",
        "||",
        " ",
        "contains(",
        "format(",
        "fromJSON(",
        "toJSON(",
        "success()",
        "'{0}'",
        "'",
        "\n",
        "\u00a0",
        "\ud800",
    ];

    private static readonly RunContext OnMain = new() { Event = "push", Branch = "main" };

    /// <summary>Trees that hold no more than the printer must bring back.</summary>
    private static readonly Gen<Expression> Tree = Gen.Recursive<Expression>(
        (depth, below) =>
            depth > 4
                ? Leaf!
                : Gen.OneOf(
                    Leaf!,
                    below.Select(static one => (Expression)new Expression.Not(0, one)),
                    Gen.Select(Any("==", "!=", "<", ">="), below, below)
                        .Select(static one => (Expression)new Expression.Compared(0, one.Item1, one.Item2, one.Item3)),
                    Gen.Select(Gen.Bool, below, below)
                        .Select(static one => (Expression)new Expression.Joined(0, one.Item1, [one.Item2, one.Item3])),
                    Gen.Select(below, below)
                        .Select(static one =>
                            (Expression)new Expression.Indexed(0, one.Item1, one.Item2, IsProperty: false)
                        ),
                    below.Select(static one => (Expression)new Expression.Indexed(0, one, null, IsProperty: true)),
                    Gen.Select(below, below)
                        .Select(static one => (Expression)new Expression.Called(0, "contains", [one.Item1, one.Item2]))
                )
    );

    private static Gen<Expression> Leaf =>
        Gen.OneOf(
            Any("branch", "needs", "a-b").Select(static one => (Expression)new Expression.Named(0, one)),
            Any("", "it's", "x y")
                .Select(static one => (Expression)new Expression.Literal(0, new ExpressionValue.Text(one))),
            Any(0.5, 22, -1e30)
                .Select(static one => (Expression)new Expression.Literal(0, new ExpressionValue.Number(one))),
            Gen.Const((Expression)new Expression.Literal(0, ExpressionValue.None))
        );

    [Fact]
    public void Expressions_come_to_what_they_come_to_at_GitHub()
    {
        var answers = ExpressionTable.Expressions.Select(static one => $"{one} => {ExpressionTable.Answer(one)}");
        var actual = string.Join('\n', answers) + "\n";
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            ExpressionTable.Write(actual);
        }
        Assert.Equal(ExpressionTable.Expected, actual);
    }

    [Fact]
    public void Whatever_somebody_writes_is_read_or_refused_in_words() =>
        Any(Pieces)
            .Array[0, 60]
            .Sample(
                static pieces =>
                {
                    var (expression, fault) = Expression.Parse(string.Concat(pieces));
                    Assert.True(expression is null != fault is null);
                    Assert.InRange(fault?.At ?? 0, 0, string.Concat(pieces).Length);
                    try
                    {
                        _ = expression?.Evaluate(OnMain).ToString();
                    }
                    catch (ProblemException)
                    {
                        // Said in words.
                    }
                },
                iter: 50_000
            );

    [Fact]
    public void What_is_written_is_read_as_what_it_was() =>
        Tree.Sample(
            static tree =>
            {
                var text = ExpressionText.Of(tree);
                var (again, fault) = Expression.Parse(text);
                Assert.Null(fault);
                Assert.Equal(text, ExpressionText.Of(again!));
                Assert.Equal(Drawn(tree), Drawn(again!));
            },
            iter: 5_000
        );

    [Theory]
    [InlineData("branch == 'main' && (event == 'push' || tag)", "branch == 'main' && (event == 'push' || tag)")]
    [InlineData("((a)) || (b && (c))", "a || b && c")]
    [InlineData("!(a == b)", "!(a == b)")]
    [InlineData("(a < b) == (c)", "a < b == c")]
    [InlineData("a == (b == c)", "a == (b == c)")]
    [InlineData("Contains( fromjson('[1]'),1 )", "contains(fromJSON('[1]'), 1)")]
    [InlineData("needs . * . result[ * ]", "needs.*.result[*]")]
    [InlineData("(a || b) || c", "(a || b) || c")]
    public void They_are_written_with_no_more_parentheses_than_they_need(string text, string written) =>
        Assert.Equal(written, ExpressionText.Of(Expression.Parse(text).Expression!));

    [Fact]
    public void A_text_that_doubles_at_every_level_is_stopped()
    {
        var text = "'xxxxxxxx'";
        for (var level = 0; level < 40; level++)
        {
            text = $"format('{{0}}{{0}}', {text})";
        }
        Assert.Equal(
            "The result is too large.",
            Assert.Throws<ProblemException>(() => Expression.Parse(text).Expression!.Evaluate(OnMain)).Problems[0].What
        );
    }

    [Theory]
    [InlineData(50)]
    [InlineData(20_000)]
    public void Long_chains_are_read_or_refused_and_never_overflow(int length)
    {
        foreach (var (one, between) in new[] { ("1", " == "), ("1", " && "), ("!", ""), ("a", "."), ("(", "") })
        {
            var (expression, fault) = Expression.Parse(
                string.Join(between, Enumerable.Repeat(one, length / (one.Length + between.Length)))
            );
            Assert.True(expression is null != fault is null);
        }
    }

    [Theory]
    [InlineData("success()", true, false, false)]
    [InlineData("failure()", false, true, false)]
    [InlineData("cancelled()", false, false, true)]
    [InlineData("always()", true, true, true)]
    [InlineData("!cancelled()", true, true, false)]
    [InlineData("branch == 'main'", true, false, false)]
    [InlineData("branch == 'main' && always()", true, true, true)]
    [InlineData("${{ branch == 'main' }}", true, false, false)]
    [InlineData("false || failure()", false, true, false)]
    public void A_condition_that_does_not_ask_how_things_went_asks_for_success(
        string text,
        bool afterSuccess,
        bool afterFailure,
        bool whenCancelled
    )
    {
        var condition = Condition.Parse(text).Condition!;
        Assert.Equal(
            (afterSuccess, afterFailure, whenCancelled),
            (
                condition.Holds(OnMain with { Status = RunStatus.Success }),
                condition.Holds(OnMain with { Status = RunStatus.Failure }),
                condition.Holds(OnMain with { Status = RunStatus.Cancelled })
            )
        );
        Assert.True(Condition.Usual.Holds(OnMain));
    }

    [Fact]
    public void A_condition_that_is_partly_text_would_always_hold_and_is_refused() =>
        Assert.Equal("The condition is partly text.", Condition.Parse("${{ branch }} == 'main'").Fault!.What);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("on ${{ branch }}!", "on main!")]
    [InlineData("${{ '}}' }}${{ 1 }}", "}}1")]
    [InlineData("$ { {{ }} ${ x }", "$ { {{ }} ${ x }")]
    [InlineData("${{ matrix }} ${{ needs.*.result }} ${{ tag }}.", "Object Array .")]
    public void Expressions_in_a_text_are_filled_in(string text, string filled) =>
        Assert.Equal(filled, TextTemplate.Parse(text).Template!.Fill(OnMain));

    [Theory]
    [InlineData("a ${{ branch", 2)]
    [InlineData("a ${{ '}} }}", 2)]
    [InlineData("a ${{ branch == }}", 16)]
    [InlineData("a ${{ }}", 6)]
    public void Broken_ones_are_refused_with_their_place(string text, int at) =>
        Assert.Equal(at, TextTemplate.Parse(text).Fault!.At);

    [Fact]
    public void The_words_of_a_run_are_known_to_it()
    {
        var run = new RunContext
        {
            Event = "change",
            Ref = "refs/pull/7/merge",
            Commit = "0123abc",
            Source = "fix",
            Target = "main",
            Machine = "linux",
            Env = new Dictionary<string, string> { ["LEVEL"] = "high" },
            Matrix = new Dictionary<string, string> { ["node"] = "22" },
            Needs = new Dictionary<string, string> { ["test"] = "skipped" },
            Files = static globs => $"digest of {string.Join(' ', globs)}",
        };
        const string Text =
            "${{ event }} ${{ branch }}${{ tag }} ${{ ref }} ${{ commit }} ${{ source }} ${{ target }} ${{ machine }} "
            + "${{ env.level }} ${{ matrix.node }} ${{ needs.test.result }} ${{ hashFiles('a', 'b') }} ${{ other }}.";
        Assert.Equal(
            "change  refs/pull/7/merge 0123abc fix main linux high 22 skipped digest of a b .",
            TextTemplate.Parse(Text).Template!.Fill(run)
        );
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(one => values[one]);

    private static string Drawn(Expression expression) =>
        expression switch
        {
            Expression.Literal literal => $"{literal.Value.GetType().Name}:{literal.Value}",
            Expression.Named named => named.Name,
            Expression.Indexed indexed =>
                $"({Drawn(indexed.Of)} at {(indexed.Index is { } index ? Drawn(index) : "all")})",
            Expression.Not not => $"(not {Drawn(not.Of)})",
            Expression.Compared compared => $"({Drawn(compared.Left)} {compared.Sign} {Drawn(compared.Right)})",
            Expression.Joined joined =>
                $"({(joined.IsAnd ? "and" : "or")} {string.Join(' ', joined.Parts.Select(Drawn))})",
            Expression.Called called => $"({called.Function} {string.Join(' ', called.Given.Select(Drawn))})",
            _ => "?",
        };
}
