using System.Globalization;
using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Exposition;

/// <summary>Writes numbers as Prometheus's text format 0.0.4 or as OpenMetrics 1.0, each family in one block, as both demand.</summary>
public static class ExpositionWriter
{
    public static string Write(MetricPage page, ExpositionDialect dialect)
    {
        var text = new StringBuilder();
        foreach (var family in page.Samples.GroupBy(one => FamilyOf(page, one), StringComparer.Ordinal))
        {
            var about = page.Abouts.GetValueOrDefault(family.Key) ?? new(family.Key, MetricKind.Unknown);
            Head(text, about, dialect);
            foreach (var sample in family)
            {
                Line(text, sample, about, dialect);
            }
        }
        return dialect is ExpositionDialect.OpenMetrics ? text.Append("# EOF\n").ToString() : text.ToString();
    }

    private static string FamilyOf(MetricPage page, ExposedSample sample) =>
        page.AboutOf(sample.Labels.Name)?.Name ?? sample.Labels.Name;

    // OpenMetrics calls a counter's family by its name without _total; Prometheus's own format by the whole name.
    private static void Head(StringBuilder text, MetricAbout about, ExpositionDialect dialect)
    {
        var isOpen = dialect is ExpositionDialect.OpenMetrics;
        var name =
            isOpen && about.Kind is MetricKind.Counter && about.Name.EndsWith("_total", StringComparison.Ordinal)
                ? about.Name[..^"_total".Length]
                : about.Name;
        name = IsPlain(name) ? name : $"\"{Escaped(name)}\"";
        var kind = about.Kind is MetricKind.Unknown && !isOpen ? "untyped" : about.Kind.ToString().ToLowerInvariant();
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {kind}\n");
        if (about.Help.Length > 0)
        {
            var help = isOpen
                ? Escaped(about.Help)
                : Escaped(about.Help).Replace("\\\"", "\"", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n");
        }
    }

    private static void Line(StringBuilder text, ExposedSample sample, MetricAbout about, ExpositionDialect dialect)
    {
        var name = sample.Labels.Name;
        var isPlain = IsPlain(name);
        // OpenMetrics knows no counter whose name does not end so.
        if (
            dialect is ExpositionDialect.OpenMetrics
            && about.Kind is MetricKind.Counter
            && !name.EndsWith("_total", StringComparison.Ordinal)
            && !name.EndsWith("_created", StringComparison.Ordinal)
        )
        {
            name += "_total";
        }
        text.Append(isPlain ? name : "");
        var labels = sample
            .Labels.Where(one => one.Name != Labels.MetricName)
            .Select(one => $"{(IsPlain(one.Name) ? one.Name : $"\"{Escaped(one.Name)}\"")}=\"{Escaped(one.Value)}\"")
            .Prepend(isPlain ? "" : $"\"{Escaped(name)}\"")
            .Where(one => one.Length > 0)
            .ToList();
        if (labels.Count > 0)
        {
            text.Append('{').AppendJoin(',', labels).Append('}');
        }
        text.Append(' ').Append(Number(sample.Value));
        if (sample.At is { } time)
        {
            text.Append(' ')
                .Append(
                    dialect is ExpositionDialect.OpenMetrics
                        ? (time / 1000m).ToString(CultureInfo.InvariantCulture)
                        : time.ToString(CultureInfo.InvariantCulture)
                );
        }
        text.Append('\n');
    }

    internal static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsPlain(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or ':');

    private static string Escaped(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
