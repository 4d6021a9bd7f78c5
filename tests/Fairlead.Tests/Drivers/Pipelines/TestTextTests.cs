using Fairlead.Drivers.Pipelines;
using Fairlead.Model.Pipelines;

namespace Fairlead.Tests.Drivers.Pipelines;

public sealed class TestTextTests
{
    [Fact]
    public void Whatever_tests_are_called_is_read_as_it_was_written()
    {
        string[] names = ["test/a", "a\tb\t", "a\nb\r", "\\n", ""];
        var tests = new PastTests(
            names.ToDictionary(static one => one, static one => TimeSpan.FromMilliseconds(one.Length)),
            [new("9f86d0", [names[..2], [], names[2..]])]
        );

        var read = TestText.Read(TestText.Lines(tests))!;

        Assert.Equal(tests.Times, read.Times);
        Assert.Equal(tests.Splits[0].Shards, Assert.Single(read.Splits).Shards);
    }

    [Theory]
    [InlineData("time\tsoon\ta")]
    [InlineData("test\t1\ta")]
    [InlineData("time\t1")]
    public void A_line_that_is_none_spoils_it(string line) => Assert.Null(TestText.Read([line]));
}
