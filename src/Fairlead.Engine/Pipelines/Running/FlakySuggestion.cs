using System.Globalization;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Reports;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>The entry that proof of chance calls for: the tests that failed when the same key later ended well.</summary>
internal static class FlakySuggestion
{
    private const int DaysGiven = 14;
    private const int TestsMax = 20;

    /// <param name="failed">What the failed attempt reported; null when it reported nothing.</param>
    /// <returns>Lines of YAML, one for each test; <c>owner</c> is for people to say.</returns>
    public static IReadOnlyList<string> Of(string task, TestSummary? failed, DateOnly today) =>
        [
            .. (failed?.Failures ?? [])
                .Take(TestsMax)
                .Select(test =>
                    new YamlGroup()
                        .AddItems(
                            "quarantine",
                            [
                                new YamlGroup()
                                    .Add("test", test.Name.Replace("*", "?", StringComparison.Ordinal))
                                    .Add("owner", "WHO-MENDS-IT")
                                    .Add(
                                        "until",
                                        today.AddDays(DaysGiven).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                                    )
                                    .Add("reason", $"failed and passed with the same key in {task}: {test.Why}"),
                            ]
                        )
                        .ToString()
                        .TrimEnd()
                ),
        ];
}
