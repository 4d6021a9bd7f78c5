using CsCheck;
using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Tests.Judging.PromQl;

public sealed class RegularExpressionTests
{
    [Theory]
    [InlineData("a|b", "b", true)]
    [InlineData("a|b", "ab", false)]
    [InlineData("a.c", "a\nc", true)]
    [InlineData("a$", "a\n", false)]
    [InlineData("(?i)Api-\\d+", "aPI-12", true)]
    [InlineData("\\d", "٣", false)]
    [InlineData("[[:alpha:]_-]+", "a_-b", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[^a-c]", "d", true)]
    [InlineData("[a[b]", "[", true)]
    [InlineData("\\Qa.b\\E+", "a.bb", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("(?P<x>a)(?<y>b)", "ab", true)]
    [InlineData("\\x{e4}\\pL", "äö", true)]
    [InlineData("\\p{Greek}+", "αβ", true)]
    [InlineData("a{2,3}?", "aa", true)]
    [InlineData("", "", true)]
    [InlineData("a_b", "a_b", true)]
    public void The_whole_text_is_matched_in_the_syntax_of_RE2(string pattern, string text, bool isMatch) =>
        Assert.Equal(isMatch, RegularExpression.For(pattern).IsMatch(text));

    [Theory]
    [InlineData("(", "missing closing ): `(`")]
    [InlineData("a)", "unexpected ): `a)`")]
    [InlineData("[a", "missing closing ]: `[a`")]
    [InlineData("a**", "invalid nested repetition operator: `**`")]
    [InlineData("*", "missing argument to repetition operator: `*`")]
    [InlineData("(a)\\1", "invalid escape sequence: `\\1`")]
    [InlineData("(?!a)", "invalid or unsupported Perl syntax: `(?!`")]
    [InlineData("\\y", "invalid escape sequence: `\\y`")]
    [InlineData("((a{100}){100})", "invalid repeat count: `{100}`")]
    [InlineData("a{2000}", "invalid repeat count: `{2000}`")]
    [InlineData("\\", "trailing backslash at end of expression: ``")]
    public void What_RE2_refuses_is_refused(string pattern, string fault) =>
        Assert.Equal(fault, RegularExpression.Fault(pattern));

    [Fact]
    public void No_pattern_makes_anything_else_than_an_answer_or_a_refusal()
    {
        const string Letters = "ab01.*+?()[]{}|^$\\-,:=!<>PQEdwspxiUL_é";
        Gen.Char[Letters]
            .Array[0, 12]
            .Select(one => new string(one))
            .Sample(
                pattern =>
                {
                    if (RegularExpression.Fault(pattern) is null)
                    {
                        _ = RegularExpression.For(pattern).IsMatch("ab01");
                    }
                },
                iter: 1_000
            );
    }

    [Theory]
    [InlineData("$1-$2", "a-b")]
    [InlineData("${1}x", "ax")]
    [InlineData("$1x", "")]
    [InlineData("$name", "b")]
    [InlineData("$$1", "$1")]
    [InlineData("$", "$")]
    [InlineData("${1", "${1")]
    [InlineData("$9", "")]
    public void Replacements_are_expanded_as_Go_does(string replacement, string expected) =>
        Assert.Equal(
            expected,
            RegularExpression.Expand(replacement, RegularExpression.For("(a)(?P<name>b)").Match("ab"))
        );
}
