using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fairlead.Model.Telemetry;

namespace Fairlead.Faces.Prometheus;

/// <summary>Writes an answer piece by piece: what is large never lies in memory as a whole.</summary>
internal sealed class JsonAnswer(Stream body) : IDisposable
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>Room that one piece may need without asking.</summary>
    private const int PieceBytes = 256;

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FlushBytes * 2);
    private int length;

    public void Raw(ReadOnlySpan<byte> json)
    {
        Room(json.Length);
        json.CopyTo(buffer.AsSpan(length));
        length += json.Length;
    }

    public void Text(string text)
    {
        var encoded = JsonEncodedText.Encode(text, Encoder).EncodedUtf8Bytes;
        Room(encoded.Length + 2);
        buffer[length++] = (byte)'"';
        encoded.CopyTo(buffer.AsSpan(length));
        length += encoded.Length;
        buffer[length++] = (byte)'"';
    }

    public void Texts(IEnumerable<string> texts)
    {
        Raw("["u8);
        var isFirst = true;
        foreach (var text in texts)
        {
            Raw(isFirst ? ""u8 : ","u8);
            isFirst = false;
            Text(text);
        }
        Raw("]"u8);
    }

    public void Labels(Labels labels)
    {
        Raw("{"u8);
        for (var i = 0; i < labels.Count; i++)
        {
            Raw(i == 0 ? ""u8 : ","u8);
            Text(labels[i].Name);
            Raw(":"u8);
            Text(labels[i].Value);
        }
        Raw("}"u8);
    }

    /// <summary><c>[1435781451.781,"1"]</c></summary>
    public void Point(long at, double value)
    {
        Room(PieceBytes);
        buffer[length++] = (byte)'[';
        length += PrometheusNumber.WriteTime(at, buffer.AsSpan(length));
        ",\""u8.CopyTo(buffer.AsSpan(length));
        length += 2;
        length += PrometheusNumber.Write(value, buffer.AsSpan(length));
        "\"]"u8.CopyTo(buffer.AsSpan(length));
        length += 2;
    }

    public void Time(long at)
    {
        Room(PieceBytes);
        length += PrometheusNumber.WriteTime(at, buffer.AsSpan(length));
    }

    /// <summary>Sends what has gathered once it is worth it.</summary>
    public ValueTask SendAsync(CancellationToken stop) => length < FlushBytes ? default : EndAsync(stop);

    /// <summary>Sends what is left.</summary>
    public ValueTask EndAsync(CancellationToken stop)
    {
        var bytes = length;
        length = 0;
        return body.WriteAsync(buffer.AsMemory(0, bytes), stop);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private void Room(int bytes)
    {
        if (buffer.Length - length >= bytes)
        {
            return;
        }
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + bytes));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
