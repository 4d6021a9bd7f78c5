using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Ports;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Pipelines;

/// <summary>
/// Digests of files, kept over runs for as long as the file system says that nothing of a file changed. A change as young as the last
/// reading of its clock could be followed by another that it does not tell apart, so what is so young is not remembered.
/// </summary>
/// <param name="path">Where they are kept, absolute.</param>
internal sealed class DigestMemory(string path, World world)
{
    private const string Form = "fairlead-digests-1";
    private const int FilesMax = 500_000;
    private const int BufferBytes = 128 << 10;
    private const int Words = 10;

    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(50);

    // What was read never changes, so any number of threads may look there; what is new is beside it.
    private readonly Lazy<Dictionary<string, Known>> known = new(() => Read(path));
    private readonly ConcurrentDictionary<string, Known> learnt = new(StringComparer.Ordinal);

    // Asked for each file; the dictionary would stop all threads to count.
    private int learntCount;

    /// <exception cref="IOException">It cannot be read.</exception>
    public string Of(string file, FileStat stat)
    {
        if (
            (learnt.TryGetValue(file, out var before) || known.Value.TryGetValue(file, out before))
            && before.Stat == stat
        )
        {
            return before.Digest;
        }
        var digest = Hash(file);
        if (world.Now - stat.Changed.At >= Settled && Posix.Stat(file) == stat)
        {
            Learn(file, stat, digest);
        }
        return digest;
    }

    /// <summary>Says what a file is of which we made it so ourselves, however young.</summary>
    public void Know(string file, string digest)
    {
        if (Posix.Stat(file) is { Kind: FileKind.File } stat)
        {
            Learn(file, stat, digest);
        }
    }

    private void Learn(string file, FileStat stat, string digest)
    {
        if (Volatile.Read(ref learntCount) >= FilesMax)
        {
            return;
        }
        if (learnt.TryAdd(file, new(stat, digest)))
        {
            Interlocked.Increment(ref learntCount);
        }
        else
        {
            learnt[file] = new(stat, digest);
        }
    }

    // Most files are small: one large reading and one call for all of it, where a stream would read them in many small pieces.
    public static string Hash(string file)
    {
        using var handle = File.OpenHandle(
            file,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var count = Filled(handle, buffer, at: 0);
            if (count < buffer.Length)
            {
                return Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, count)));
            }
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var at = 0L; count > 0; count = Filled(handle, buffer, at))
            {
                hash.AppendData(buffer, 0, count);
                at += count;
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Filled(SafeFileHandle handle, byte[] buffer, long at)
    {
        var count = 0;
        while (count < buffer.Length && RandomAccess.Read(handle, buffer.AsSpan(count), at + count) is > 0 and var more)
        {
            count += more;
        }
        return count;
    }

    /// <summary>Writes down what it learnt.</summary>
    public void Save()
    {
        if (learntCount == 0)
        {
            return;
        }
        var text = new System.Text.StringBuilder((known.Value.Count + learntCount) * 160).Append(Form).Append('\n');
        // What is new first: where there would be too many, the old go.
        foreach (
            var (file, (stat, digest)) in learnt
                .Concat(known.Value.Where(one => !learnt.ContainsKey(one.Key)))
                .Take(FilesMax)
        )
        {
            if (file.Contains('\n', StringComparison.Ordinal))
            {
                continue;
            }
            text.Append(
                CultureInfo.InvariantCulture,
                $"{digest} {(stat.IsExecutable ? 'x' : '-')} {stat.Size} {stat.Identity.Device} {stat.Identity.Inode} {stat.Changed.Seconds} {stat.Changed.Nanoseconds} {stat.Written.Seconds} {stat.Written.Nanoseconds} {file}\n"
            );
        }
        // Whole or absent; lost, it costs reading the files again.
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}");
        File.WriteAllText(beside, text.ToString());
        File.Move(beside, path, overwrite: true);
    }

    // What cannot be read is forgotten: the files are read again.
    private static Dictionary<string, Known> Read(string path)
    {
        var read = new Dictionary<string, Known>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return read;
        }
        using var lines = File.ReadLines(path).GetEnumerator();
        if (!lines.MoveNext() || lines.Current != Form)
        {
            return read;
        }
        Span<Range> words = stackalloc Range[Words];
        while (lines.MoveNext())
        {
            var line = lines.Current.AsSpan();
            // The last one is all that is left: names of files may have blanks.
            if (line.Split(words, ' ') == Words && Stat(line, words) is { } stat)
            {
                read[line[words[^1]].ToString()] = new(stat, line[words[0]].ToString());
            }
        }
        return read;
    }

    private static FileStat? Stat(ReadOnlySpan<char> line, ReadOnlySpan<Range> words)
    {
        Span<long> numbers = stackalloc long[Words - 3];
        for (var at = 0; at < numbers.Length; at++)
        {
            if (
                !long.TryParse(
                    line[words[at + 2]],
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out numbers[at]
                )
            )
            {
                return null;
            }
        }
        return new(
            FileKind.File,
            line[words[1]] is "x",
            numbers[0],
            ((ulong)numbers[1], (ulong)numbers[2]),
            new(numbers[3], (uint)numbers[4]),
            new(numbers[5], (uint)numbers[6])
        );
    }

    private sealed record Known(FileStat Stat, string Digest);
}
