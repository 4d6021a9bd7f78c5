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
        do
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "testsuites" or "testsuite" })
            {
                counted = reader.Depth <= counted && Says(reader, count) ? reader.Depth : counted;
            }
            if (reader.Depth > DepthMax)
            {
                return TestSummary.Nothing with { Unread = [$"{file}: it goes too deep"] };
            }
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "testcase" })
            {
                continue;
            }
            var name = NameOf(reader);
            switch (Outcome(reader))
            {
                case ("passed", _):
                    count.Pass();
                    break;
                case ("skipped", _):
                    count.Skip();
                    break;
                case (_, var why):
                    count.Fail(name, why);
                    break;
            }
        } while (reader.Read());
        return count.Of(file);
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
