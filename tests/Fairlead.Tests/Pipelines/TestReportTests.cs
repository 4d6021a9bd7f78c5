using CsCheck;
using Fairlead.Engine.Pipelines.Reports;

namespace Fairlead.Tests.Pipelines;

public sealed class TestReportTests
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
        var read = ReportFormats.Read(Report, "r.xml");

        Assert.Equal((3, 3, 1), (read.Passed, read.Failed, read.Skipped));
        Assert.Equal(
            [new("shop.Cart.removes", "expected 1"), new("alone", "boom"), new("nested", "it says no reason")],
            read.Failures
        );
        Assert.Empty(read.Unread);
    }

    [Theory]
    [InlineData("", "r.xml: it has no tests")]
    [InlineData("{}\nhello", "r.xml: it has no tests")]
    [InlineData("<TestRun><Results>", "r.xml: Unexpected end of file")]
    [InlineData("<testsuite><testcase>", "r.xml: Unexpected end of file")]
    [InlineData("<html></html>", "r.xml: it has no tests")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "r.xml: For security reasons DTD is prohibited")]
    public void What_is_no_report_is_said(string text, string why) =>
        Assert.StartsWith(why, Assert.Single(ReportFormats.Read(text, "r.xml").Unread), StringComparison.Ordinal);

    [Fact]
    public void Visual_studios_results_are_read_and_those_of_rows_instead_of_their_test() =>
        Assert.Equal(
            """
            3 passed, 3 failed, 2 skipped
            Shop.Cart.Removes: expected 1
            Shop.Cart.Rows(2): it says no reason
            Shop.Cart.Waits: Timeout
            """,
            Text(
                """
                <?xml version="1.0" encoding="utf-8"?>
                <TestRun id="1" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
                  <Results>
                    <UnitTestResult testName="Shop.Cart.Adds" outcome="Passed" duration="00:00:01"><Output><StdOut>hi</StdOut></Output></UnitTestResult>
                    <UnitTestResult testName="Shop.Cart.Removes" outcome="Failed">
                      <Output><ErrorInfo><Message>
                        expected 1
                        was 2</Message><StackTrace>at Cart</StackTrace></ErrorInfo></Output>
                    </UnitTestResult>
                    <UnitTestResult testName="Shop.Cart.Rows" outcome="Failed">
                      <InnerResults>
                        <UnitTestResult testName="Shop.Cart.Rows(1)" outcome="Passed" />
                        <UnitTestResult testName="Shop.Cart.Rows(2)" outcome="Failed" />
                      </InnerResults>
                    </UnitTestResult>
                    <UnitTestResult testName="Shop.Cart.Waits" outcome="Timeout" />
                    <UnitTestResult testName="Shop.Cart.Later" outcome="NotExecuted" />
                    <UnitTestResult testName="Shop.Cart.Perhaps" outcome="Inconclusive" />
                    <UnitTestResult testName="Shop.Cart.Prints" outcome="Passed" />
                  </Results>
                  <TestDefinitions><UnitTest name="Adds"><Message>none of it</Message></UnitTest></TestDefinitions>
                </TestRun>
                """
            )
        );

    [Fact]
    public void The_test_anything_protocol_is_read_with_its_plan() =>
        Assert.Equal(
            """
            2 passed, 4 failed, 2 skipped
            removes: expected 1
            parses: line 3
            test 8: it says no reason
            tests that never ran: 9 were planned, and 7 are reported
            """,
            Text(
                """
                TAP version 14
                1..9
                ok 1 - adds
                not ok 2 - removes
                  ---
                  message: "expected 1"
                  severity: fail
                  ...
                    ok 1 - inner
                    not ok 2 - inner
                not ok 3 parses # at 9
                # line 3
                # line 4
                ok 4 - sorts # SKIP no locale
                not ok 5 - later # TODO
                ok
                not ok 8
                """
            )
        );

    [Fact]
    public void A_run_that_bails_out_has_failed() =>
        Assert.Equal(
            "1 passed, 1 failed, 0 skipped\nthe whole run: Bail out! no database",
            Text("ok 1 - a\nBail out! no database\n")
        );

    [Fact]
    public void Gos_events_are_read_by_their_innermost_tests_and_packages_that_do_not_build() =>
        Assert.Equal(
            """
            2 passed, 4 failed, 1 skipped
            shop/cart.TestRemove: cart_test.go:9: expected 1
            shop/cart.TestAll/two: it says no reason
            shop/cart.TestHangs: it never ended
            shop/api: api/main.go:3:1: syntax error
            """,
            Text(
                """
                go: downloading example.com/x v1.0.0
                {"Action":"start","Package":"shop/cart"}
                {"Action":"run","Package":"shop/cart","Test":"TestAdd"}
                {"Action":"output","Package":"shop/cart","Test":"TestAdd","Output":"=== RUN   TestAdd\n"}
                {"Action":"pass","Package":"shop/cart","Test":"TestAdd","Elapsed":0.01}
                {"Action":"output","Package":"shop/cart","Test":"TestRemove","Output":"    cart_test.go:9: expected 1\n"}
                {"Action":"output","Package":"shop/cart","Test":"TestRemove","Output":"--- FAIL: TestRemove (0.00s)\n"}
                {"Action":"fail","Package":"shop/cart","Test":"TestRemove","Elapsed":0}
                {"Action":"pass","Package":"shop/cart","Test":"TestAll/one"}
                {"Action":"fail","Package":"shop/cart","Test":"TestAll/two"}
                {"Action":"fail","Package":"shop/cart","Test":"TestAll"}
                {"Action":"skip","Package":"shop/cart","Test":"TestLater"}
                {"Action":"run","Package":"shop/cart","Test":"TestHangs"}
                {"Action":"fail","Package":"shop/cart","Elapsed":1.5}
                {"ImportPath":"shop/api","Action":"build-output","Output":"# shop/api\n"}
                {"ImportPath":"shop/api","Action":"build-output","Output":"api/main.go:3:1: syntax error\n"}
                {"Action":"fail","Package":"shop/api","FailedBuild":"shop/api"}
                {"Action":"not json
                """
            )
        );

    [Fact]
    public void What_cargo_prints_is_read_by_its_sums_with_the_names_that_it_lists() =>
        Assert.Equal(
            """
            3 passed, 2 failed, 1 skipped
            cart::removes: assertion `left == right` failed
            """,
            Text(
                """
                   Compiling shop v0.1.0 (/src/shop)
                     Running unittests src/lib.rs (target/debug/deps/shop-1)

                running 3 tests
                test cart::adds ... ok
                test cart::removes ... FAILED
                test cart::slow ... ignored, takes an hour

                failures:

                ---- cart::removes stdout ----
                thread 'cart::removes' panicked at src/cart.rs:9:5:
                assertion `left == right` failed
                  left: 1
                 right: 2

                failures:
                    cart::removes

                test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

                   Doc-tests shop

                running 3 tests
                ..F
                test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
                """
            )
        );

    [Fact]
    public void Any_broken_report_is_read_or_said() =>
        Gen.Select(Gen.Int[0, Report.Length - 1], Gen.Int[0, 40], Gen.String[0, 5])
            .Sample(change =>
            {
                var (at, length, text) = change;
                var broken = Report.Remove(at, Math.Min(length, Report.Length - at)).Insert(at, text);
                Assert.InRange(ReportFormats.Read(broken, "r.xml").Unread.Count, 0, 1);
            });

    [Fact]
    public void Deep_reports_end_soon() =>
        Assert.Equal(
            ["r.xml: it goes too deep"],
            ReportFormats.Read(string.Concat(Enumerable.Repeat("<a>", 100_000)), "r.xml").Unread
        );

    [Theory]
    [InlineData(
        """
            <testsuites><testsuite file="test/cart.js">
              <testcase classname="Cart" name="adds" time="1,204.5"/><testcase name="sorts" time="0.25" file="/w/test/sort.js"/>
              <testcase name="later" time="0"><skipped/></testcase><testcase name="odd" time="soon"/><testcase name="back" time="-1"/>
            </testsuite><testsuite><testcase name="alone" time="1e-3"><failure/></testcase></testsuite></testsuites>
            """,
        "Cart.adds 1204500 Cart test/cart.js|sorts 250 - /w/test/sort.js|alone 1 - -"
    )]
    [InlineData(
        """
            <TestRun><Results>
              <UnitTestResult testId="1" testName="Adds" outcome="Passed" duration="00:00:01.5000000" />
              <UnitTestResult testId="2" testName="Shop.Cart.Rows" outcome="Passed" duration="00:00:09"><InnerResults>
                <UnitTestResult testId="2" testName="Rows(1)" outcome="Failed" duration="00:00:00.002" />
              </InnerResults></UnitTestResult>
              <UnitTestResult testName="None" outcome="Passed" />
            </Results><TestDefinitions>
              <UnitTest id="1"><TestMethod className="Shop.Cart, Shop.Tests, Version=1.0.0.0" /></UnitTest>
              <UnitTest id="2"><TestMethod className="Shop.Rows" /></UnitTest>
            </TestDefinitions></TestRun>
            """,
        "Adds 1500 Shop.Cart -|Rows(1) 2 Shop.Rows -"
    )]
    [InlineData(
        """
            TAP version 14
            # Subtest: adds
                ok 1 - inner
                  ---
                  duration_ms: 7
                  ...
            ok 1 - adds
              ---
              duration_ms: 52.5
              ...
            not ok 2 - test/cart.js # time=310.4ms
            ok 3 - test/slow.js # time=2s
            ok 4 - later # SKIP
              ---
              duration_ms: 9
              ...
            """,
        "adds 52.5 - -|test/cart.js 310.4 - test/cart.js|test/slow.js 2000 - test/slow.js"
    )]
    [InlineData(
        """
            {"Action":"pass","Package":"shop/cart","Test":"TestAdd/one","Elapsed":0.25}
            {"Action":"pass","Package":"shop/cart","Test":"TestAdd","Elapsed":0.5}
            {"Action":"fail","Package":"shop/cart","Test":"TestSort","Elapsed":2}
            {"Action":"skip","Package":"shop/cart","Test":"TestSkip","Elapsed":0}
            {"Action":"fail","Package":"shop/cart","Elapsed":3}
            """,
        "shop/cart.TestAdd/one 250 shop/cart -|shop/cart.TestSort 2000 shop/cart -"
    )]
    [InlineData(
        """
            test cart::adds ... ok <0.012s>
            test sorts ... FAILED <1.500s>
            test quick ... ok
            test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.51s
            """,
        "cart::adds 12 cart -|sorts 1500 - -"
    )]
    public void Times_of_tests_are_read_with_their_classes_and_files(string text, string times) =>
        Assert.Equal(
            times,
            string.Join(
                '|',
                ReportFormats
                    .Read(text, "report")
                    .Times.Select(static one =>
                        string.Create(
                            System.Globalization.CultureInfo.InvariantCulture,
                            $"{one.Name} {one.Took.TotalMilliseconds} {one.Class ?? "-"} {one.File ?? "-"}"
                        )
                    )
            )
        );

    private static string Text(string report)
    {
        var read = ReportFormats.Read(report, "r");
        Assert.Empty(read.Unread);
        return string.Join(
            '\n',
            read.Failures.Select(static one => $"{one.Name}: {one.Why}")
                .Prepend($"{read.Passed} passed, {read.Failed} failed, {read.Skipped} skipped")
        );
    }
}
