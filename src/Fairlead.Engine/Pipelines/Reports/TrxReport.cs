using System.Globalization;
using System.Xml;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>
/// Reads results of tests in the form of Visual Studio's test platform (TRX, schema TeamTest/2010). A test of several data rows has a
/// result for each inside of its own: then those are the tests.
/// </summary>
/// <example><code>
/// &lt;TestRun&gt;&lt;Results&gt;
///   &lt;UnitTestResult testName="Shop.Adds" outcome="Failed"&gt;
///     &lt;Output&gt;&lt;ErrorInfo&gt;&lt;Message&gt;expected 1&lt;/Message&gt;&lt;/ErrorInfo&gt;&lt;/Output&gt;
///   &lt;/UnitTestResult&gt;
/// &lt;/Results&gt;&lt;/TestRun&gt;
/// </code></example>
internal static class TrxReport
{
    private const int DepthMax = 64;

    private sealed class Open(string name, string outcome, (string? Test, double? Seconds) time)
    {
        public string Name { get; } = name;

        /// <summary>By which its class is found, which is said behind all results; and how long it took.</summary>
        public (string? Test, double? Seconds) Time { get; } = time;

        public string Outcome { get; } = outcome;

        public string? Why { get; set; }

        public bool HasInner { get; set; }
    }

    /// <param name="reader">At the root.</param>
    /// <exception cref="XmlException">It is no XML.</exception>
    public static TestSummary Read(XmlReader reader, string file)
    {
        var (count, open) = (new TestCount(), new Stack<Open>());
        var (times, classes) = (new List<Open>(), new Dictionary<string, string>(StringComparer.Ordinal));
        string? defined = null;
        // Text is read to behind its element, where the next one may stand already.
        var isNext = reader.Read();
        while (isNext)
        {
            if (reader.Depth > DepthMax)
            {
                return TestSummary.Nothing with { Unread = [$"{file}: it goes too deep"] };
            }
            switch (reader)
            {
                case { NodeType: XmlNodeType.Element, LocalName: "UnitTestResult" }:
                    Begin(reader, open, (count, times));
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "UnitTest" }:
                    defined = reader.GetAttribute("id");
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "TestMethod" } when defined is { } id:
                    Define(id, reader.GetAttribute("className"), classes);
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "Counters" }:
                    foreach (var name in (string[])["failed", "error", "timeout", "aborted"])
                    {
                        count.Say(
                            int.TryParse(reader.GetAttribute(name), CultureInfo.InvariantCulture, out var bad) ? bad : 0
                        );
                    }
                    break;
                // The host that runs the tests broke down, or something beside them did.
                case { NodeType: XmlNodeType.Element, LocalName: "RunInfo" }
                    when reader.GetAttribute("outcome") is "Error":
                    count.Say(int.MaxValue);
                    break;
                case { NodeType: XmlNodeType.EndElement, LocalName: "UnitTestResult" } when open.TryPop(out var ended):
                    Count(ended, (count, times));
                    break;
                case { NodeType: XmlNodeType.Element, LocalName: "Message" } when open.TryPeek(out var failing):
                    failing.Why ??= reader.ReadElementContentAsString();
                    continue;
            }
            isNext = reader.Read();
        }
        foreach (var one in times)
        {
            var (test, seconds) = one.Time;
            count.Time(one.Name, seconds, test is null ? null : classes.GetValueOrDefault(test));
        }
        return count.Of(file);
    }

    // Of MSTest also "Shop.Cart, Shop.Tests, Version=1.0.0.0".
    private static void Define(string test, string? type, Dictionary<string, string> classes)
    {
        if (type is not null && classes.Count < TestSummary.TimesMax)
        {
            classes.TryAdd(test, type.Split(',')[0]);
        }
    }

    private static void Begin(XmlReader reader, Stack<Open> open, (TestCount, List<Open>) count)
    {
        if (open.TryPeek(out var around))
        {
            around.HasInner = true;
        }
        double? seconds = TimeSpan.TryParse(
            reader.GetAttribute("duration"),
            CultureInfo.InvariantCulture,
            out var duration
        )
            ? duration.TotalSeconds
            : null;
        var one = new Open(
            reader.GetAttribute("testName") ?? "?",
            reader.GetAttribute("outcome") ?? "",
            (reader.GetAttribute("testId"), seconds)
        );
        if (reader.IsEmptyElement)
        {
            Count(one, count);
        }
        else
        {
            open.Push(one);
        }
    }

    private static void Count(Open one, (TestCount Count, List<Open> Times) all)
    {
        if (one.HasInner)
        {
            return;
        }
        var count = all.Count;
        if (all.Times.Count < TestSummary.TimesMax)
        {
            all.Times.Add(one);
        }
        switch (one.Outcome)
        {
            case "Passed" or "PassedButRunAborted" or "Completed" or "Warning":
                count.Pass();
                break;
            case "NotExecuted" or "Inconclusive" or "NotRunnable" or "Pending":
                count.Skip();
                break;
            default:
                // Failed, Error, Timeout, Aborted, Disconnected, InProgress; and what nobody knows is not good.
                count.Fail(one.Name, one.Why ?? (one.Outcome is "Failed" ? null : one.Outcome));
                break;
        }
    }
}
