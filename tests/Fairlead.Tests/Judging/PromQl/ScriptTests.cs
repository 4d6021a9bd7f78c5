using System.Runtime.CompilerServices;
using Fairlead.Engine.Judging.PromQl.Testing;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Judging.PromQl;

/// <summary>The language, told as questions and answers in the files beside this one.</summary>
public sealed class ScriptTests
{
    private static readonly World World = new(TimeProvider.System, new Random(1));

    public static TheoryData<string> Names() =>
        [.. Directory.EnumerateFiles(Folder(), "*.promql").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_question_of_a_script_is_answered_as_it_says(string name)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder(), name), TestContext.Current.CancellationToken);
        var results = await new Script(World).RunAsync(text, TestContext.Current.CancellationToken);

        Assert.NotEmpty(results);
        Assert.Equal(
            [],
            results.Where(one => one.Fault is not null).Select(one => $"{one.Line}: {one.Query}: {one.Fault}")
        );
    }

    [Fact]
    public async Task A_script_finds_answers_that_are_not_as_it_says()
    {
        var results = await new Script(World).RunAsync(
            """
            load 1m
                up{job="a"} 1 2

            eval instant at 1m up
                up{job="a"} 3

            eval instant at 1m up + 1
                {job="b"} 3

            eval instant at 1m up > 5
                up{job="a"} 2

            eval instant at 1m up
                expect fail

            eval instant at 1m up +

            eval range from 0 to 1m step 1m up
                up{job="a"} 1 3

            eval instant at 1m rate(up[5m])
                expect no_info
                {job="a"} 0.016666666666666666

            load 1m
                native {{schema:0 count:1}}

            eval instant at 1m native
                native {{schema:0 count:1}}
            """,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            [
                "expected up{job=\"a\"} 3, got 2",
                "expected {job=\"b\"}, got {job=\"a\"} 3",
                "expected 1 series, got 0: ",
                "did not fail",
                "failed: 1:5: parse error: unexpected end of input, expected an expression",
                "expected up{job=\"a\"} 0:1 60000:3, got 0:1 60000:2",
                "says: PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"up\" (1:6)",
                "skipped",
            ],
            results.Select(one => one.IsSkipped ? "skipped" : one.Fault)
        );
    }

    [Theory]
    [InlineData("what is this", "line 1: 'what is this' is no command")]
    [InlineData("load\n  up 1", "line 1: load needs an interval, such as load 1m")]
    [InlineData("load 1m\n  up one", "line 1: 'one' is no value, and no a+bxn")]
    public async Task A_script_that_cannot_be_read_says_where(string text, string message)
    {
        var caught = await Assert.ThrowsAsync<FormatException>(() =>
            new Script(World).RunAsync(text, TestContext.Current.CancellationToken)
        );

        Assert.Equal(message, caught.Message);
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "Scripts");
}
