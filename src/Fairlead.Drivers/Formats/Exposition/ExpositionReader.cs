using System.Globalization;
using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Exposition;

/// <summary>
/// Reads Prometheus's text format (prometheus.io/docs/instrumenting/exposition_formats, with the quoted names of version 1.0.0) and
/// OpenMetrics 1.0 (prometheus.io/docs/specs/om/open_metrics_spec).
/// <code>
/// # HELP http_requests_total Requests, by "code".
/// # TYPE http_requests_total counter
/// http_requests_total{code="200",path="C:\\x \"y\"\n"} 1.027e3 1395066363000
/// {"http.requests", "the.code"="200"} 5
/// latency_bucket{le="0.5"} 17 # {trace_id="oHg5"} 0.43 1.5
/// # EOF
/// </code>
/// A page is taken as a whole or not at all. <see cref="InvalidDataException"/> names the line and the reason.
/// </summary>
public ref struct ExpositionReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> text;
    private readonly ExpositionDialect dialect;
    private readonly ScrapeLimits limits;
    private readonly MetricPage page = new();
    private readonly List<Label> labels = [];
    private ReadOnlySpan<byte> line;
    private int at;
    private int number;

    private ExpositionReader(ReadOnlySpan<byte> text, ExpositionDialect dialect, ScrapeLimits limits)
    {
        this.text = text;
        this.dialect = dialect;
        this.limits = limits;
    }

    /// <exception cref="InvalidDataException">The text is not of the dialect, or larger than the limits.</exception>
    public static MetricPage Read(ReadOnlySpan<byte> text, ExpositionDialect dialect, ScrapeLimits limits) =>
        new ExpositionReader(text, dialect, limits).ReadAll();

    private MetricPage ReadAll()
    {
        var rest = text;
        var hasEnded = false;
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)'\n');
            line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            number++;
            if (hasEnded)
            {
                throw Wrong("there is more behind '# EOF'");
            }
            if (end < 0 && dialect is ExpositionDialect.OpenMetrics && !IsEnd(line))
            {
                throw Wrong("the line does not end");
            }
            hasEnded = ReadLine();
        }
        if (dialect is ExpositionDialect.OpenMetrics && !hasEnded)
        {
            throw new InvalidDataException($"It ends after line {number} without '# EOF': the rest may be missing.");
        }
        return page;
    }

    private static bool IsEnd(ReadOnlySpan<byte> line) => line.SequenceEqual("# EOF"u8);

    /// <returns>Whether it was the line that ends an OpenMetrics page.</returns>
    private bool ReadLine()
    {
        if (line.Length > 0 && line[^1] == '\r' && dialect is ExpositionDialect.Prometheus)
        {
            line = line[..^1];
        }
        at = 0;
        SkipBlanks();
        if (at == line.Length)
        {
            return dialect is ExpositionDialect.Prometheus ? false : throw Wrong("a line may not be empty");
        }
        if (line[at] != '#')
        {
            ReadSample();
            return false;
        }
        if (dialect is ExpositionDialect.OpenMetrics && IsEnd(line))
        {
            return true;
        }
        ReadComment();
        return false;
    }

    private void ReadComment()
    {
        at++;
        SkipBlanks();
        var word = Word();
        if (!(word.SequenceEqual("HELP"u8) || word.SequenceEqual("TYPE"u8) || word.SequenceEqual("UNIT"u8)))
        {
            return;
        }
        SkipBlanks();
        var name = at < line.Length && line[at] == '"' ? Quoted(limits.LabelNameBytesMax) : Name(isMetric: true);
        if (at < line.Length && !IsBlank(line[at]))
        {
            throw Wrong("a blank is missing behind the metric's name");
        }
        SkipBlanks();
        var said = line[at..];
        page.Describe(
            word[0] switch
            {
                (byte)'H' => new(
                    name,
                    MetricKind.Unknown,
                    Help: Unescaped(said, quotes: dialect is ExpositionDialect.OpenMetrics)
                ),
                (byte)'T' => new(name, KindOf(said.TrimEnd((byte)' '))),
                _ => new(name, MetricKind.Unknown, Unit: Text(said)),
            }
        );
        if (page.Abouts.Count > limits.SamplesMax)
        {
            throw TooMany();
        }
    }

    // Kinds of OpenMetrics that we keep no word for are as good as unknown: info, stateset, gaugehistogram.
    private readonly MetricKind KindOf(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("counter"u8) ? MetricKind.Counter
        : word.SequenceEqual("gauge"u8) ? MetricKind.Gauge
        : word.SequenceEqual("histogram"u8) ? MetricKind.Histogram
        : word.SequenceEqual("summary"u8) ? MetricKind.Summary
        : word.SequenceEqual("untyped"u8)
        || word.SequenceEqual("unknown"u8)
        || word.SequenceEqual("info"u8)
        || word.SequenceEqual("stateset"u8)
        || word.SequenceEqual("gaugehistogram"u8)
            ? MetricKind.Unknown
        : throw Wrong($"'{Shown(word)}' is no type of metric");

    private void ReadSample()
    {
        labels.Clear();
        if (line[at] != '{')
        {
            labels.Add(new(Labels.MetricName, Name(isMetric: true)));
            SkipBlanks();
        }
        if (at < line.Length && line[at] == '{')
        {
            ReadLabels();
        }
        if (labels.Count == 0 || !labels.Exists(static one => one.Name == Labels.MetricName))
        {
            throw Wrong("the metric has no name");
        }
        SkipBlanks();
        var value = Value(Word());
        var time = ReadTime();
        SkipBlanks();
        if (at < line.Length)
        {
            ReadExemplar();
        }
        if (page.Samples.Count == limits.SamplesMax)
        {
            throw TooMany();
        }
        page.Add(new(Sorted(), value, time));
    }

    private void ReadLabels()
    {
        at++;
        while (true)
        {
            SkipBlanks();
            if (Peek() == '}')
            {
                at++;
                return;
            }
            ReadLabel();
            if (labels.Count > limits.LabelsMax + 1)
            {
                throw Wrong($"it has more than {limits.LabelsMax} labels");
            }
            SkipBlanks();
            if (Peek() == ',')
            {
                at++;
            }
            else if (Peek() != '}')
            {
                throw Wrong("a comma or '}' is missing behind a label");
            }
        }
    }

    private void ReadLabel()
    {
        var isQuoted = Peek() == '"';
        var name = isQuoted ? Quoted(limits.LabelNameBytesMax) : Name(isMetric: false);
        SkipBlanks();
        if (isQuoted && Peek() is ',' or '}')
        {
            // {"http.requests", code="200"}: the metric's own name.
            Keep(Labels.MetricName, name);
            return;
        }
        if (Peek() != '=')
        {
            throw Wrong($"'=' is missing behind the label '{name}'");
        }
        at++;
        SkipBlanks();
        if (Peek() != '"')
        {
            throw Wrong($"the value of the label '{name}' is not in quotes");
        }
        if (name is Labels.MetricName or "")
        {
            throw Wrong("a label needs a name of its own");
        }
        Keep(name, Quoted(limits.LabelValueBytesMax));
    }

    private readonly void Keep(string name, string value)
    {
        foreach (var known in labels)
        {
            if (string.Equals(known.Name, name, StringComparison.Ordinal))
            {
                throw Wrong(
                    name is Labels.MetricName ? "the metric has two names" : $"the label '{name}' is there twice"
                );
            }
        }
        labels.Add(new(name, value));
    }

    private readonly Labels Sorted()
    {
        labels.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return Labels.TrySorted([.. labels]) ?? Labels.Of(labels);
    }

    private long? ReadTime()
    {
        SkipBlanks();
        if (at == line.Length || line[at] == '#')
        {
            return null;
        }
        var word = Word();
        if (dialect is ExpositionDialect.Prometheus)
        {
            return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : throw Wrong($"'{Shown(word)}' is no time in milliseconds");
        }
        var seconds = Value(word);
        return double.IsFinite(seconds) && Math.Abs(seconds) < 1e15
            ? (long)Math.Round(seconds * 1000)
            : throw Wrong($"'{Shown(word)}' is no time in seconds");
    }

    // Read to be sure that the line is whole; nobody asks for exemplars yet.
    private void ReadExemplar()
    {
        if (dialect is not ExpositionDialect.OpenMetrics || line[at] != '#')
        {
            throw Wrong("there is more behind the value");
        }
        at++;
        SkipBlanks();
        if (Peek() != '{')
        {
            throw Wrong("an exemplar begins with its labels");
        }
        List<Label> own = [.. labels];
        labels.Clear();
        ReadLabels();
        labels.Clear();
        labels.AddRange(own);
        SkipBlanks();
        Value(Word());
        ReadTime();
        if (at < line.Length)
        {
            throw Wrong("there is more behind the exemplar");
        }
    }

    private string Name(bool isMetric)
    {
        var start = at;
        while (at < line.Length && IsOfName(line[at], isFirst: at == start, isMetric))
        {
            at++;
        }
        if (at == start)
        {
            throw Wrong(at == line.Length ? "a name is missing" : $"no name begins with '{Shown(line.Slice(at, 1))}'");
        }
        if (at - start > limits.LabelNameBytesMax)
        {
            throw Wrong($"a name is longer than {limits.LabelNameBytesMax} bytes");
        }
        return Encoding.ASCII.GetString(line[start..at]);
    }

    private static bool IsOfName(byte letter, bool isFirst, bool isMetric) =>
        char.IsAsciiLetter((char)letter)
        || letter == '_'
        || (isMetric && letter == ':')
        || (!isFirst && char.IsAsciiDigit((char)letter));

    /// <summary>What stands in quotes, with <c>\\</c>, <c>\"</c> and <c>\n</c>; any other backslash stands for itself, as it does in Prometheus.</summary>
    private string Quoted(int bytesMax)
    {
        var start = ++at;
        var isEscaped = false;
        while (true)
        {
            var next = line[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0 || (line[at + next] == '\\' && at + next + 1 == line.Length))
            {
                throw Wrong("a quotation mark is missing");
            }
            at += next;
            if (line[at] == '"')
            {
                break;
            }
            isEscaped = true;
            at += 2;
        }
        var raw = line[start..at];
        at++;
        return raw.Length > bytesMax ? throw Wrong($"a name or value is longer than {bytesMax} bytes")
            : isEscaped ? Unescaped(raw, quotes: true)
            : Text(raw);
    }

    private readonly string Unescaped(ReadOnlySpan<byte> raw, bool quotes)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return Text(raw);
        }
        var bytes = new byte[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            var isEscape =
                raw[i] == '\\'
                && i + 1 < raw.Length
                && (raw[i + 1] is (byte)'\\' or (byte)'n' || (quotes && raw[i + 1] == '"'));
            bytes[length++] =
                !isEscape ? raw[i]
                : raw[++i] == 'n' ? (byte)'\n'
                : raw[i];
        }
        return Text(bytes.AsSpan(0, length));
    }

    private readonly string Text(ReadOnlySpan<byte> raw)
    {
        try
        {
            return StrictUtf8.GetString(raw);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong("it is no UTF-8");
        }
    }

    private readonly double Value(ReadOnlySpan<byte> word)
    {
        if (word.Length == 0)
        {
            throw Wrong("the value is missing");
        }
        if (char.IsAsciiDigit((char)word[^1]) || word[^1] == '.')
        {
            if (
                double.TryParse(
                    word,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
            {
                return number;
            }
        }
        var isNegative = word[0] == '-';
        var unsigned = word[0] is (byte)'+' or (byte)'-' ? word[1..] : word;
        return Ascii.EqualsIgnoreCase(unsigned, "inf"u8) || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8)
            ? isNegative
                ? double.NegativeInfinity
                : double.PositiveInfinity
            : Ascii.EqualsIgnoreCase(word, "nan"u8)
                ? double.NaN
                : throw Wrong($"'{Shown(word)}' is no number");
    }

    private ReadOnlySpan<byte> Word()
    {
        var start = at;
        while (at < line.Length && !IsBlank(line[at]))
        {
            at++;
        }
        return line[start..at];
    }

    private readonly char Peek() => at < line.Length ? (char)line[at] : throw Wrong("it ends within the labels");

    private void SkipBlanks()
    {
        while (at < line.Length && IsBlank(line[at]))
        {
            at++;
        }
    }

    private static bool IsBlank(byte letter) => letter is (byte)' ' or (byte)'\t';

    // What is shown of a stranger's bytes: little, and nothing that a terminal would obey.
    private static string Shown(ReadOnlySpan<byte> word)
    {
        var shown = Encoding.UTF8.GetString(word[..Math.Min(word.Length, 40)]);
        return string.Concat(shown.Select(letter => char.IsControl(letter) ? '?' : letter));
    }

    private readonly InvalidDataException TooMany() =>
        new(string.Create(CultureInfo.InvariantCulture, $"It shows more than {limits.SamplesMax:N0} samples."));

    private readonly InvalidDataException Wrong(string reason) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Line {number}: {reason}."));
}
