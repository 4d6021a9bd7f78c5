using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Ports;

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

    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(50);

    private readonly Lazy<ConcurrentDictionary<string, (FileStat Stat, string Digest)>> known = new(() => Read(path));
    private bool isChanged;

    /// <exception cref="IOException">It cannot be read.</exception>
    public string Of(string file, FileStat stat)
    {
        if (known.Value.TryGetValue(file, out var before) && before.Stat == stat)
        {
            return before.Digest;
        }
        var digest = Hash(file);
        if (world.Now - stat.Changed.At >= Settled && Posix.Stat(file) == stat && known.Value.Count < FilesMax)
        {
            known.Value[file] = (stat, digest);
            isChanged = true;
        }
        return digest;
    }

    /// <summary>Says what a file is of which we made it so ourselves, however young.</summary>
    public void Know(string file, string digest)
    {
        if (Posix.Stat(file) is { Kind: FileKind.File } stat && known.Value.Count < FilesMax)
        {
            known.Value[file] = (stat, digest);
            isChanged = true;
        }
    }

    public static string Hash(string file)
    {
        using var stream = new FileStream(
            file,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            1
        );
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Writes down what it learnt.</summary>
    public void Save()
    {
        if (!isChanged)
        {
            return;
        }
        var text = new System.Text.StringBuilder(known.Value.Count * 160).Append(Form).Append('\n');
        foreach (var (file, (stat, digest)) in known.Value)
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
        isChanged = false;
    }

    // What cannot be read is forgotten: the files are read again.
    private static ConcurrentDictionary<string, (FileStat, string)> Read(string path)
    {
        var read = new ConcurrentDictionary<string, (FileStat, string)>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return read;
        }
        using var lines = File.ReadLines(path).GetEnumerator();
        if (!lines.MoveNext() || lines.Current != Form)
        {
            return read;
        }
        while (lines.MoveNext())
        {
            var words = lines.Current.Split(' ', 10);
            if (words.Length == 10 && Stat(words) is { } stat)
            {
                read[words[9]] = (stat, words[0]);
            }
        }
        return read;
    }

    private static FileStat? Stat(string[] words)
    {
        var numbers = new long[7];
        for (var at = 0; at < numbers.Length; at++)
        {
            if (
                !long.TryParse(
                    words[at + 2],
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
            words[1] == "x",
            numbers[0],
            ((ulong)numbers[1], (ulong)numbers[2]),
            new(numbers[3], (uint)numbers[4]),
            new(numbers[5], (uint)numbers[6])
        );
    }
}
