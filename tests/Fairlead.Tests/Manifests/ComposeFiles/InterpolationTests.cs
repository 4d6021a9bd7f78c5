using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Tests.Manifests.ComposeFiles;

public sealed class InterpolationTests
{
    private static readonly Dictionary<string, string> Variables = new() { ["SET"] = "s", ["EMPTY"] = "" };

    [Theory]
    [InlineData("$SET-${SET}", "s-s")]
    [InlineData("$$SET $$${SET}", "$SET $s")]
    [InlineData("${SET:-d}${EMPTY:-d}${NONE:-d}", "sdd")]
    [InlineData("${SET-d}${EMPTY-d}${NONE-d}", "sd")]
    [InlineData("${SET:+o}${EMPTY:+o}${NONE:+o}", "o")]
    [InlineData("${SET+o}${EMPTY+o}${NONE+o}", "oo")]
    [InlineData("${NONE:-${EMPTY:-${SET}}}", "s")]
    [InlineData("${NONE:-a:b/c?d}", "a:b/c?d")]
    [InlineData("${SET:?why}${EMPTY?why}", "s")]
    [InlineData("[$NONE]", "[]")]
    [InlineData("no dollar", "no dollar")]
    public void Variables_are_filled_in_as_compose_does(string text, string filled) =>
        Assert.Equal((filled, true), (Fill(text).Text, Fill(text).Fault is null));

    [Theory]
    [InlineData("${NONE:?say it}", "NONE has no value: say it.")]
    [InlineData("${EMPTY:?}", "EMPTY has no value.")]
    [InlineData("${", "A brace is never closed.")]
    [InlineData("${SET!x}", "After SET comes one of :- - :? ? :+ +")]
    [InlineData("${1}", "A name begins with a letter or an underscore.")]
    [InlineData("a $", "After a dollar sign comes a name, a name in braces, or another dollar sign.")]
    public void What_cannot_be_filled_in_says_why(string text, string why) => Assert.Equal(why, Fill(text).Fault?.Why);

    [Fact]
    public void Small_texts_do_not_become_large_ones()
    {
        var filling = new Interpolation(new Dictionary<string, string> { ["A"] = new string('a', 1 << 20) });
        var faults = Enumerable.Range(0, 20).Select(_ => filling.Fill("$A").Fault?.Code).OfType<string>().Distinct();
        Assert.Equal(["compose.too-large"], faults);
    }

    private static (string Text, IReadOnlyList<string> Used, Model.Problems.Problem? Fault) Fill(string text) =>
        new Interpolation(Variables).Fill(text);
}
