using System.IO.Hashing;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Telemetry.Metrics.Blocks;

/// <summary>A file that is written from its start to its end, a piece at a time, so that no block need fit into memory.</summary>
internal sealed class BlockOutput(SafeFileHandle file) : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly XxHash3 hash = new();
    private long written;
    private bool isHashed;

    /// <summary>What is written next.</summary>
    public ByteColumn Buffer { get; } = new(PieceBytes + (64 * 1024));

    /// <summary>How long the file is with that.</summary>
    public long Position => written + Buffer.Length;

    /// <summary>Writes what has gathered, if that is enough.</summary>
    public void Spill()
    {
        if (Buffer.Length >= PieceBytes)
        {
            Flush();
        }
    }

    /// <summary>All from here on goes into the checksum.</summary>
    public void StartChecksum()
    {
        Flush();
        isHashed = true;
    }

    /// <summary>Of all since it was started.</summary>
    public ulong Checksum()
    {
        Flush();
        return hash.GetCurrentHashAsUInt64();
    }

    /// <summary>Forces all to disk.</summary>
    public void Finish()
    {
        Flush();
        RandomAccess.FlushToDisk(file);
        file.Dispose();
    }

    public void Dispose() => file.Dispose();

    private void Flush()
    {
        if (isHashed)
        {
            hash.Append(Buffer.Written);
        }
        RandomAccess.Write(file, Buffer.Written, written);
        written += Buffer.Length;
        Buffer.Clear();
    }
}
