using System.Globalization;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>Counts what became of tests while a report is read.</summary>
internal sealed class TestCount
{
    public const string NoReason = "it says no reason";
    private const int LettersMax = 200;

    private static readonly TimeSpan TimeMax = TimeSpan.FromDays(1);

    private readonly List<FailedTest> failures = [];
    private readonly List<TestTime> times = [];
    private int passed;
    private int failed;
    private int skipped;
    private int said;

    public void Pass() => passed++;

    public void Skip() => skipped++;

    /// <param name="why">Its message; the first line with anything on it is kept.</param>
    public void Fail(string name, string? why)
    {
        failed++;
        if (failures.Count < TestSummary.FailuresMax)
        {
            failures.Add(new(Short(name), Line(why)));
        }
    }

    /// <summary>How long a test took; what is no time is left out.</summary>
    /// <param name="seconds">Null when the report says none.</param>
    public void Time(string name, double? seconds, string? type = null, string? file = null)
    {
        if (seconds >= 0 && seconds <= TimeMax.TotalSeconds && times.Count < TestSummary.TimesMax)
        {
            times.Add(
                new(Short(name), TimeSpan.FromTicks((long)Math.Round(seconds.Value * TimeSpan.TicksPerSecond)))
                {
                    Class = string.IsNullOrEmpty(type) ? null : Short(type),
                    File = string.IsNullOrEmpty(file) ? null : Short(file),
                }
            );
        }
    }

    /// <summary>A number of seconds as reports write it, such as <c>0.012</c> or <c>1,204.5</c>; null for what is none.</summary>
    public static double? Seconds(string? text) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? seconds
            : null;

    /// <summary>Failures that the report says it has: those beyond its tests are of none that it names.</summary>
    public void Say(int bad) => said = (int)Math.Clamp((long)said + bad, 0, int.MaxValue);

    /// <summary>Tests of which only the number is known.</summary>
    public void Add(int more, int bad, int left) =>
        (passed, failed, skipped) = (passed + more, failed + bad, skipped + left);

    /// <param name="file">Where they were read, for those who read that there are none.</param>
    public TestSummary Of(string file) =>
        new(passed, failed, skipped, failures, passed + failed + skipped == 0 ? [$"{file}: it has no tests"] : [])
        {
            Unnamed = Math.Max(0, said - failed),
            Times = times,
        };

    /// <summary>The first line of a message.</summary>
    public static string Line(string? why) =>
        (why ?? "").Split('\n').Select(static one => one.Trim()).FirstOrDefault(static one => one.Length > 0)
            is { } line
            ? Short(line)
            : NoReason;

    private static string Short(string text) => text.Length > LettersMax ? text[..LettersMax] + "…" : text;
}
