using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Pipelines;

public sealed class QuarantineTests
{
    private const string Task =
        "jobs: { test: { run: check, inputs: [src/**], reports: [r.xml] }, next: { run: x, needs: test } }\n";

    private const string Entry =
        "quarantine: [{ test: 'shop.Cart.*', owner: anna, until: 2027-01-10, reason: 'a clock' }]\n";

    private readonly MemoryPipelines machine = new()
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2027, 1, 1, 12, 0, 0, TimeSpan.Zero)),
    };

    private int exitCode = 1;
    private string? report = Report("Cart.removes");

    public QuarantineTests() =>
        machine.Commands["check"] = (_, _) =>
        {
            if (report is { } text)
            {
                machine.Files["r.xml"] = text;
            }
            return System.Threading.Tasks.Task.FromResult<int?>(exitCode);
        };

    [Fact]
    public async Task A_task_whose_only_failures_are_in_quarantine_counts_as_passed_and_says_whose_they_are()
    {
        Assert.Equal(["next done", "test quarantined"], await machine.RunAsync(Task + Entry));
        Assert.Contains(
            "test: warning: shop.Cart.removes failed and is in quarantine (anna, 9 days left: a clock)",
            machine.Said
        );
        Assert.Empty(machine.LastRun!.Problems);
        Assert.Equal(
            ("test/test", "shop.Cart.removes", "anna", "2027-01-10", 9, "a clock"),
            machine
                .LastRun.Quarantined!.Tolerated.Select(static one =>
                    (one.Task, one.Test, one.Owner, one.Until, one.DaysLeft, one.Reason)
                )
                .Single()
        );
        Assert.Empty(machine.LastRun.Quarantined.Notes);
    }

    [Fact]
    public async Task What_was_let_pass_is_kept_by_no_cache_and_runs_again()
    {
        await machine.RunAsync(Task + Entry);

        Assert.Equal(["next done", "test quarantined"], await machine.RunAsync(Task + Entry));
        Assert.Contains("test: check  (it failed before)", machine.Said);
        (exitCode, report) = (0, Report());
        Assert.Equal(["next done", "test done flaky"], await machine.RunAsync(Task + Entry));
        Assert.Equal(["next done", "test up to date"], await machine.RunAsync(Task + Entry));
    }

    public static TheoryData<string, int, string?> OtherReasons =>
        new()
        {
            { "another test failed too", 1, Report("Cart.removes", "Order.pays") },
            { "no test failed, and yet it did", 1, Report() },
            { "there is no report", 1, null },
            { "the report is cut off", 1, Report("Cart.removes")[..^20] },
            {
                "a suite failed as a whole",
                1,
                Report("Cart.removes")
                    .Replace("<testsuite>", "<testsuite failures='1' errors='1'>", StringComparison.Ordinal)
            },
            { "it was ended by a signal", 139, Report("Cart.removes") },
            {
                "more failed than are named",
                1,
                Report([.. Enumerable.Range(0, 51).Select(static at => $"Cart.t{at}")])
            },
        };

    [Theory]
    [MemberData(nameof(OtherReasons))]
    public async Task Whatever_else_may_be_the_reason_the_task_has_failed(string reason, int code, string? text)
    {
        Assert.NotEmpty(reason);
        (exitCode, report) = (code, text);
        // What an earlier run left is not taken for this one's.
        machine.Files["r.xml"] = Report("Cart.removes");

        Assert.Equal(["next skipped", "test FAILED"], await machine.RunAsync(Task + Entry));
        Assert.Single(machine.LastRun!.Problems);
        Assert.Empty(machine.LastRun.Quarantined!.Tolerated);
    }

    [Fact]
    public async Task An_entry_protects_until_its_day_ends_and_then_says_that_it_is_over()
    {
        var last = Entry.Replace("2027-01-10", "2027-01-01", StringComparison.Ordinal);
        Assert.Equal(["next done", "test quarantined"], await machine.RunAsync(Task + last));

        var over = Entry.Replace("2027-01-10", "2026-12-31", StringComparison.Ordinal);
        Assert.Equal(["next skipped", "test FAILED"], await machine.RunAsync(Task + over));
        Assert.Equal(
            [
                "shop.Cart.*: over since 2026-12-31, 1 day ago; it protects nothing any more. anna mends it, or gives it a new day with a reason.",
            ],
            machine.LastRun!.Quarantined!.Notes
        );
    }

    [Fact]
    public async Task Entries_that_hold_too_long_or_that_nothing_needed_are_mentioned()
    {
        report = Report("Order.pays");
        await machine.RunAsync(Task + Entry.Replace("2027-01-10", "2027-04-30", StringComparison.Ordinal));

        Assert.Equal(
            [
                "shop.Cart.*: it holds for 119 days more; more than 90 is a test that nobody mends.",
                "shop.Cart.*: no test that failed in this run fits it. Where it is mended, remove the entry (anna).",
            ],
            machine.LastRun!.Quarantined!.Notes
        );
    }

    [Fact]
    public async Task Reports_that_others_write_to_as_well_prove_nothing()
    {
        var both = "jobs: { a: { run: check, reports: [r.xml] }, b: { run: check, reports: [r.xml] } }\n" + Entry;

        Assert.Equal(["a FAILED", "b FAILED"], await machine.RunAsync(both));
        Assert.Contains(
            "a: b writes reports to the same place, so tests in quarantine are not looked for: give each its own files, or the job 'apart: true'",
            machine.Said
        );
        Assert.Equal(
            ["a quarantined", "b quarantined"],
            await machine.RunAsync(both.Replace("b: {", "b: { needs: a,", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Proof_that_chance_decides_says_which_entry_to_write()
    {
        var runs = 0;
        machine.Commands["check"] = (_, _) =>
        {
            machine.Files["r.xml"] = runs == 0 ? Report("Cart.removes") : Report();
            return System.Threading.Tasks.Task.FromResult<int?>(runs++ == 0 ? 1 : 0);
        };
        Assert.Equal(
            ["test done flaky"],
            await machine.RunAsync("jobs: { test: { run: check, inputs: [src/**], reports: [r.xml], retries: 1 } }")
        );
        var suggested = machine.LastRun!.Quarantined!.Suggested.Single();
        Assert.Equal(
            """
            quarantine:
              - test: shop.Cart.removes
                owner: WHO-MENDS-IT
                until: "2027-01-15"
                reason: "failed and passed with the same key in test/test: expected 1"
            """,
            suggested
        );
        Assert.Single(PipelineReader.Read($"{suggested}\n{Task}").Quarantine);
    }

    [Theory]
    [InlineData("test: '*', owner: a, until: 2027-01-01, reason: r", "manifest.quarantine-of-all")]
    [InlineData("test: a, owner: ' ', until: 2027-01-01, reason: r", "manifest.quarantine-unowned")]
    [InlineData("test: a, owner: a, until: 2027-02-30, reason: r", "manifest.no-day")]
    [InlineData("test: a, owner: a, until: soon, reason: r", "manifest.bad-value")]
    [InlineData("test: a, owner: a, until: 2027-01-01", "manifest.missing-key")]
    public void An_entry_that_protects_everything_or_for_ever_is_refused(string entry, string code) =>
        Assert.Equal(
            [code],
            Assert
                .Throws<ProblemException>(() => PipelineReader.Read($"quarantine: [{{ {entry} }}]\n{Task}"))
                .Problems.Select(static one => one.Code)
        );

    [Fact]
    public void A_native_export_says_that_the_list_is_lost_and_a_thin_one_keeps_it() =>
        Assert.All(
            AllVendors.All,
            static vendor =>
            {
                var pipeline = PipelineReader.Read(Task + Entry);
                Assert.Contains(
                    vendor.Write(pipeline, ExportMode.Native).Notes,
                    static note => note.What == "Tests are in quarantine: shop.Cart.*."
                );
                Assert.DoesNotContain(
                    vendor.Write(pipeline, ExportMode.Thin).Notes,
                    static note => note.What.Contains("quarantine", StringComparison.Ordinal)
                );
            }
        );

    private static string Report(params string[] failing) =>
        $"<testsuite><testcase classname='shop.Cart' name='adds'/>{string.Concat(failing.Select(static one => $"<testcase name='shop.{one}'><failure message='expected 1'/></testcase>"))}</testsuite>";
}
