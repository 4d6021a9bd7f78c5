using CsCheck;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Telemetry.Metrics;

/// <summary>Expressions mean what they mean in RE2, also where .NET reads the same letters differently.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData(@"\d+", "123", "١٢٣")]
    [InlineData(@"\w+", "a_1", "ä")]
    [InlineData(@"[\d]", "7", "٧")]
    [InlineData(@"[[:alpha:]]+", "abc", "ab1")]
    [InlineData("[^[:digit:]]", "a", "1")]
    [InlineData("[]a]", "]", "b")]
    [InlineData("[^]a]", "b", "]")]
    [InlineData("[a-z-[b]]", "q]", "q")]
    [InlineData("[[]", "[", "]")]
    [InlineData("(?P<name>x)y", "xy", "x")]
    [InlineData(@"\Qa.b\E+", "a.bbb", "axb")]
    [InlineData("a.b", "a\nb", "ab")]
    [InlineData("a$", "a", "a\n")]
    [InlineData(@"\pL+", "äß", "1")]
    [InlineData(@"\x{263a}", "☺", ":")]
    [InlineData("(?i)get|post", "POST", "put")]
    [InlineData("a|b", "b", "ab")]
    [InlineData("5..", "503", "1503")]
    [InlineData("(a+)+b", "aab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac")]
    public void Some_values_fit_and_others_do_not(string expression, string fitting, string other)
    {
        var test = LabelTest.Of(new(MatchKind.Regex, "label", expression));
        Assert.Equal((true, false), (test.Fits(fitting), test.Fits(other)));
        var opposite = LabelTest.Of(new(MatchKind.NotRegex, "label", expression));
        Assert.Equal((false, true), (opposite.Fits(fitting), opposite.Fits(other)));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("x**")]
    [InlineData(@"\y")]
    [InlineData(@"(a)\1")]
    [InlineData("(?<=a)b")]
    [InlineData("a(?!b)")]
    [InlineData("(?>a)")]
    [InlineData(@"\x{110000}")]
    [InlineData("((a{1000}){1000}){1000}")]
    public void What_is_none_in_RE2_is_refused(string expression) =>
        Assert.Equal(
            "metrics.bad-matcher",
            Assert.Throws<ProblemException>(() => LabelTest.Of(new(MatchKind.Regex, "label", expression))).Problem.Code
        );

    [Fact]
    public void Any_text_is_an_expression_or_refused() =>
        Gen.Char[@"\[]^-(){}|.*+?$:PQExpdwsaz019<>,"]
            .Array[0, 12]
            .Sample(letters =>
                Record.Exception(() => LabelTest.Of(new(MatchKind.Regex, "label", new string(letters))).Fits("a-b[0]"))
                    is null
                        or ProblemException
            );
}
