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
    public static TestSummary Read(string text, string file)
    {
        var (count, seen, planned) = (new TestCount(), 0, -1);
        (string Name, string? Why)? failing = null;
        foreach (var line in text.EnumerateLines())
        {
            if (Point().Match(line.ToString()) is { Success: true } point)
            {
                Fail(count, ref failing);
                seen++;
                failing = Count(point, count);
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

    private static (string, string?)? Count(Match point, TestCount count)
    {
        var name = point.Groups["name"] is { Length: > 0 } said
            ? said.Value.Trim()
            : $"test {point.Groups["number"].Value}";
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
        @"^(?<not>not )?ok\b[ ]?(?<number>[0-9]{0,9})[ ]?(?:-[ ])?(?<name>[^#]*)(?:#\s*(?<directive>[A-Za-z]+).*)?$",
        RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Point();
}
