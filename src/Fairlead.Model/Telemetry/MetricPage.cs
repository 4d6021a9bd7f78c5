using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Telemetry;

/// <summary>What a metric's numbers mean, by Prometheus's words.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricKind>))]
public enum MetricKind
{
    /// <summary>Nothing said so.</summary>
    Unknown,

    /// <summary>Only rises, until its source starts anew.</summary>
    Counter,
    Gauge,
    Histogram,
    Summary,
}

/// <summary>What is known of a metric beyond its numbers.</summary>
/// <param name="Name">Of the family: a histogram's without <c>_bucket</c>.</param>
public sealed record MetricAbout(string Name, MetricKind Kind, string Help = "", string Unit = "");

/// <summary>A number that was exposed.</summary>
/// <param name="Labels">The metric's name among them.</param>
/// <param name="At">The time that the source itself gave it, in milliseconds since 1970; null for the time of asking.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExposedSample(Labels Labels, double Value, long? At = null);

/// <summary>All numbers that a source shows at one moment.</summary>
public sealed class MetricPage
{
    private readonly Dictionary<string, MetricAbout> abouts = new(StringComparer.Ordinal);
    private readonly List<ExposedSample> samples = [];

    /// <summary>By the family's name, in the order in which they came.</summary>
    public IReadOnlyDictionary<string, MetricAbout> Abouts => abouts;

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<ExposedSample> Samples => samples;

    /// <summary>Takes what a page says of a metric; what was said first of it stays, where something was said.</summary>
    public void Describe(MetricAbout about) =>
        abouts[about.Name] = abouts.GetValueOrDefault(about.Name) is not { } known
            ? about
            : new(
                about.Name,
                known.Kind is MetricKind.Unknown ? about.Kind : known.Kind,
                known.Help.Length > 0 ? known.Help : about.Help,
                known.Unit.Length > 0 ? known.Unit : about.Unit
            );

    public void Add(ExposedSample sample) => samples.Add(sample);

    public void Counter(
        string name,
        string help,
        double value,
        params IEnumerable<(string Name, string Value)> labels
    ) => Add(new(name, MetricKind.Counter, help), "", value, labels);

    public void Gauge(string name, string help, double value, params IEnumerable<(string Name, string Value)> labels) =>
        Add(new(name, MetricKind.Gauge, help), "", value, labels);

    /// <summary>Adds a number of a family, such as one of a histogram's buckets.</summary>
    /// <param name="suffix">Such as <c>_bucket</c>; empty for the family's own name.</param>
    public void Add(MetricAbout about, string suffix, double value, IEnumerable<(string Name, string Value)> labels)
    {
        abouts.TryAdd(about.Name, about);
        samples.Add(
            new(
                Labels.Of(
                    labels
                        .Select(one => new Label(one.Name, one.Value))
                        .Append(new(Labels.MetricName, about.Name + suffix))
                ),
                value
            )
        );
    }

    /// <summary>The family that a name belongs to; null when it was never described.</summary>
    public MetricAbout? AboutOf(string name)
    {
        if (abouts.TryGetValue(name, out var own))
        {
            return own;
        }
        foreach (var suffix in (ReadOnlySpan<string>)["_bucket", "_count", "_sum", "_total", "_created"])
        {
            if (
                name.EndsWith(suffix, StringComparison.Ordinal)
                && abouts.TryGetValue(name[..^suffix.Length], out var family)
            )
            {
                return family;
            }
        }
        return null;
    }
}
