using System.Globalization;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>
/// Puts pieces of a log into the files in which PostgreSQL looks for it. Files are of one size and named after what they hold:
/// <c>00000001</c> (timeline) <c>00000000</c> <c>0000000A</c> (the tenth). See src/include/access/xlog_internal.h.
/// </summary>
internal static class LogSegments
{
    private const int SizeBytesUsual = 16 * 1024 * 1024;
    private const int BufferBytes = 256 * 1024;

    /// <summary>Writes the piece to its places in the files of the folder <c>wal</c>.</summary>
    public static async Task AddAsync(string folder, LogPlace from, Stream piece, CancellationToken stop)
    {
        var wal = Path.Combine(folder, "wal");
        Directory.CreateDirectory(wal);
        var size = SizeOf(Path.Combine(folder, "data"));
        var (at, buffer) = (from.At, new byte[BufferBytes]);
        FileStream? file = null;
        try
        {
            int read;
            while ((read = await piece.ReadAsync(buffer, stop)) > 0)
            {
                for (var done = 0; done < read; )
                {
                    if (file is null || at % size == 0)
                    {
                        await (file?.DisposeAsync() ?? ValueTask.CompletedTask);
                        file = Open(wal, Name(from.Timeline, at, size), size);
                        file.Position = at % size;
                    }
                    var part = (int)Math.Min(read - done, size - (at % size));
                    await file.WriteAsync(buffer.AsMemory(done, part), stop);
                    (done, at) = (done + part, at + part);
                }
            }
        }
        finally
        {
            await (file?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <param name="size">Of one file, in bytes.</param>
    internal static string Name(long timeline, long at, long size)
    {
        var (number, each) = (at / size, 0x100000000L / size);
        return string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}{number / each:X8}{number % each:X8}");
    }

    // What is not written of the last one is zero, which is how the end of a log looks.
    private static FileStream Open(string wal, string name, long size)
    {
        var file = new FileStream(Path.Combine(wal, name), FileMode.OpenOrCreate, FileAccess.Write);
        if (file.Length != size)
        {
            file.SetLength(size);
        }
        return file;
    }

    // Those that came with the copy have the size that all have.
    private static long SizeOf(string data)
    {
        var own = Path.Combine(data, "pg_wal");
        return Directory.Exists(own)
            ? new DirectoryInfo(own)
                .EnumerateFiles()
                .Where(static one => one.Name.Length == 24)
                .Select(static one => one.Length)
                .FirstOrDefault(SizeBytesUsual)
            : throw new ProblemException(BackupProblems.NotHeld("the copy", "It has no pg_wal."));
    }
}
