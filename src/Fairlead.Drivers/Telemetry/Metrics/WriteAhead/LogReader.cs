using System.Text;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Model.Telemetry;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Telemetry.Metrics.WriteAhead;

/// <summary>
/// Brings back the samples of a log. A machine that lost power leaves a last record that is cut off or half written: nobody was told
/// that those samples are kept. What stands before the first damaged record is read, the rest is left and said.
/// </summary>
internal sealed class LogReader(Head head)
{
    private const int RecordBytesMax = WriteAheadLog.RecordBytes + (1 << 20);

    private readonly List<HeadSeries> defined = [];
    private readonly char[] name = new char[MaxLetters];
    private readonly char[] value = new char[MaxLetters];
    private const int MaxLetters = 64 * 1024;

    /// <returns>Null when all of it could be read.</returns>
    public Dropped? Read(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var length = RandomAccess.GetLength(file);
        var buffer = new byte[(int)Math.Min(length, RecordBytesMax + WriteAheadLog.HeadSize)];
        if (!TryFill(file, 0, buffer, WriteAheadLog.Magic.Length, length) || !IsLog(buffer))
        {
            return length == 0 ? null : new(path, 0, length, "it does not begin as a log");
        }
        long at = WriteAheadLog.Magic.Length;
        while (at < length)
        {
            if (TryRecord(file, at, length, buffer, out var size) is { } fault)
            {
                return new(path, at, length - at, fault);
            }
            at += size;
        }
        return null;
    }

    private string? TryRecord(SafeFileHandle file, long at, long length, byte[] buffer, out int size)
    {
        size = 0;
        if (!TryFill(file, at, buffer, WriteAheadLog.HeadSize, length))
        {
            return "its last record is cut off";
        }
        var top = new ByteReader(buffer.AsSpan(0, WriteAheadLog.HeadSize));
        var (count, checksum) = (top.Int32(), top.Int32());
        if (count is 0 or > RecordBytesMax)
        {
            return $"a record says that it has {count} bytes";
        }
        if (!TryFill(file, at + WriteAheadLog.HeadSize, buffer, (int)count, length))
        {
            return "its last record is cut off";
        }
        var record = buffer.AsSpan(0, (int)count);
        if (WriteAheadLog.Checksum(record) != checksum)
        {
            return "a record's checksum is wrong";
        }
        size = WriteAheadLog.HeadSize + (int)count;
        Replay(record);
        return null;
    }

    // The checksum holds, so what stands here was written by us.
    private void Replay(ReadOnlySpan<byte> record)
    {
        var reader = new ByteReader(record);
        var (ordinal, time) = (0, 0L);
        while (!reader.IsAtEnd)
        {
            var entry = reader.Varint();
            if ((entry & 1) == 1)
            {
                Define((int)(entry >> 1), ref reader);
                continue;
            }
            entry >>= 1;
            ordinal += (int)((long)(entry >> 1) ^ -(long)(entry & 1));
            time += reader.Zigzag();
            head.Replay(defined[ordinal], time, Value(ref reader));
        }
    }

    private void Define(int count, ref ByteReader reader)
    {
        var labels = new Label[count];
        for (var index = 0; index < count; index++)
        {
            var nameText = name.AsSpan(0, Encoding.UTF8.GetChars(reader.Text(), name));
            var valueText = value.AsSpan(0, Encoding.UTF8.GetChars(reader.Text(), value));
            var (knownName, knownValue) = head.Index.Known(nameText, valueText);
            labels[index] = new(knownName ?? nameText.ToString(), knownValue ?? valueText.ToString());
        }
        defined.Add(head.OfLabels(Labels.TrySorted(labels) ?? Labels.Of(labels)));
    }

    private static double Value(ref ByteReader reader)
    {
        var count = reader.Byte();
        ulong bits = 0;
        for (var index = 0; index < count; index++)
        {
            bits |= (ulong)reader.Byte() << (56 - (index * 8));
        }
        return BitConverter.UInt64BitsToDouble(bits);
    }

    private static bool IsLog(byte[] buffer) => buffer.AsSpan().StartsWith(WriteAheadLog.Magic);

    private static bool TryFill(SafeFileHandle file, long at, byte[] buffer, int count, long length)
    {
        if (at + count > length)
        {
            return false;
        }
        for (var filled = 0; filled < count; )
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(filled, count - filled), at + filled);
            if (read == 0)
            {
                return false;
            }
            filled += read;
        }
        return true;
    }
}

/// <summary>The end of a log that could not be read.</summary>
/// <param name="At">Where it begins, in bytes from the file's start.</param>
internal sealed record Dropped(string Path, long At, long Bytes, string Why);
