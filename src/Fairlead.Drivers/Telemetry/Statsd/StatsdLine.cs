using System.Globalization;
using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Statsd;

/// <summary>What a line of StatsD counts.</summary>
internal enum StatsdKind
{
    Counter,
    Gauge,

    /// <summary>In milliseconds.</summary>
    Timer,

    /// <summary>A histogram's or distribution's value, of whatever unit.</summary>
    Histogram,
    Set,
}

/// <summary>
/// A line of StatsD (github.com/statsd/statsd, docs/metric_types.md) with DogStatsD's additions (docs.datadoghq.com, datagram_shell):
/// several values, tags, and fields that are read over.
/// <code>
/// page.views:1|c
/// fuel.level:-0.5|g
/// render:32:40.5|ms|@0.1|#env:prod,beta|c:83c0a99c
/// users:ann|s
/// </code>
/// </summary>
/// <param name="Values">As they were written: a gauge's sign says that it is a change.</param>
/// <param name="Rate">The part of all that was sent; 1 for all.</param>
internal sealed record StatsdLine(
    string Name,
    StatsdKind Kind,
    IReadOnlyList<string> Values,
    double Rate,
    IReadOnlyList<Label> Tags
)
{
    private const int BytesMax = 8 * 1024;
    private const int ValuesMax = 1_000;
    private const int TagsMax = 64;
    private const int NameLettersMax = 256;

    /// <summary>Null where the line is none; <paramref name="why"/> says it then.</summary>
    public static StatsdLine? TryParse(ReadOnlySpan<byte> bytes, out string why)
    {
        if (bytes.Length > BytesMax)
        {
            return Refuse($"it has more than {BytesMax} bytes", out why);
        }
        var fields = Encoding.UTF8.GetString(bytes).Split('|');
        var colon = fields[0].IndexOf(':', StringComparison.Ordinal);
        if (fields.Length < 2 || colon < 1 || colon > NameLettersMax)
        {
            return Refuse("it is not of the shape name:value|kind", out why);
        }
        if (KindOf(fields[1]) is not { } kind)
        {
            return Refuse($"'{Shown(fields[1])}' is no kind of metric", out why);
        }
        // A set's value may hold a colon; other values are numbers, of which there may be several.
        var said = fields[0][(colon + 1)..];
        var values = kind is StatsdKind.Set ? [said] : said.Split(':', ValuesMax + 1);
        if (kind is not StatsdKind.Set && (values.Length > ValuesMax || !values.All(IsNumber)))
        {
            return Refuse($"'{Shown(said)}' is no number", out why);
        }
        var (rate, tags) = (1d, new List<Label>());
        foreach (var field in fields.AsSpan(2))
        {
            if (field.StartsWith('@') && !TryRate(field[1..], out rate))
            {
                return Refuse($"'{Shown(field)}' is no sample rate", out why);
            }
            if (field.StartsWith('#') && !TryTags(field[1..], tags))
            {
                return Refuse($"it has more than {TagsMax} tags", out why);
            }
        }
        why = "";
        return new(NameOf(fields[0][..colon]), kind, values, rate, tags);
    }

    /// <summary>As Prometheus names metrics and labels: other letters become <c>_</c>.</summary>
    internal static string NameOf(string name)
    {
        var text = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    private static StatsdKind? KindOf(string word) =>
        word switch
        {
            "c" => StatsdKind.Counter,
            "g" => StatsdKind.Gauge,
            "ms" => StatsdKind.Timer,
            "h" or "d" => StatsdKind.Histogram,
            "s" => StatsdKind.Set,
            _ => null,
        };

    private static bool TryRate(string text, out double rate) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out rate
        ) && rate is > 0 and <= 1;

    private static bool TryTags(string text, List<Label> tags)
    {
        foreach (var tag in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = tag.IndexOf(':', StringComparison.Ordinal);
            tags.Add(colon < 1 ? new(NameOf(tag), "true") : new(NameOf(tag[..colon]), tag[(colon + 1)..]));
            if (tags.Count > TagsMax)
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number);

    private static StatsdLine? Refuse(string reason, out string why)
    {
        why = reason;
        return null;
    }

    private static string Shown(string text) =>
        string.Concat(text.Take(40).Select(letter => char.IsControl(letter) ? '?' : letter));
}
