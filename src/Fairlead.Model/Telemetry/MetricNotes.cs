using System.Collections.Concurrent;

namespace Fairlead.Model.Telemetry;

/// <summary>
/// What sources said last of their metrics beyond the numbers. Kept in memory alone, as Prometheus does: sources say it again.
/// </summary>
public sealed class MetricNotes
{
    /// <summary>Of so many metrics; what is said of further ones is not kept.</summary>
    public const int MetricsMax = 20_000;

    private const int HelpMax = 1_000;

    private readonly ConcurrentDictionary<string, MetricAbout> abouts = new(StringComparer.Ordinal);

    /// <summary>By name.</summary>
    public IReadOnlyList<MetricAbout> All => [.. abouts.Values.OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <summary>What is known of a metric; null when nobody said anything.</summary>
    public MetricAbout? Of(string name) => abouts.GetValueOrDefault(name);

    public void Tell(MetricAbout about)
    {
        if (abouts.TryGetValue(about.Name, out var known) && known == about)
        {
            return;
        }
        if (known is not null || abouts.Count < MetricsMax)
        {
            abouts[about.Name] = about.Help.Length > HelpMax ? about with { Help = about.Help[..HelpMax] } : about;
        }
    }

    public void Tell(IEnumerable<MetricAbout> all)
    {
        foreach (var about in all)
        {
            Tell(about);
        }
    }
}
