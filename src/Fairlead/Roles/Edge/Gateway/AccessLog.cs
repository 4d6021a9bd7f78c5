using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>
/// Writes a line of JSON for each request, behind the back of those who carry it: they never wait. When the disk cannot keep up
/// lines are dropped, and their number is written instead.
/// </summary>
internal sealed class AccessLog : IAsyncDisposable
{
    /// <summary>Lines that may wait to be written.</summary>
    private const int WaitingMax = 10_000;
    private const int BatchBytes = 256 * 1024;
    private const long RotateAtBytes = 64 * 1024 * 1024;
    private const int Kept = 4;

    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Channel<AccessLine> lines = Channel.CreateBounded<AccessLine>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true }
    );
    private readonly string path;
    private readonly long rotateAtBytes;
    private readonly ILogger log;
    private readonly Task writing;
    private long dropped;

    public AccessLog(string folder, ILogger log, long rotateAtBytes = RotateAtBytes)
    {
        path = Path.Combine(folder, "access.jsonl");
        this.rotateAtBytes = rotateAtBytes;
        this.log = log;
        // On the pool, because files have no other way than to block.
        writing = Task.Run(() => WriteAsync(CancellationToken.None));
    }

    public void Add(in AccessLine line)
    {
        if (!lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    /// <summary>Writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        lines.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        var batch = new ArrayBufferWriter<byte>(BatchBytes);
        await using var json = new Utf8JsonWriter(batch, Readable);
        var isBroken = false;
        while (await lines.Reader.WaitToReadAsync(stop))
        {
            while (batch.WrittenCount < BatchBytes && lines.Reader.TryRead(out var line))
            {
                line.Write(json);
                End(json, batch);
            }
            if (Interlocked.Exchange(ref dropped, 0) is > 0 and var lost)
            {
                json.WriteStartObject();
                json.WriteNumber("dropped", lost);
                json.WriteEndObject();
                End(json, batch);
            }
            try
            {
                await AppendAsync(batch.WrittenMemory, stop);
                isBroken = false;
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                if (!isBroken)
                {
                    log.AccessLogBroken(path, caught.Message);
                }
                isBroken = true;
            }
            batch.ResetWrittenCount();
        }
    }

    private static void End(Utf8JsonWriter json, ArrayBufferWriter<byte> batch)
    {
        json.Flush();
        json.Reset();
        batch.Write("\n"u8);
    }

    // Opened for each batch, so that a file taken away by someone's own rotation is made anew.
    private async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (new FileInfo(path) is { Exists: true, Length: var length } && length + bytes.Length > rotateAtBytes)
        {
            Rotate();
        }
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                BufferSize = 0,
            }
        );
        await file.WriteAsync(bytes, stop);
    }

    private void Rotate()
    {
        for (var number = Kept; number > 0; number--)
        {
            var newer = number == 1 ? path : $"{path}.{number - 1}";
            if (File.Exists(newer))
            {
                File.Move(newer, $"{path}.{number}", overwrite: true);
            }
        }
    }
}
