using System.Globalization;
using System.Xml;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>
/// Reads results of tests in the form of JUnit's Ant task, which nearly all runners of tests write: <c>testcase</c> with a <c>failure</c>,
/// an <c>error</c>, <c>skipped</c>, or nothing when it passed. What failed first and passed when run again (<c>flakyFailure</c>, of Maven's
/// Surefire) has passed.
/// </summary>
/// <example><code>
/// &lt;testsuite&gt;
///   &lt;testcase classname="shop.CartTest" name="adds" /&gt;
///   &lt;testcase classname="shop.CartTest" name="removes"&gt;&lt;failure message="expected 1"&gt;at ...&lt;/failure&gt;&lt;/testcase&gt;
/// &lt;/testsuite&gt;
/// </code></example>
internal static class JUnitReport
{
    private const int DepthMax = 64;

    /// <param name="reader">At the root.</param>
    /// <exception cref="XmlException">It is no XML.</exception>
    public static TestSummary Read(XmlReader reader, string file)
    {
        var count = new TestCount();
        // A suite that has suites counts theirs too, so only the outermost that counts is asked.
        var counted = int.MaxValue;
        var files = new Stack<(int Depth, string? File)>();
        do
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "testsuites" or "testsuite" })
            {
                counted = reader.Depth <= counted && Says(reader, count) ? reader.Depth : counted;
                Enter(reader, files);
            }
            if (reader.Depth > DepthMax)
            {
                return TestSummary.Nothing with { Unread = [$"{file}: it goes too deep"] };
            }
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "testcase" })
            {
                continue;
            }
            var (name, type, took) = (NameOf(reader), reader.GetAttribute("classname"), reader.GetAttribute("time"));
            var source = reader.GetAttribute("file") ?? (files.TryPeek(out var around) ? around.File : null);
            var (outcome, why) = Outcome(reader);
            Count(count, name, outcome, why);
            count.Time(name, outcome == "skipped" ? null : TestCount.Seconds(took), type, source);
        } while (reader.Read());
        return count.Of(file);
    }

    private static void Count(TestCount count, string name, string outcome, string why)
    {
        switch (outcome)
        {
            case "passed":
                count.Pass();
                break;
            case "skipped":
                count.Skip();
                break;
            default:
                count.Fail(name, why);
                break;
        }
    }

    // Some say the file of each test, and some of the suite that they are in.
    private static void Enter(XmlReader reader, Stack<(int Depth, string? File)> files)
    {
        while (files.TryPeek(out var before) && before.Depth >= reader.Depth)
        {
            files.Pop();
        }
        var file = reader.GetAttribute("file") ?? reader.GetAttribute("filepath");
        files.Push((reader.Depth, file ?? (files.TryPeek(out var around) ? around.File : null)));
    }

    private static bool Says(XmlReader reader, TestCount count)
    {
        var (failures, errors) = (reader.GetAttribute("failures"), reader.GetAttribute("errors"));
        count.Say(Number(failures));
        count.Say(Number(errors));
        return failures is not null || errors is not null;
    }

    private static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string NameOf(XmlReader reader)
    {
        var (type, name) = (reader.GetAttribute("classname"), reader.GetAttribute("name") ?? "?");
        return string.IsNullOrEmpty(type) || name.StartsWith(type, StringComparison.Ordinal) ? name : $"{type}.{name}";
    }

    private static (string Outcome, string Why) Outcome(XmlReader reader)
    {
        var outcome = ("passed", "");
        if (reader.IsEmptyElement)
        {
            return outcome;
        }
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != depth + 1)
            {
                continue;
            }
            outcome = reader.LocalName switch
            {
                "failure" or "error" => ("failed", Why(reader)),
                "skipped" when outcome.Item1 == "passed" => ("skipped", ""),
                _ => outcome,
            };
        }
        return outcome;
    }

    private static string Why(XmlReader reader)
    {
        var said = reader.GetAttribute("message");
        if (string.IsNullOrWhiteSpace(said) && !reader.IsEmptyElement)
        {
            // Only the text that follows at once: what is inside other elements is not its message.
            said = reader.Read() && reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA ? reader.Value : "";
        }
        return said ?? "";
    }
}
