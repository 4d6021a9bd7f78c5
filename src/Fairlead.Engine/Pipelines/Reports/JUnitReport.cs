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
public static class JUnitReport
{
    private const int LettersMax = 32 * 1024 * 1024;
    private const int WhyMax = 200;
    private const int DepthMax = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        // A report comes from a build, which may be anybody's.
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = LettersMax,
        IgnoreComments = true,
        IgnoreWhitespace = true,
    };

    /// <param name="file">How it is called, for those who read that it is none.</param>
    public static TestSummary Read(string text, string file)
    {
        var (passed, skipped, failures, failed) = (0, 0, new List<FailedTest>(), 0);
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            while (reader.Read())
            {
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
                        passed++;
                        break;
                    case ("skipped", _):
                        skipped++;
                        break;
                    case (_, var why):
                        failed++;
                        if (failures.Count < TestSummary.FailuresMax)
                        {
                            failures.Add(new(name, why));
                        }
                        break;
                }
            }
        }
        catch (XmlException caught)
        {
            return TestSummary.Nothing with { Unread = [$"{file}: {caught.Message}"] };
        }
        return new(
            passed,
            failed,
            skipped,
            failures,
            passed + failed + skipped == 0 ? [$"{file}: it has no tests"] : []
        );
    }

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
        var line = (said ?? "")
            .Split('\n')
            .Select(static one => one.Trim())
            .FirstOrDefault(static one => one.Length > 0);
        return line is null ? "it says no reason"
            : line.Length > WhyMax ? line[..WhyMax] + "…"
            : line;
    }
}
