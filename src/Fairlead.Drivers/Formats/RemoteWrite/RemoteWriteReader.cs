using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.RemoteWrite;

/// <summary>
/// Reads what Prometheus and its kin send by remote write 1.0 (prometheus.io/docs/specs/prw/remote_write_spec), once inflated:
/// <code>
/// WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
/// TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2; exemplars = 3; histograms = 4; }
/// MetricMetadata { MetricType type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
/// Label        { string name = 1; string value = 2; }
/// Sample       { double value = 1; int64 timestamp = 2; }
/// </code>
/// Senders repeat the labels of every series in every request; by the hash of their bytes they are found made already.
/// </summary>
public static class RemoteWriteReader
{
    private const int LabelsMax = 1024;
    private const int AboutsMax = MetricNotes.MetricsMax;
    private const int TextBytesMax = 64 << 10;

    /// <exception cref="InvalidDataException">It is no such request.</exception>
    public static RemoteWriteBatch Read(ReadOnlySpan<byte> request, KnownLabels known)
    {
        var series = new List<SeriesSamples>();
        var abouts = new List<MetricAbout>();
        var (samples, histograms) = (0L, 0L);
        var reader = new ProtobufReader(request);
        while (reader.Next())
        {
            if (reader.Field == 1 && OfSeries(reader.Bytes(), known, ref histograms) is { } one)
            {
                samples += one.Samples.Count;
                series.Add(one);
            }
            else if (reader.Field == 3 && abouts.Count < AboutsMax)
            {
                abouts.Add(OfAbout(reader.Bytes()));
            }
        }
        return new(series, samples, histograms) { Abouts = abouts };
    }

    private static MetricAbout OfAbout(ReadOnlySpan<byte> bytes)
    {
        var about = new MetricAbout("", MetricKind.Unknown);
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            about = reader.Field switch
            {
                1 => about with { Kind = KindOf(reader.Varint()) },
                2 => about with { Name = reader.Text(TextBytesMax) },
                4 => about with { Help = reader.Text(TextBytesMax) },
                5 => about with { Unit = reader.Text(TextBytesMax) },
                _ => about,
            };
        }
        return about;
    }

    private static MetricKind KindOf(ulong number) =>
        number switch
        {
            1 => MetricKind.Counter,
            2 => MetricKind.Gauge,
            3 => MetricKind.Histogram,
            5 => MetricKind.Summary,
            _ => MetricKind.Unknown,
        };

    private static SeriesSamples? OfSeries(ReadOnlySpan<byte> bytes, KnownLabels known, ref long histograms)
    {
        var (from, to, isTogether, count) = (-1, -1, true, 0);
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Skip();
                    isTogether &= to < 0 || to == reader.FieldStart;
                    (from, to) = (from < 0 ? reader.FieldStart : from, reader.Position);
                    break;
                case 2:
                    count++;
                    break;
                case 4:
                    histograms++;
                    break;
            }
        }
        if (count == 0)
        {
            return null;
        }
        // All senders write labels one behind the other; nobody has to.
        var raw =
            from < 0 ? []
            : isTogether ? bytes[from..to]
            : bytes;
        return new(known.Find(raw) ?? known.Add(raw, LabelsIn(raw, known)), SamplesIn(bytes, count));
    }

    private static Sample[] SamplesIn(ReadOnlySpan<byte> bytes, int count)
    {
        var samples = new Sample[count];
        var (place, isSorted) = (0, true);
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                samples[place] = OfSample(reader.Bytes());
                isSorted &= place == 0 || samples[place - 1].At <= samples[place].At;
                place++;
            }
        }
        if (!isSorted)
        {
            Array.Sort(samples, static (left, right) => left.At.CompareTo(right.At));
        }
        return samples;
    }

    private static Sample OfSample(ReadOnlySpan<byte> bytes)
    {
        var (at, value) = (0L, 0d);
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    value = reader.Real();
                    break;
                case 2:
                    at = reader.Whole();
                    break;
            }
        }
        return new(at, value);
    }

    private static List<Label> LabelsIn(ReadOnlySpan<byte> raw, KnownLabels known)
    {
        var labels = new List<Label>();
        var reader = new ProtobufReader(raw);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                labels.Add(OfLabel(reader.Message(), known));
                if (labels.Count > LabelsMax)
                {
                    throw new InvalidDataException($"A series has more than {LabelsMax} labels.");
                }
            }
        }
        return labels;
    }

    private static Label OfLabel(ProtobufReader reader, KnownLabels known)
    {
        var (name, value) = ("", "");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = known.Once(reader.Text(TextBytesMax));
                    break;
                case 2:
                    value = known.Once(reader.Text(TextBytesMax));
                    break;
            }
        }
        return new(name, value);
    }
}

/// <summary>What one request holds.</summary>
/// <param name="Histograms">Native histograms, that are not read.</param>
public sealed record RemoteWriteBatch(IReadOnlyList<SeriesSamples> Series, long Samples, long Histograms)
{
    /// <summary>What is said of metrics beyond their numbers.</summary>
    public IReadOnlyList<MetricAbout> Abouts { get; init; } = [];
}
