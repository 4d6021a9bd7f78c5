using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>
/// Reads the Test Anything Protocol, versions 12 to 14. What is indented belongs to the test that follows it, which says what became of it as
/// a whole. A test that is to do may fail; fewer tests than the plan says are missing, and have failed.
/// </summary>
/// <example><code>
/// TAP version 14
/// 1..3
/// ok 1 - adds
/// not ok 2 - removes
///   ---
///   message: "expected 1"
///   ...
/// ok 3 - sorts # SKIP no locale
/// </code></example>
internal static partial class TapReport
{
    // In the block of the point itself: what is further in belongs to tests inside of it.
    private const string Duration = "  duration_ms:";

    public static TestSummary Read(string text, string file)
    {
        var (count, seen, planned) = (new TestCount(), 0, -1);
        (string Name, string? Why)? failing = null;
        string? last = null;
        foreach (var line in text.EnumerateLines())
        {
            if (Point().Match(line.ToString()) is { Success: true } point)
            {
                Fail(count, ref failing);
                seen++;
                failing = Count(point, count);
                last = Time(point, count);
            }
            else if (last is not null && line.StartsWith(Duration, StringComparison.Ordinal))
            {
                Add(count, last, TestCount.Seconds(line[Duration.Length..].Trim().ToString()) / 1_000);
                last = null;
            }
            else if (failing is { Why: null } open && Said(line) is { } why)
            {
                failing = (open.Name, why);
            }
            else if (line.StartsWith("1..", StringComparison.Ordinal))
            {
                var number = line[3..];
                var end = number.IndexOfAnyExceptInRange('0', '9');
                planned = int.TryParse(end < 0 ? number : number[..end], CultureInfo.InvariantCulture, out var said)
                    ? said
                    : planned;
            }
            else if (line.StartsWith("Bail out!", StringComparison.Ordinal))
            {
                Fail(count, ref failing);
                count.Fail("the whole run", line.ToString());
                return count.Of(file);
            }
        }
        Fail(count, ref failing);
        if (seen < planned)
        {
            count.Fail("tests that never ran", $"{planned} were planned, and {seen} are reported");
        }
        return count.Of(file);
    }

    /// <returns>The test, when how long it took may be said in the block behind it.</returns>
    private static string? Time(Match point, TestCount count)
    {
        var name = NameOf(point);
        switch (point.Groups["directive"].Value.ToUpperInvariant())
        {
            case "SKIP" or "TODO":
                return null;
            case "TIME" when Took().Match(point.Value) is { Success: true } took:
                var seconds = TestCount.Seconds(took.Groups["number"].Value);
                Add(count, name, took.Groups["unit"].Value == "ms" ? seconds / 1_000 : seconds);
                return null;
            default:
                return name;
        }
    }

    // A runner of files calls each test by its file: "ok 1 - test/cart.js".
    private static void Add(TestCount count, string name, double? seconds) =>
        count.Time(
            name,
            seconds,
            file: name.Contains('/', StringComparison.Ordinal) && !name.Contains(' ', StringComparison.Ordinal)
                ? name
                : null
        );

    private static string NameOf(Match point) =>
        point.Groups["name"] is { Length: > 0 } said ? said.Value.Trim() : $"test {point.Groups["number"].Value}";

    private static (string, string?)? Count(Match point, TestCount count)
    {
        var name = NameOf(point);
        var directive = point.Groups["directive"].Value.ToUpperInvariant();
        if (directive is "SKIP")
        {
            count.Skip();
        }
        else if (point.Groups["not"].Length == 0)
        {
            count.Pass();
        }
        else if (directive is "TODO")
        {
            count.Skip();
        }
        else
        {
            return (name, null);
        }
        return null;
    }

    private static void Fail(TestCount count, ref (string Name, string? Why)? failing)
    {
        if (failing is var (name, why))
        {
            count.Fail(name, why);
        }
        failing = null;
    }

    // "  message: 'expected 1'" of the block, or "# expected 1" of older ones.
    private static string? Said(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        if (
            text.StartsWith("message:", StringComparison.Ordinal) || text.StartsWith("error:", StringComparison.Ordinal)
        )
        {
            var value = text[(text.IndexOf(':') + 1)..].Trim().Trim(['\'', '"']);
            return value.Length > 1 ? value.ToString() : null;
        }
        return line.StartsWith("# ", StringComparison.Ordinal) && text.Length > 2 ? text[1..].Trim().ToString() : null;
    }

    [GeneratedRegex(
        @"#\s*time=(?<number>[0-9.]{1,15})(?<unit>ms|s)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Took();

    [GeneratedRegex(
        @"^(?<not>not )?ok\b[ ]?(?<number>[0-9]{0,9})[ ]?(?:-[ ])?(?<name>[^#]*)(?:#\s*(?<directive>[A-Za-z]+).*)?$",
        RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Point();
}
