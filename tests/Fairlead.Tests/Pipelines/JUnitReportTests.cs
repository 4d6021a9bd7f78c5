using CsCheck;
using Fairlead.Engine.Pipelines.Reports;

namespace Fairlead.Tests.Pipelines;

public sealed class JUnitReportTests
{
    private const string Report = """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites>
          <testsuite name="cart" tests="6">
            <testcase classname="shop.Cart" name="adds" time="0.1"/>
            <testcase classname="shop.Cart" name="prints"><system-out><![CDATA[<failure/>]]></system-out></testcase>
            <testcase classname="shop.Cart" name="removes"><failure message="expected 1&#10;but was 2">at Cart.java:7</failure></testcase>
            <testcase name="alone"><error>

              boom
              more
            </error></testcase>
            <testcase classname="shop.Cart" name="shop.Cart.later"><skipped/></testcase>
            <testcase classname="shop.Cart" name="again"><flakyFailure message="once"><stackTrace/></flakyFailure></testcase>
          </testsuite>
          <testsuite><testsuite><testcase name="nested"><failure/></testcase></testsuite></testsuite>
        </testsuites>
        """;

    [Fact]
    public void Tests_are_counted_and_failures_named_with_their_reasons()
    {
        var read = JUnitReport.Read(Report, "r.xml");

        Assert.Equal((3, 3, 1), (read.Passed, read.Failed, read.Skipped));
        Assert.Equal(
            [new("shop.Cart.removes", "expected 1"), new("alone", "boom"), new("nested", "it says no reason")],
            read.Failures
        );
        Assert.Empty(read.Unread);
    }

    [Theory]
    [InlineData("", "r.xml: Root element is missing.")]
    [InlineData("<testsuite><testcase>", "r.xml: Unexpected end of file")]
    [InlineData("<html></html>", "r.xml: it has no tests")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "r.xml: For security reasons DTD is prohibited")]
    public void What_is_no_report_is_said(string text, string why) =>
        Assert.StartsWith(why, Assert.Single(JUnitReport.Read(text, "r.xml").Unread), StringComparison.Ordinal);

    [Fact]
    public void Any_broken_report_is_read_or_said() =>
        Gen.Select(Gen.Int[0, Report.Length - 1], Gen.Int[0, 40], Gen.String[0, 5])
            .Sample(change =>
            {
                var (at, length, text) = change;
                var broken = Report.Remove(at, Math.Min(length, Report.Length - at)).Insert(at, text);
                Assert.InRange(JUnitReport.Read(broken, "r.xml").Unread.Count, 0, 1);
            });

    [Fact]
    public void Deep_reports_end_soon() =>
        Assert.Equal(
            ["r.xml: it goes too deep"],
            JUnitReport.Read(string.Concat(Enumerable.Repeat("<a>", 100_000)), "r.xml").Unread
        );
}
