using System.Globalization;
using System.IO.Enumeration;
using Fairlead.Engine.Pipelines.Reports;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Decides whether a task failed by nothing but tests in quarantine. It must be proven: by a report that the task wrote itself, in which every failure is a
/// named test that an entry protects. Whatever else may be the reason, the task has failed.
/// </summary>
/// <param name="today">In UTC.</param>
internal sealed class Quarantine(IReadOnlyList<Quarantined> entries, DateOnly today)
{
    /// <summary>How far ahead an entry may end without a word.</summary>
    public const int DaysUsual = 90;

    private const int SignalsFrom = 128;
    private const int NotesMax = 200;

    private readonly Lock gate = new();
    private readonly HashSet<Quarantined> met = [];
    private readonly List<ToleratedTest> tolerated = [];
    private bool hasLooked;

    public bool IsEmpty => entries.Count == 0;

    /// <summary>Failures that were let pass, in the order in which tasks ended.</summary>
    public IReadOnlyList<ToleratedTest> Tolerated
    {
        get
        {
            lock (gate)
            {
                return [.. tolerated];
            }
        }
    }

    /// <summary>Looks at how a task failed.</summary>
    /// <param name="task">As <c>job/task</c>.</param>
    /// <param name="exitCode">Null when its time was over.</param>
    /// <param name="reports">What the task itself reported; null when it reported nothing, or others report there too.</param>
    /// <returns>The failures, when they are all that failed; null when it failed for another reason too.</returns>
    public IReadOnlyList<ToleratedTest>? Judge(string task, int? exitCode, TestSummary? reports)
    {
        if (reports is null)
        {
            return null;
        }
        var found = new List<ToleratedTest>();
        lock (gate)
        {
            hasLooked = true;
            foreach (var test in reports.Failures)
            {
                var fitting = entries.Where(one => Fits(one, test.Name)).ToList();
                met.UnionWith(fitting);
                if (fitting.Find(one => one.Until >= today) is { } entry)
                {
                    found.Add(new(task, test.Name, entry.Owner, Day(entry.Until), DaysLeft(entry), entry.Reason));
                }
            }
            // Killed by a signal, it did not come to report all; a report that cannot be read may hold anything.
            var isProven =
                exitCode is > 0 and < SignalsFrom
                && reports is { Failed: > 0, Unnamed: 0, Unread: [] }
                && reports.Failed == found.Count;
            if (!isProven)
            {
                return null;
            }
            tolerated.AddRange(found);
        }
        return found;
    }

    /// <summary>What is to be known of the list: entries that are over, that hold too long, and that nothing needed.</summary>
    public IReadOnlyList<string> Notes()
    {
        lock (gate)
        {
            return [.. entries.SelectMany(NotesOf).Take(NotesMax)];
        }
    }

    private IEnumerable<string> NotesOf(Quarantined entry)
    {
        var days = Math.Abs(DaysLeft(entry));
        if (entry.Until < today)
        {
            yield return $"{entry.Test}: over since {Day(entry.Until)}, {Days(days)} ago; it protects nothing any more. {entry.Owner} mends it, or gives it a new day with a reason.";
        }
        else if (days > DaysUsual)
        {
            yield return $"{entry.Test}: it holds for {Days(days)} more; more than {DaysUsual} is a test that nobody mends.";
        }
        if (hasLooked && !met.Contains(entry))
        {
            yield return $"{entry.Test}: no test that failed in this run fits it. Where it is mended, remove the entry ({entry.Owner}).";
        }
    }

    private int DaysLeft(Quarantined entry) => entry.Until.DayNumber - today.DayNumber;

    private static bool Fits(Quarantined entry, string test) =>
        FileSystemName.MatchesSimpleExpression(entry.Test, test, ignoreCase: false);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string Days(int days) =>
        string.Create(CultureInfo.InvariantCulture, $"{days} {(days == 1 ? "day" : "days")}");
}

/// <summary>A failing test that was let pass.</summary>
/// <param name="Task">As <c>job/task</c>.</param>
/// <param name="Until">The last day on which that is so.</param>
/// <param name="DaysLeft">Until then; 0 on the last day.</param>
public sealed record ToleratedTest(string Task, string Test, string Owner, string Until, int DaysLeft, string Reason);

/// <summary>What became of tests in quarantine.</summary>
/// <param name="Notes">Entries that are over, hold too long, or that nothing needed.</param>
/// <param name="Suggested">Entries that proof of chance calls for, to be completed and put into the pipeline's file.</param>
public sealed record QuarantineSummary(
    IReadOnlyList<ToleratedTest> Tolerated,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Suggested
);
