using System.Formats.Tar;
using System.Globalization;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>A folder as a tar: names, contents, rights and times. Links stay links; what is neither file, folder nor link is left out.</summary>
public sealed class FileBackups : IBackupDriver
{
    public DatabaseKind Kind => DatabaseKind.Files;

    public async Task<DataFacts> SaveAsync(DataPlace place, Stream into, CancellationToken stop)
    {
        var root = place.Address;
        if (!Directory.Exists(root))
        {
            throw new ProblemException(BackupProblems.Missing(root));
        }
        var (things, bytes) = (0L, 0L);
        await using var writer = new TarWriter(into, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var path in Walk(root))
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                await writer.WriteEntryAsync(path, Path.GetRelativePath(root, path), stop);
            }
            catch (FileNotFoundException)
            {
                continue; // It went since the folder was listed; whoever writes meanwhile must stop for it, or take a moment's picture.
            }
            things++;
            bytes += new FileInfo(path) is { Exists: true, LinkTarget: null } file ? file.Length : 0;
        }
        return new(things, bytes);
    }

    public async Task<Restored> TryAsync(
        string folder,
        Stream from,
        IReadOnlyList<RestoreCheck> checks,
        DateTimeOffset at,
        CancellationToken stop
    )
    {
        var facts = await UnpackAsync(from, folder, stop);
        var looks = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{facts.Things} files and folders, {facts.Rows} bytes"),
        };
        foreach (var check in checks)
        {
            var file = new FileInfo(Path.GetFullPath(check.Table, folder));
            if (
                !file.FullName.StartsWith(folder + "/", StringComparison.Ordinal)
                || !file.Exists
                || file.Length < check.RowsMin
            )
            {
                throw new ProblemException(
                    BackupProblems.NotHeld(
                        check.Table,
                        file.Exists ? $"It has {file.Length} bytes." : "It is not there."
                    )
                );
            }
            looks.Add(string.Create(CultureInfo.InvariantCulture, $"{check.Table} has {file.Length} bytes"));
        }
        return new(facts, looks);
    }

    public async Task<string> RestoreAsync(DataPlace place, string name, Stream from, CancellationToken stop)
    {
        var target = Path.GetFullPath(name, Path.GetDirectoryName(place.Address.TrimEnd('/'))!);
        if (Path.Exists(target))
        {
            throw new ProblemException(BackupProblems.WrongName(name));
        }
        // Under its name only once it is whole.
        var draft = target + ".restoring";
        Directory.CreateDirectory(draft);
        try
        {
            await UnpackAsync(from, draft, stop);
            Directory.Move(draft, target);
            return target;
        }
        catch
        {
            Directory.Delete(draft, recursive: true);
            throw;
        }
    }

    /// <summary>Writes a tar's content into a folder, and nothing outside of it.</summary>
    /// <exception cref="ProblemException">It is cut off, or wants to write elsewhere.</exception>
    internal static async Task<DataFacts> UnpackAsync(Stream from, string folder, CancellationToken stop)
    {
        var (things, bytes, isEnded) = (0L, 0L, false);
        var links = new List<(string Path, string Target)>();
        var counted = new EndSeeing(from);
        try
        {
            await using var reader = new TarReader(counted, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, stop) is { } entry)
            {
                var path = Path.GetFullPath(entry.Name, folder);
                if (path != folder && !path.StartsWith(folder + "/", StringComparison.Ordinal))
                {
                    throw new ProblemException(
                        BackupProblems.NotHeld(entry.Name, "It would be written outside of the folder.")
                    );
                }
                if (entry.EntryType is TarEntryType.SymbolicLink)
                {
                    links.Add((path, entry.LinkName));
                    continue;
                }
                if (path == folder || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.Directory))
                {
                    continue;
                }
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await entry.ExtractToFileAsync(path, overwrite: false, stop);
                things++;
                bytes += entry.EntryType is TarEntryType.RegularFile ? entry.Length : 0;
            }
            isEnded = counted.LastBlockIsZero;
            await counted.CopyToAsync(Stream.Null, stop);
            // Last of all, so that nothing was written through one of them.
            foreach (var (path, target) in links)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.CreateSymbolicLink(path, target);
            }
        }
        catch (Exception caught) when (caught is EndOfStreamException or InvalidDataException or FormatException)
        {
            throw new ProblemException(BackupProblems.NotHeld("its tar", caught.Message), caught);
        }
        return isEnded
            ? new(things + links.Count, bytes)
            : throw new ProblemException(BackupProblems.NotHeld("its tar", "It is cut off before its end."));
    }

    private static IEnumerable<string> Walk(string root)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(root).Order(StringComparer.Ordinal))
        {
            var attributes = File.GetAttributes(path);
            if (attributes.HasFlag(FileAttributes.Directory) && !attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                yield return path;
                foreach (var inside in Walk(path))
                {
                    yield return inside;
                }
            }
            else if (!attributes.HasFlag(FileAttributes.Device))
            {
                yield return path;
            }
        }
    }

    /// <summary>Knows whether the block of zeros that ends a tar was read: .NET's reader takes a cut for the end.</summary>
    private sealed class EndSeeing(Stream inner) : Stream
    {
        public bool LastBlockIsZero { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            Noted(buffer.AsSpan(offset, count), inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            return Noted(buffer.Span, read);
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Noted(Span<byte> buffer, int read)
        {
            if (read > 0)
            {
                LastBlockIsZero = buffer[..read].IndexOfAnyExcept((byte)0) < 0;
            }
            return read;
        }
    }
}
