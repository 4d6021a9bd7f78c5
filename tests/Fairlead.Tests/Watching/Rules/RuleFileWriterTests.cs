using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Watching.Rules;

/// <summary>Files of rules that mean what they meant, whatever stands in them.</summary>
public sealed class RuleFileWriterTests
{
    [Fact]
    public void All_that_a_group_says_is_written()
    {
        var rule = new Rule("Down", "up == 0")
        {
            IsAlerting = true,
            For = TimeSpan.FromSeconds(90),
            KeepFiringFor = TimeSpan.FromHours(1),
            Labels = [new("severity", "page")],
            Annotations = [new("summary", "{{ $labels.job }} is \"down\"")],
        };
        var group = new RuleGroup("g", "x", TimeSpan.FromMilliseconds(1500), [rule, new("a:b", "sum(up)")])
        {
            QueryOffset = TimeSpan.FromMinutes(1),
            Limit = 7,
        };

        Assert.Equal(
            """
            groups:
              - name: "g"
                interval: 1s500ms
                query_offset: 1m
                limit: 7
                rules:
                  - alert: "Down"
                    expr: "up == 0"
                    for: 1m30s
                    keep_firing_for: 1h
                    labels:
                      "severity": "page"
                    annotations:
                      "summary": "{{ $labels.job }} is \"down\""
                  - record: "a:b"
                    expr: "sum(up)"

            """,
            RuleFileWriter.Write([group])
        );
    }

    [Fact]
    public void No_groups_are_a_file_too()
    {
        Assert.Equal("groups: []\n", RuleFileWriter.Write([]));
        Assert.Empty(RuleFile.Read("x", RuleFileWriter.Write([])));
        Assert.Empty(RuleFile.Read("x", RuleFileWriter.Write([new("g", "x", null, [])]))[0].Rules);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("\"quoted\" 'and' \\slashed\\")]
    [InlineData("two\nlines\r\n and\ta tab\n")]
    [InlineData("yes")]
    [InlineData("~")]
    [InlineData("# no comment: [ { * & ! | > % @ `")]
    [InlineData(" spaces ")]
    [InlineData("---\n...\n- a")]
    [InlineData("\u0000\u0007\u001b\u007f\u0085\u00a0\u2028\u2029\ufeff")]
    [InlineData("ümläut 漢字 🚢")]
    [InlineData("")]
    public void Every_text_comes_back_as_it_was(string text)
    {
        var rule = new Rule("A", "up") { IsAlerting = true, Annotations = [new("summary", text), new("x", "y")] };
        var read = RuleFile.Read("x", RuleFileWriter.Write([new($"g{text}", "x", null, [rule])]));

        Assert.Equal($"g{text}", read[0].Name);
        Assert.Equal([new Label("summary", text), new("x", "y")], read[0].Rules[0].Annotations);
    }
}
