namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>Counts what became of tests while a report is read.</summary>
internal sealed class TestCount
{
    public const string NoReason = "it says no reason";
    private const int LettersMax = 200;

    private readonly List<FailedTest> failures = [];
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
        };

    /// <summary>The first line of a message.</summary>
    public static string Line(string? why) =>
        (why ?? "").Split('\n').Select(static one => one.Trim()).FirstOrDefault(static one => one.Length > 0)
            is { } line
            ? Short(line)
            : NoReason;

    private static string Short(string text) => text.Length > LettersMax ? text[..LettersMax] + "…" : text;
}
