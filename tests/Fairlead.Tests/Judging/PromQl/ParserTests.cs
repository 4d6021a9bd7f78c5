using CsCheck;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Judging.PromQl;

public sealed class ParserTests
{
    private static readonly string[] Words =
    [
        "up",
        "sum",
        "by",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "5m",
        "1",
        "\"x\"",
        "=",
        "=~",
        "!=",
        "offset",
        "@",
        "start",
        ",",
        ":",
        "+",
        "-",
        "^",
        "==",
        "bool",
        "on",
        "ignoring",
        "group_left",
        "and",
        "rate",
        "step()",
        "#",
        "\n",
        "`",
        "\\",
        "'",
        "\uD800",
        " ",
        "0x",
        "1e",
    ];

    [Theory]
    [InlineData("SUM(up)BY(job)", "sum by (job) (up)")]
    [InlineData("topk without(a)(3,up)", "topk without (a) (3, up)")]
    [InlineData("a+b*c^d^e", "a + b * c ^ d ^ e")]
    [InlineData("-(a)%+b", "-(a) % +b")]
    [InlineData("a==bool on(x,y)group_left(z)b", "a == bool on (x, y) group_left (z) b")]
    [InlineData("a and ignoring()b or c unless d", "a and b or c unless d")]
    [InlineData("rate(up{job='a',x=~`b\\d`}[90s]offset 1h)", "rate(up{job=\"a\",x=~\"b\\\\d\"}[1m30s] offset 1h)")]
    [InlineData("up @ 1.5 offset -1m", "up @ 1.500 offset -1m")]
    [InlineData("max_over_time(up[1h:]@end())", "max_over_time(up[1h:] @ end())")]
    [InlineData("{\"my.metric\",\"label x\"!=\"y\"}", "{__name__=\"my.metric\",\"label x\"!=\"y\"}")]
    [InlineData("sum by (\"label.x\", bool) (offset)", "sum by (\"label.x\", bool) (offset)")]
    [InlineData("0x1F + 017 + 1_000 + 5m + .5e1", "31 + 15 + 1000 + 5m + 5")]
    [InlineData("# why\nup # now", "up")]
    [InlineData("'a\\'\\x41\\u00e4\\303\\244\\n'", "\"a'Aää\\n\"")]
    [InlineData("rate(up[2*step()+1m])", "rate(up[2 * step() + 1m])")]
    [InlineData("a + fill(0) b", "a + fill (0) b")]
    [InlineData("sum", "sum")]
    [InlineData("inf + NaN", "+Inf + NaN")]
    public void A_query_is_written_in_one_form_whose_meaning_is_the_same(string query, string expected)
    {
        Assert.Equal(expected, QueryEngine.Format(query));
        Assert.Equal(expected, QueryEngine.Format(expected));
    }

    [Theory]
    [InlineData("", "1:1: parse error: no expression found in input")]
    [InlineData("sum(up", "1:7: parse error: unclosed left parenthesis")]
    [InlineData("up{job=\"a\"", "1:11: parse error: unexpected end of input inside braces")]
    [InlineData("up)", "1:3: parse error: unexpected right parenthesis ')'")]
    [InlineData("up[5m", "1:6: parse error: unclosed left bracket")]
    [InlineData("up[5x]", "1:4: parse error: bad number or duration syntax: \"5x\"")]
    [InlineData("up[0s]", "1:4: parse error: duration must be greater than 0")]
    [InlineData("up[1m5h]", "1:4: parse error: not a valid duration string: \"1m5h\"")]
    [InlineData("(up)[5m]", "1:5: parse error: ranges only allowed for vector selectors")]
    [InlineData(
        "sum(up) offset 5m",
        "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery"
    )]
    [InlineData("up offset 1m offset 2m", "1:1: parse error: offset may not be set multiple times")]
    [InlineData("up @ 1 @ 2", "1:1: parse error: @ <timestamp> may not be set multiple times")]
    [InlineData("rat(up[5m])", "1:1: parse error: unknown function with name \"rat\"")]
    [InlineData(
        "rate(up)",
        "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector"
    )]
    [InlineData("rate(up[5m], 1)", "1:1: parse error: expected 1 argument(s) in call to \"rate\", got 2")]
    [InlineData("abs(1,)", "1:6: parse error: trailing commas not allowed in function call args")]
    [InlineData(
        "topk(up)",
        "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1"
    )]
    [InlineData("sum(\"x\")", "1:5: parse error: expected type instant vector in aggregation expression, got string")]
    [InlineData("1 == 2", "1:1: parse error: comparisons between scalars must use BOOL modifier")]
    [InlineData("up + bool 2", "1:1: parse error: bool modifier can only be used on comparison operators")]
    [InlineData("up and 1", "1:1: parse error: set operator \"and\" not allowed in binary scalar expression")]
    [InlineData("a or on (x) group_left b", "1:1: parse error: no grouping allowed for \"or\" operation")]
    [InlineData(
        "a * on (x) group_left (x) b",
        "1:1: parse error: label \"x\" must not occur in ON and GROUP clause at once"
    )]
    [InlineData("{job=~\".*\"}", "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [InlineData("up{__name__=\"down\"}", "1:1: parse error: metric name must not be set twice: \"up\" or \"down\"")]
    [InlineData("up{job=~\"(\"}", "1:9: parse error: error parsing regexp: missing closing ): `(`")]
    [InlineData(
        "up{job=~\"(?=a)\"}",
        "1:9: parse error: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"
    )]
    [InlineData(
        "up\n  {job}",
        "2:7: parse error: unexpected \"}\" in label matching, expected label matching operator"
    )]
    [InlineData("up up", "1:4: parse error: unexpected identifier \"up\"")]
    [InlineData("bool + 1", "1:1: parse error: unexpected <bool>, expected an expression")]
    [InlineData("\"a\\y\"", "1:1: parse error: bad escape sequence in string")]
    [InlineData("'a", "1:1: parse error: unterminated quoted string")]
    [InlineData("up ! 1", "1:4: parse error: unexpected character after '!': ' '")]
    public void A_query_that_cannot_be_read_says_where_and_why(string query, string why)
    {
        var caught = Assert.Throws<ProblemException>(() => QueryEngine.Format(query));

        Assert.Equal(("promql.syntax", why), (caught.Problem.Code, caught.Problem.Why));
        Assert.StartsWith($"{caught.Problem.Where}: ", why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_word_is_answered_with_what_was_probably_meant()
    {
        var caught = Assert.Throws<ProblemException>(() => QueryEngine.Format("sum(rte(up[5m]))"));

        Assert.Equal("Write there: rate(...).", caught.Problem.Fix);
        Assert.Equal(["sum(rte(up[5m]))", "    ^"], caught.Problem.Evidence);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    [InlineData("abs(", ")")]
    [InlineData("1 + ", "")]
    [InlineData("2 ^ ", "")]
    public void Nesting_without_end_is_refused(string before, string after)
    {
        var query =
            string.Concat(Enumerable.Repeat(before, 20_000)) + "up" + string.Concat(Enumerable.Repeat(after, 20_000));

        var caught = Assert.Throws<ProblemException>(() => QueryEngine.Format(query));

        Assert.Equal("promql.syntax", caught.Problem.Code);
    }

    [Fact]
    public void Whatever_is_typed_is_read_or_refused()
    {
        Gen.Int[0, Words.Length - 1]
            .Array[0, 14]
            .Select(picks => string.Join(picks.Length % 2 == 0 ? " " : "", picks.Select(one => Words[one])))
            .Sample(
                query =>
                {
                    try
                    {
                        var printed = QueryEngine.Format(query);
                        Assert.Equal(printed, QueryEngine.Format(printed));
                    }
                    catch (ProblemException caught) when (caught.Problem.Code == "promql.syntax")
                    {
                        // Refused, and said so.
                    }
                },
                iter: 5_000
            );
    }

    [Theory]
    [InlineData("5m", 300_000L)]
    [InlineData("1y2w3d4h5m6s7ms", 33_019_506_007)]
    [InlineData("0", 0L)]
    [InlineData("90", null)]
    [InlineData("5m5m", null)]
    [InlineData("1s1m", null)]
    [InlineData("", null)]
    [InlineData("99999999y", null)]
    public void Durations_have_units_in_falling_order(string text, long? milliseconds) =>
        Assert.Equal(milliseconds, Durations.Read(text));
}
