using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Fairlead.Drivers.Formats.Otlp;
using Fairlead.Drivers.Formats.Otlp.Translation;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Formats.Otlp;

/// <summary>
/// Metrics in OTLP's JSON and the series that become of them: input, a line of dashes, answer. Files whose name begins with
/// <c>app-</c> come from an app of Fairlead's. To take new answers, run once with FAIRLEAD_GOLDEN=write and read the difference.
/// </summary>
public sealed class OtlpGoldenTests
{
    private const string Line = "\n----------\n";
    private static readonly string Folder = Path.Combine(Here(), "Golden");
    private static readonly Source App = Source.Of(
        new InstanceKey(new Site("shop", "production"), new Part("api", 42), 1)
    );

    public static TheoryData<string> Names =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.txt")
                .Select(Path.GetFileNameWithoutExtension)
                .OfType<string>()
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Metrics_become_series_as_in_Prometheus(string name)
    {
        var path = Path.Combine(Folder, $"{name}.txt");
        var parts = File.ReadAllText(path).Split(Line);
        var actual = Translated(parts[0], name.StartsWith("app-", StringComparison.Ordinal) ? App : Source.Outside);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, parts[0] + Line + actual);
            return;
        }
        Assert.Equal(parts.ElementAtOrDefault(1), actual);
    }

    /// <summary>Requests one after the other, as text: a series a line, then what was refused.</summary>
    private static string Translated(string json, Source source)
    {
        var deltas = new DeltaMemory();
        var text = new StringBuilder();
        foreach (var request in json.Split("\n----\n"))
        {
            var translation = new MetricTranslation(source, deltas, DateTimeOffset.UnixEpoch);
            var message = OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(request), OtlpShape.Metrics);
            new OtlpMetrics(translation.Take).Read(message.Span);
            translation.Finish();
            foreach (var one in translation.Series)
            {
                foreach (var sample in one.Samples)
                {
                    var value = sample.IsStale ? "stale" : sample.Value.ToString("R", CultureInfo.InvariantCulture);
                    text.Append(CultureInfo.InvariantCulture, $"{one.Labels} {value} @{sample.At}\n");
                }
            }
            foreach (var (reason, points) in translation.Refused.OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"refused {points}: {reason}\n");
            }
            foreach (var name in translation.Coarse)
            {
                text.Append(CultureInfo.InvariantCulture, $"coarse: {name}\n");
            }
        }
        return text.ToString();
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
