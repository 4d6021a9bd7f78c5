using System.IO.Compression;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.State;

/// <summary>
/// A folder with the signed heads (<c>heads.jsonl</c>) and exports, readable by the owner alone. Heads go to a second file as well where one is named: on another disk, or where a machine elsewhere fetches it.
/// </summary>
/// <param name="copy">The second file; null for none.</param>
public sealed class AuditFiles(string folder, string? copy, ILogger log) : IAuditFiles
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string HeadsFile => Path.Combine(folder, "heads.jsonl");

    public Task AppendAsync(TreeHead head, CancellationToken stop)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(head, Wire.Json);
        try
        {
            Directory.CreateDirectory(folder);
            Append(HeadsFile, line);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(caught);
        }
        if (copy is not null)
        {
            try
            {
                Append(copy, line);
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                Log.HeadNotCopied(log, copy, caught.Message);
            }
        }
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<TreeHead>> HeadsAsync(CancellationToken stop)
    {
        try
        {
            var text = await File.ReadAllTextAsync(HeadsFile, stop);
            // What a power cut left of a last line was never acknowledged.
            return
            [
                .. text[..(text.LastIndexOf('\n') + 1)]
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => JsonSerializer.Deserialize<TreeHead>(line, Wire.Json)!),
            ];
        }
        catch (Exception caught) when (caught is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception caught) when (caught is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new Problem(
                    "audit.heads-unreadable",
                    What: "The signed heads of the journal cannot be read.",
                    Why: $"{HeadsFile}: {caught.Message}",
                    Fix: "Compare it with the copy that FAIRLEAD_AUDIT_COPY names; find out who can write to the state directory."
                ),
                caught
            );
        }
    }

    public async Task<string> ExportAsync(string name, IAsyncEnumerable<string> lines, CancellationToken stop)
    {
        var path = Path.Combine(folder, name);
        var beside = path + ".new";
        try
        {
            Directory.CreateDirectory(folder);
            await using (var file = new FileStream(beside, Options(FileMode.Create)))
            {
                await using (
                    var press = name.EndsWith(".gz", StringComparison.Ordinal)
                        ? new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true)
                        : null
                )
                await using (var writer = new StreamWriter(press ?? (Stream)file, leaveOpen: true))
                {
                    await foreach (var line in lines.WithCancellation(stop))
                    {
                        await writer.WriteLineAsync(line.AsMemory(), stop);
                    }
                }
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
            DurableFile.SyncFolder(folder);
            return path;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(caught);
        }
    }

    /// <summary>The lines of an export, inflated where it is.</summary>
    /// <exception cref="ProblemException">It cannot be read.</exception>
    public static IEnumerable<string> Lines(string path, int lettersMax)
    {
        StreamReader reader;
        try
        {
            var file = File.OpenRead(path);
            reader = new(
                path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file
            );
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw NotRead(path, caught.Message);
        }
        using (reader)
        {
            while (Next(reader, path, lettersMax) is { } line)
            {
                yield return line;
            }
        }
    }

    // Not ReadLine: a file without an end of line would be taken into memory as a whole.
    private static string? Next(StreamReader reader, string path, int lettersMax)
    {
        var line = new System.Text.StringBuilder();
        try
        {
            for (var letter = reader.Read(); letter >= 0; letter = reader.Read())
            {
                if (letter == '\n')
                {
                    return line.ToString();
                }
                if (line.Length == lettersMax)
                {
                    throw NotRead(path, $"One of its lines is longer than {lettersMax} letters.");
                }
                line.Append((char)letter);
            }
        }
        catch (Exception caught) when (caught is IOException or InvalidDataException)
        {
            throw NotRead(path, caught.Message);
        }
        return line.Length > 0 ? line.ToString() : null;
    }

    private static void Append(string path, byte[] line)
    {
        using var file = new FileStream(path, Options(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        file.Position = EndOfLines(file);
        file.SetLength(file.Position);
        file.Write([.. line, (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Where the last whole line ends.</summary>
    private static long EndOfLines(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
            {
                return end;
            }
        }
        return 0;
    }

    private static FileStreamOptions Options(FileMode mode, FileAccess access = FileAccess.Write) =>
        new()
        {
            Mode = mode,
            Access = access,
            UnixCreateMode = OwnerAlone,
        };

    private ProblemException Unwritable(Exception caught) =>
        new(
            new Problem(
                "audit.not-written",
                What: "What proves the journal could not be written.",
                Why: $"{folder}: {caught.Message}",
                Fix: "Free space on that disk; see who may write there."
            )
            {
                Trouble = Trouble.Unreachable,
            },
            caught
        );

    private static ProblemException NotRead(string path, string why) =>
        new(
            new Problem(
                "audit.not-read",
                What: $"'{path}' cannot be read.",
                Why: why,
                Fix: "Give the path of a file that 'fairlead audit export' wrote."
            )
            {
                Trouble = Trouble.NotFound,
            }
        );
}

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The signed head of the journal could not be copied to {Path}: {Why}"
    )]
    public static partial void HeadNotCopied(ILogger log, string path, string why);
}
