using System.Text;

namespace Fairlead.Drivers.Formats.Otlp.Translation;

/// <summary>
/// Names as Prometheus 3 makes them of OpenTelemetry's by default (<c>UnderscoreEscapingWithSuffixes</c>):
/// <c>http.server.request.duration</c> in <c>s</c> becomes <c>http_server_request_duration_seconds</c>.
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
/// </summary>
internal static class PrometheusNames
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes",
        ["MBy"] = "megabytes",
        ["GBy"] = "gigabytes",
        ["TBy"] = "terabytes",
        ["m"] = "meters",
        ["V"] = "volts",
        ["A"] = "amperes",
        ["J"] = "joules",
        ["W"] = "watts",
        ["g"] = "grams",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["1"] = "",
        ["%"] = "percent",
    };

    private static readonly Dictionary<string, string> PerUnits = new(StringComparer.Ordinal)
    {
        ["s"] = "second",
        ["m"] = "minute",
        ["h"] = "hour",
        ["d"] = "day",
        ["w"] = "week",
        ["mo"] = "month",
        ["y"] = "year",
    };

    /// <summary>The name of a metric's family; empty when nothing of the name can be kept.</summary>
    public static string Metric(OtlpMetric metric)
    {
        var words = Words(metric.Name);
        AddUnit(words, metric.Unit);
        if (metric is { Kind: OtlpKind.Sum, IsMonotonic: true })
        {
            MoveToEnd(words, "total");
        }
        if (metric is { Kind: OtlpKind.Gauge, Unit: "1" })
        {
            MoveToEnd(words, "ratio");
        }
        var name = string.Join('_', words);
        return name.Length > 0 && char.IsAsciiDigit(name[0]) ? $"_{name}" : name;
    }

    /// <summary>The name of a label: <c>http.route</c> becomes <c>http_route</c>, <c>1st</c> becomes <c>key_1st</c>.</summary>
    public static string Label(string attribute)
    {
        var name = new StringBuilder(attribute.Length + 4);
        foreach (var letter in attribute.EnumerateRunes())
        {
            name.Append(IsWord(letter.Value) ? (char)letter.Value : '_');
        }
        return char.IsAsciiDigit(name[0]) ? name.Insert(0, "key_").ToString()
            : name[0] == '_' && (name.Length < 2 || name[1] != '_') ? name.Insert(0, "key").ToString()
            : name.ToString();
    }

    private static bool IsWord(int letter) =>
        letter == '_' || (letter < 128 && char.IsAsciiLetterOrDigit((char)letter));

    private static List<string> Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter == ':')
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }
        return words;
    }

    private static void AddUnit(List<string> words, string unit)
    {
        var (main, per) = Suffixes(unit);
        Add(main);
        Add(per);

        void Add(string suffix)
        {
            if (suffix.Length > 0 && !words.Contains(suffix, StringComparer.Ordinal))
            {
                words.Add(suffix);
            }
        }
    }

    // By/s: bytes, per_second. What is in braces, such as {request}, is a remark and no unit.
    private static (string Main, string Per) Suffixes(string unit)
    {
        var parts = unit.Split('/', 2);
        var main = parts[0].Trim();
        var per = parts.Length > 1 ? parts[1].Trim() : "";
        main = IsRemark(main) ? "" : Cleaned(Units.GetValueOrDefault(main, main));
        per = IsRemark(per) ? "" : Cleaned(PerUnits.GetValueOrDefault(per, per));
        return per.Length > 0 ? (main.TrimEnd('_'), $"per_{per}".TrimEnd('_')) : (main, "");
    }

    private static bool IsRemark(string unit) => unit.AsSpan().ContainsAny('{', '}');

    private static string Cleaned(string unit)
    {
        var words = string.Join('_', Words(unit));
        // As Prometheus: what stands at its end leaves a trace, what stands at its start does not.
        return words.Length > 0 && !char.IsAsciiLetterOrDigit(unit[^1]) && unit[^1] != ':' ? $"{words}_" : words;
    }

    private static void MoveToEnd(List<string> words, string word)
    {
        words.RemoveAll(one => string.Equals(one, word, StringComparison.Ordinal));
        words.Add(word);
    }
}
