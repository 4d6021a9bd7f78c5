using System.Text.Json.Serialization;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>What became of tests.</summary>
/// <param name="Failures">At most <see cref="FailuresMax"/>, in the order of the reports.</param>
/// <param name="Unread">Files that were no reports, with the reason.</param>
public sealed record TestSummary(
    int Passed,
    int Failed,
    int Skipped,
    IReadOnlyList<FailedTest> Failures,
    IReadOnlyList<string> Unread
)
{
    public const int FailuresMax = 50;

    /// <summary>Of so many tests times are kept; of those beyond only what became of them is known.</summary>
    public const int TimesMax = 50_000;

    public static TestSummary Nothing { get; } = new(0, 0, 0, [], []);

    /// <summary>Failures of which a report speaks without naming a test: of a suite as a whole, or of a runner that broke.</summary>
    [JsonIgnore]
    public int Unnamed { get; init; }

    /// <summary>How long tests took that ran, where the report says it; at most <see cref="TimesMax"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<TestTime> Times { get; init; } = [];

    public TestSummary And(TestSummary other) =>
        new(
            Passed + other.Passed,
            Failed + other.Failed,
            Skipped + other.Skipped,
            [.. Failures.Concat(other.Failures).Take(FailuresMax)],
            [.. Unread.Concat(other.Unread).Take(FailuresMax)]
        )
        {
            Unnamed = (int)Math.Min((long)Unnamed + other.Unnamed, int.MaxValue),
            Times = Times.Count == 0 ? other.Times : [.. Times.Concat(other.Times).Take(TimesMax)],
        };
}

/// <summary>How long one test took.</summary>
/// <param name="Name">With its class, as the report says it.</param>
public sealed record TestTime(string Name, TimeSpan Took)
{
    /// <summary>Its class, package or module; null when the report says none.</summary>
    public string? Class { get; init; }

    /// <summary>The file with its source, as the report says it; null when it says none.</summary>
    public string? File { get; init; }
}

/// <param name="Name">With its class, as the report says it.</param>
/// <param name="Why">The first line of its message.</param>
public sealed record FailedTest(string Name, string Why);
