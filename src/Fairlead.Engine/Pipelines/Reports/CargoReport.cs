using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>
/// Reads what <c>cargo test</c> prints for people, whose stable form has no other. With <c>--quiet</c> only the sums are there, and only with
/// <c>--report-time</c>, of nightly ones, how long each test took.
/// </summary>
/// <example><code>
/// running 2 tests
/// test cart::adds ... ok
/// test cart::removes ... FAILED
///
/// ---- cart::removes stdout ----
/// thread 'cart::removes' panicked at src/cart.rs:9:5:
/// assertion `left == right` failed
///
/// test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
/// </code></example>
internal static partial class CargoReport
{
    /// <returns>Null when it is no such text.</returns>
    public static TestSummary? Read(string text, string file)
    {
        var (count, isCargo, listed) = (new TestCount(), false, (Passed: 0, Failed: 0, Skipped: 0));
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        var failing = new List<string>();
        string? inside = null;
        foreach (var span in text.EnumerateLines())
        {
            var line = span.ToString();
            if (One().Match(line) is { Success: true } one)
            {
                Take(one, ref listed, failing);
                var name = one.Groups["name"].Value;
                var module = name.LastIndexOf("::", StringComparison.Ordinal);
                count.Time(
                    name,
                    one.Groups["took"] is { Success: true } took ? TestCount.Seconds(took.Value) : null,
                    module > 0 ? name[..module] : null
                );
            }
            else if (Sum().Match(line) is { Success: true } sum)
            {
                isCargo = true;
                Settle(sum, listed, count, (failing, reasons));
                (listed, inside) = ((0, 0, 0), null);
                failing.Clear();
                reasons.Clear();
            }
            else if (Block().Match(line) is { Success: true } block)
            {
                inside = block.Groups["name"].Value;
            }
            else if (inside is not null && IsReason(line) && reasons.Count < TestSummary.FailuresMax)
            {
                reasons.TryAdd(inside, line);
            }
        }
        return isCargo ? count.Of(file) : null;
    }

    private static void Take(Match one, ref (int Passed, int Failed, int Skipped) listed, List<string> failing)
    {
        switch (one.Groups["outcome"].Value)
        {
            case "ok":
                listed.Passed++;
                break;
            case "ignored":
                listed.Skipped++;
                break;
            default:
                listed.Failed++;
                failing.Add(one.Groups["name"].Value);
                break;
        }
    }

    // The sum is right; tests that are listed have names beside.
    private static void Settle(
        Match sum,
        (int Passed, int Failed, int Skipped) listed,
        TestCount count,
        (List<string> Names, Dictionary<string, string> Reasons) failing
    )
    {
        var (passed, failed, skipped) = (Number(sum, "passed"), Number(sum, "failed"), Number(sum, "ignored"));
        foreach (var name in failing.Names.Take(failed))
        {
            count.Fail(name, failing.Reasons.GetValueOrDefault(name));
        }
        count.Add(passed, Math.Max(0, failed - listed.Failed), skipped);
    }

    // The first line tells where; what was wrong follows.
    private static bool IsReason(string line) =>
        line.Trim().Length > 0 && !line.StartsWith("thread '", StringComparison.Ordinal);

    private static int Number(Match sum, string name) =>
        int.Parse(sum.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^test (?<name>.+?) \.\.\. (?<outcome>ok|FAILED|ignored)\b(?: <(?<took>[0-9.]{1,12})s>)?",
        RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex One();

    [GeneratedRegex(
        @"^test result: \S+ (?<passed>[0-9]{1,9}) passed; (?<failed>[0-9]{1,9}) failed; (?<ignored>[0-9]{1,9}) ignored;",
        RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Sum();

    [GeneratedRegex("^---- (?<name>.+) stdout ----$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Block();
}
