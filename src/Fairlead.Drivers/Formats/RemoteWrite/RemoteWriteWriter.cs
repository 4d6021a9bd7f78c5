using Fairlead.Drivers.Formats.Compression;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.RemoteWrite;

/// <summary>Writes a request of remote write 1.0, deflated: see <see cref="RemoteWriteReader"/>.</summary>
public static class RemoteWriteWriter
{
    public static byte[] Write(IEnumerable<SeriesSamples> batch)
    {
        var request = new ProtobufWriter();
        var (series, part) = (new ProtobufWriter(), new ProtobufWriter());
        foreach (var one in batch)
        {
            series.Clear();
            foreach (var (name, value) in one.Labels)
            {
                part.Clear();
                part.Text(1, name);
                part.Text(2, value);
                series.Bytes(1, part.Written);
            }
            foreach (var sample in one.Samples)
            {
                part.Clear();
                part.Real(1, sample.Value);
                part.Varint(2, (ulong)sample.At);
                series.Bytes(2, part.Written);
            }
            request.Bytes(1, series.Written);
        }
        return SnappyBlock.Deflate(request.Written);
    }
}
