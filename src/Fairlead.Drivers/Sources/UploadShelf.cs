using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Sources;

/// <summary>
/// Uploads in the state folder: <c>DIGEST/1</c> is what was sent, <c>DIGEST/1.json</c> what it looked like. A command that wrote into it,
/// such as a gate's, has made something else of it: then it is taken anew as <c>DIGEST/2</c>, and nobody's build is pulled from under it.
/// </summary>
/// <param name="root">Where they are kept; made when it is missing.</param>
public sealed class UploadShelf(string root, World world) : IUploads
{
    /// <summary>Of one archive, compressed.</summary>
    public const long ArchiveBytesMax = 1L << 30;

    private const long ShelfBytesMax = 20L << 30;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    // A deployment that begins now may build from it for so long, whatever room is needed.
    private static readonly TimeSpan KeptAtLeast = TimeSpan.FromDays(1);

    // One at a time in this process: two would count the same room twice.
    private static readonly SemaphoreSlim Turn = new(1);

    private sealed record Note(string Look, long Bytes);

    public string? Find(string digest)
    {
        if (!LocalBuilder.IsDigest(digest) || Newest(digest) is not { } folder)
        {
            return null;
        }
        if (DurableFile.TryReadJson<Note>(folder + ".json") is not { } note || Look(folder) != note.Look)
        {
            return null;
        }
        Touch(folder);
        return folder;
    }

    public async Task TakeAsync(string digest, Stream archive, CancellationToken stop)
    {
        if (!LocalBuilder.IsDigest(digest))
        {
            throw new ProblemException(Bad("Its name is no SHA-256 in lower-case hex."));
        }
        if (Find(digest) is not null)
        {
            return;
        }
        await Turn.WaitAsync(stop);
        var place = Path.Combine(root, $".{world.NewId()}");
        try
        {
            MakeRoom();
            Directory.CreateDirectory(place);
            var bytes = await UnpackAsync(digest, archive, place, stop);
            var home = Directory.CreateDirectory(Path.Combine(root, digest)).FullName;
            var number = Numbers(home).DefaultIfEmpty(0).Max() + 1;
            var folder = Path.Combine(home, $"{number}");
            Directory.Move(place, folder);
            DurableFile.WriteJson(folder + ".json", new Note(Look(folder), bytes));
        }
        catch (Exception caught) when (caught is InvalidDataException or EndOfStreamException)
        {
            throw new ProblemException(Bad(caught.Message), caught);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Unwritable(caught.Message), caught);
        }
        finally
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
            Turn.Release();
        }
    }

    private static async Task<long> UnpackAsync(string digest, Stream archive, string place, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var counted = new HashedStream(archive, hash, ArchiveBytesMax);
        var unpacked = new Unpacking(place);
        await using (var zip = new GZipStream(counted, CompressionMode.Decompress, leaveOpen: true))
        await using (var tar = new TarReader(zip, leaveOpen: true))
        {
            while (await tar.GetNextEntryAsync(copyData: false, stop) is { } entry)
            {
                await unpacked.AddAsync(entry, stop);
            }
            // The end of the archive, and what comes after it, are a part of what was digested.
            await zip.CopyToAsync(Stream.Null, stop);
        }
        await counted.CopyToAsync(Stream.Null, stop);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == digest
            ? unpacked.Bytes
            : throw new InvalidDataException("What came is not what its name says: it was cut or changed on its way.");
    }

    private string? Newest(string digest)
    {
        var home = Path.Combine(root, digest);
        return Directory.Exists(home) && Numbers(home).DefaultIfEmpty(0).Max() is > 0 and var number
            ? Path.Combine(home, $"{number}")
            : null;
    }

    private static IEnumerable<int> Numbers(string home) =>
        Directory
            .EnumerateDirectories(home)
            .Select(static one =>
                int.TryParse(Path.GetFileName(one), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : 0
            )
            .Where(static one => one > 0);

    private void Touch(string folder) => File.SetLastWriteTimeUtc(folder + ".json", world.Now.UtcDateTime);

    /// <summary>Paths, kinds, sizes and times of everything in a folder, as one digest.</summary>
    private static string Look(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", all).Order(StringComparer.Ordinal))
        {
            // A folder's own time and size follow from what is in it; links to a file, which a build may make, change nothing of it.
            var line = new FileInfo(path) is { Exists: true } file
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path[folder.Length..]}\0{file.Length} {file.LastWriteTimeUtc.Ticks} {file.LinkTarget}\n"
                )
                : $"{path[folder.Length..]}\n";
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Removes what nobody asked for in a week, then the oldest, until there is room.</summary>
    private void MakeRoom()
    {
        Directory.CreateDirectory(root);
        foreach (var left in Directory.EnumerateDirectories(root, ".*"))
        {
            Directory.Delete(left, recursive: true);
        }
        var kept = new Queue<(string Note, DateTime Used, long Bytes)>(
            Directory
                .EnumerateFiles(root, "*.json", SearchOption.AllDirectories)
                .Where(path => Path.GetDirectoryName(Path.GetDirectoryName(path)) == root)
                .Select(path => (path, File.GetLastWriteTimeUtc(path), DurableFile.TryReadJson<Note>(path)?.Bytes ?? 0))
                .OrderBy(static one => one.Item2)
        );
        var bytes = kept.Sum(static one => one.Bytes);
        while (kept.TryPeek(out var oldest))
        {
            var age = world.Now.UtcDateTime - oldest.Used;
            if (age < KeptAtLeast || (age < KeptFor && bytes + SourcePack.BytesMax <= ShelfBytesMax))
            {
                break;
            }
            kept.Dequeue();
            bytes -= oldest.Bytes;
            Directory.Delete(oldest.Note[..^".json".Length], recursive: true);
            File.Delete(oldest.Note);
        }
        if (bytes + SourcePack.BytesMax > ShelfBytesMax)
        {
            throw new ProblemException(Full(bytes));
        }
    }

    private static Problem Bad(string why) =>
        new(
            "upload.bad",
            What: "What was sent is no folder that can be taken.",
            Why: why,
            Fix: "Send it again; fairlead does so by itself: fairlead deploy --server URL"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private Problem Full(long bytes) =>
        new(
            "upload.no-room",
            What: "The server takes no folder now.",
            Why: $"It keeps {bytes >> 20} MiB that were sent within a day; {ShelfBytesMax >> 30} GiB are the most.",
            Fix: $"Wait for a day, or remove what is not needed below {root} on the server."
        );

    private Problem Unwritable(string why) =>
        new(
            "upload.not-kept",
            What: "The server could not keep what was sent.",
            Why: why,
            Fix: $"See to the room on its disk, and to its rights in {root}."
        );
}
