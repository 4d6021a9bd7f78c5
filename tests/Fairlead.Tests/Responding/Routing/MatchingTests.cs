using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Responding.Routing;

/// <summary>Matchers, read as Alertmanager reads them.</summary>
public sealed class MatchingTests
{
    [Theory]
    [InlineData("severity=page", "{severity=\"page\"}")]
    [InlineData(" severity = \"page\" ", "{severity=\"page\"}")]
    [InlineData("severity!=\"page\"", "{severity!=\"page\"}")]
    [InlineData("service=~\"api|web\"", "{service=~\"api|web\"}")]
    [InlineData("service!~api|web", "{service!~\"api|web\"}")]
    [InlineData("{a=\"b\",c=~\"d\"}", "{a=\"b\",c=~\"d\"}")]
    [InlineData("a=b, c=d,", "{a=\"b\",c=\"d\"}")]
    [InlineData("a=\"b,c=d\"", "{a=\"b,c=d\"}")]
    [InlineData("a=", "{a=\"\"}")]
    [InlineData("a=\"say \\\"x, y\\\"\",b=c", "{a=\"say \\\"x, y\\\"\",b=\"c\"}")]
    [InlineData("a=\"one\\ntwo\\\\\"", "{a=\"one\\ntwo\\\\\"}")]
    [InlineData("a=~\"v1\\.2\"", "{a=~\"v1\\\\.2\"}")]
    [InlineData("a=ü=ö", "{a=\"ü=ö\"}")]
    public void Are_read_and_written(string text, string written)
    {
        var read = Matching.TryRead(text, out var fault);

        Assert.Equal("", fault);
        Assert.Equal(written, Matching.Write(read!));
        // What is written means the same when it is read again.
        Assert.Equal(read, Matching.TryRead(written, out _));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("{}", "it is empty")]
    [InlineData("severity", "'severity' is not of the shape name=\"value\"")]
    [InlineData("=page", "'=page' is not of the shape name=\"value\"")]
    [InlineData("a b=c", "'a b=c' is not of the shape name=\"value\"")]
    [InlineData("1a=c", "'1a=c' is not of the shape name=\"value\"")]
    [InlineData("a!c", "'a!c' is not of the shape name=\"value\"")]
    [InlineData("a=\"b", "the quotes of 'a=\"b' do not fit")]
    [InlineData("a=b\"", "the quotes of 'a=b\"' do not fit")]
    [InlineData("a=\"b\"c", "the quotes of 'a=\"b\"c' do not fit")]
    [InlineData("a=b,c", "'c' is not of the shape name=\"value\"")]
    public void Say_what_cannot_be_read(string text, string why)
    {
        Assert.Null(Matching.TryRead(text, out var fault));
        Assert.Equal(why, fault);
    }

    [Theory]
    [InlineData("a=~\"(\"")]
    [InlineData("a!~\"[z-a]\"")]
    [InlineData("a=~\"(?=x)\"")]
    [InlineData("a=~\"(x)\\\\1\"")]
    public void Say_which_expression_cannot_be_read(string text)
    {
        Assert.Null(Matching.TryRead(text, out var fault));
        Assert.StartsWith($"the expression of '{text}' cannot be read: ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("severity=page", true)]
    [InlineData("severity=pag", false)]
    [InlineData("severity!=page", false)]
    [InlineData("severity=~pag", false)]
    [InlineData("severity=~pag.", true)]
    [InlineData("severity!~pag", true)]
    [InlineData("version=\"v1.2\"", true)]
    [InlineData("version=~\"v1\\.2\"", true)]
    [InlineData("version=~\"v1\\.3\"", false)]
    [InlineData("nothing=", true)]
    [InlineData("nothing=~\".*\"", true)]
    [InlineData("nothing=~\".+\"", false)]
    [InlineData("nothing!=x", true)]
    [InlineData("severity=page,version=v2", false)]
    public void Fit_the_whole_value_and_a_label_that_is_not_there_is_empty(string text, bool fits) =>
        Assert.Equal(fits, Matching.TryRead(text, out _)!.Fits(Words.LabelsOf("severity=page version=v1.2")));

    [Fact]
    public void An_expression_that_others_run_for_ages_is_run_at_once()
    {
        var matchers = Matching.TryRead("a=~\"(x+x+)+y\"", out _)!;

        Assert.False(matchers.Fits(Labels.Of([new("a", new string('x', 10_000))])));
    }
}
