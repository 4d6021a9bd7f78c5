using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Fairlead.Faces.Http;

namespace Fairlead.Faces.Intake;

/// <summary>A request's body, read whole, inflated, and within limits: one body's, and that of all bodies that are in memory at once.</summary>
internal sealed class IntakeBody : IDisposable
{
    /// <summary>What a body may hold once inflated.</summary>
    public const int BytesMax = 32 << 20;

    private const int FirstBytes = 64 << 10;

    private readonly IntakeMemory memory;
    private byte[] bytes;
    private int length;

    private IntakeBody(IntakeMemory memory)
    {
        this.memory = memory;
        memory.Take(FirstBytes);
        bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    }

    public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, length);

    /// <param name="encoding">As in Content-Encoding; snappy is left to who knows its frames.</param>
    /// <exception cref="Refused">It is too large, cannot be inflated, or too much is in memory already.</exception>
    public static async Task<IntakeBody> ReadAsync(
        Stream from,
        string? encoding,
        IntakeMemory memory,
        CancellationToken stop
    )
    {
        await using var inflated = Inflate(from, encoding);
        var body = new IntakeBody(memory);
        try
        {
            await body.FillAsync(inflated, stop);
            return body;
        }
        // Some of zlib's complaints come as trouble of reading.
        catch (Exception caught)
            when (caught is InvalidDataException
                || (caught is IOException and not BadHttpRequestException && !ReferenceEquals(inflated, from))
            )
        {
            body.Dispose();
            throw new Refused(StatusCodes.Status400BadRequest, IntakeProblems.Garbled(encoding, caught.Message));
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        memory.Give(Counted(bytes.Length));
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
        length = 0;
    }

    private async Task FillAsync(Stream from, CancellationToken stop)
    {
        while (true)
        {
            if (length == bytes.Length)
            {
                Grow();
            }
            var read = await from.ReadAsync(bytes.AsMemory(length), stop);
            if (read == 0)
            {
                return;
            }
            length += read;
            if (length > BytesMax)
            {
                throw new Refused(StatusCodes.Status413PayloadTooLarge, IntakeProblems.TooLarge());
            }
        }
    }

    private void Grow()
    {
        var wanted = bytes.Length * 2;
        memory.Take(Counted(wanted) - Counted(bytes.Length));
        var larger = ArrayPool<byte>.Shared.Rent(wanted);
        bytes.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }

    // The pool may hand out more than was asked for; what was asked for is what is counted.
    private static int Counted(int bytes) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes);

    private static Stream Inflate(Stream from, string? encoding) =>
        encoding?.Trim().ToLower(CultureInfo.InvariantCulture) switch
        {
            null or "" or "identity" or "snappy" => from,
            "gzip" or "x-gzip" => new GZipStream(from, CompressionMode.Decompress, leaveOpen: true),
            "deflate" => new ZLibStream(from, CompressionMode.Decompress, leaveOpen: true),
            "br" => new BrotliStream(from, CompressionMode.Decompress, leaveOpen: true),
            _ => throw new Refused(StatusCodes.Status415UnsupportedMediaType, IntakeProblems.UnknownEncoding(encoding)),
        };
}

/// <summary>What all bodies together may hold in memory, so that many senders cannot take what the server needs.</summary>
internal sealed class IntakeMemory(long bytesMax = 256L << 20)
{
    private long taken;

    public long Taken => Interlocked.Read(ref taken);

    /// <exception cref="Refused">Too much is taken already.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref taken, bytes) > bytesMax)
        {
            Give(bytes);
            throw new Refused(StatusCodes.Status503ServiceUnavailable, IntakeProblems.Busy());
        }
    }

    public void Give(int bytes) => Interlocked.Add(ref taken, -bytes);
}
