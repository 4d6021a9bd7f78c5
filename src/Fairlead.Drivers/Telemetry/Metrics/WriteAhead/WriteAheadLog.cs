using System.IO.Hashing;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Telemetry.Metrics.WriteAhead;

/// <summary>
/// The samples of a head in the order in which they came, so that none is lost before they are in a block. Records are written by one
/// thread at a time; all that wait for the disk share one write and one fsync.
/// <code>
/// file:   "FLWAL1\n\0", record...
/// record: length:4 checksum:4 entry...
/// entry:  1 | labels &lt;&lt; 1, (name, value)...                 the next series' labels
///         ordinal - last ordinal (zigzag) &lt;&lt; 1, time - last time, value
/// value:  n, the first n bytes of its bits, the rest being zero
/// </code>
/// </summary>
internal sealed class WriteAheadLog : IDisposable
{
    public static ReadOnlySpan<byte> Magic => "FLWAL1\n\0"u8;

    /// <summary>A record is ended when it is this large.</summary>
    public const int RecordBytes = 1 << 20;

    public const int HeadSize = 8;

    private readonly Lock gate;
    private readonly SafeFileHandle file;
#pragma warning disable CA2213 // See Dispose.
    private readonly SemaphoreSlim turn = new(1);
#pragma warning restore CA2213
    private ByteColumn pending = new(64 * 1024);
    private ByteColumn writing = new(64 * 1024);
    private long durable;
    private int recordStart = -1;
    private int lastOrdinal;
    private long lastTime;

    private WriteAheadLog(string path, int number, SafeFileHandle file, Lock gate) =>
        (Path, Number, this.file, this.gate, durable, Appended) = (
            path,
            number,
            file,
            gate,
            Magic.Length,
            Magic.Length
        );

    public string Path { get; }

    /// <summary>Rising with every log of this store.</summary>
    public int Number { get; }

    /// <summary>How long the file is or will be.</summary>
    public long Appended { get; private set; }

    /// <summary>How many series were defined.</summary>
    public int Defined { get; private set; }

    /// <param name="gate">Held by whoever appends.</param>
    public static WriteAheadLog Create(string path, int number, Lock gate)
    {
        var made = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        try
        {
            RandomAccess.Write(made, Magic, 0);
            RandomAccess.FlushToDisk(made);
            DurableFile.SyncFolder(System.IO.Path.GetDirectoryName(path)!);
            return new(path, number, made, gate);
        }
        catch
        {
            made.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Adds a sample to the open record. The caller holds the gate, and calls <see cref="EndRecord"/> before it lets go.</summary>
    public void Append(HeadSeries series, long at, double value)
    {
        if (recordStart < 0)
        {
            (recordStart, lastOrdinal, lastTime) = (pending.Length, 0, 0);
            pending.Room(HeadSize);
        }
        if (series.DefinedIn != Number)
        {
            Define(series);
        }
        pending.Zigzag2(series.LogOrdinal - lastOrdinal);
        pending.Zigzag(at - lastTime);
        Value(value);
        (lastOrdinal, lastTime) = (series.LogOrdinal, at);
        if (pending.Length - recordStart > RecordBytes)
        {
            EndRecord();
        }
    }

    /// <returns>What to give to <see cref="CommitAsync"/>.</returns>
    public long EndRecord()
    {
        if (recordStart >= 0)
        {
            var length = pending.Length - recordStart - HeadSize;
            var head = new ByteColumn(HeadSize);
            head.Int32((uint)length);
            head.Int32(Checksum(pending.At(recordStart + HeadSize, length)));
            head.Written.CopyTo(pending.At(recordStart, HeadSize));
            Appended += length + HeadSize;
            recordStart = -1;
        }
        return Appended;
    }

    /// <summary>Comes back when all up to there is on disk.</summary>
    /// <exception cref="IOException">It could not be written; the next call tries again.</exception>
    public async Task CommitAsync(long upTo, CancellationToken stop)
    {
        if (Volatile.Read(ref durable) >= upTo)
        {
            return;
        }
        await turn.WaitAsync(stop);
        try
        {
            while (durable < upTo)
            {
                // What could not be written last time goes first, to the same place.
                if (writing.Length == 0)
                {
                    lock (gate)
                    {
                        (writing, pending) = (pending, writing);
                    }
                }
                RandomAccess.Write(file, writing.Written, durable);
                RandomAccess.FlushToDisk(file);
                Volatile.Write(ref durable, durable + writing.Length);
                writing.Clear();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Closes the file. Whoever still waits for what is on disk already is answered.</summary>
    /// <remarks>So <see cref="turn"/> is not disposed: that would forget who waits for it. It holds nothing that must be let go.</remarks>
    public void Dispose() => file.Dispose();

    internal static uint Checksum(ReadOnlySpan<byte> bytes) => (uint)XxHash3.HashToUInt64(bytes);

    private void Define(HeadSeries series)
    {
        pending.Varint(1 | ((ulong)series.Labels.Count << 1));
        for (var index = 0; index < series.Labels.Count; index++)
        {
            var (name, value) = series.Labels[index];
            pending.Text(name);
            pending.Text(value);
        }
        (series.DefinedIn, series.LogOrdinal) = (Number, Defined++);
    }

    private void Value(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var count = 8 - (System.Numerics.BitOperations.TrailingZeroCount(bits) / 8);
        var room = pending.Room(1 + count);
        room[0] = (byte)count;
        for (var index = 1; index <= count; index++, bits <<= 8)
        {
            room[index] = (byte)(bits >> 56);
        }
    }
}
