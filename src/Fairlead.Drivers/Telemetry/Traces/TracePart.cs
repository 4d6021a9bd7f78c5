using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Traces;

/// <summary>Spans of a trace as they lie on the disk: JSON, packed by Brotli, known by the digest of what is in them.</summary>
internal static class TracePart
{
    private const int Quality = 4;
    private const int Window = 22;

    // A part holds at most one batch of spans; more is a sign of damage.
    private const int BytesMax = 512 << 20;

    public static (byte[] Digest, byte[] Packed) Pack(IReadOnlyList<Span> spans)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(spans);
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(json.Length)];
        return BrotliEncoder.TryCompress(json, packed, out var length, Quality, Window)
            ? (SHA256.HashData(json)[..16], packed[..length])
            : throw new InvalidOperationException("There was room enough.");
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IReadOnlyList<Span> Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var json = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (brotli.Read(buffer) is > 0 and var read)
        {
            json.Write(buffer, 0, read);
            if (json.Length > BytesMax)
            {
                throw new InvalidDataException("It is larger than any part is.");
            }
        }
        try
        {
            return JsonSerializer.Deserialize<List<Span>>(json.GetBuffer().AsSpan(0, (int)json.Length)) ?? [];
        }
        catch (JsonException caught)
        {
            throw new InvalidDataException(caught.Message, caught);
        }
    }
}
