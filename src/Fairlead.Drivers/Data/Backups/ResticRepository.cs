using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>
/// A repository of restic: encrypted, each piece once, readable without Fairlead. A backup is a snapshot of one file. It is tagged as open until all was
/// written, since restic takes the end of its input for the end of the data, also when whoever wrote it was killed.
/// </summary>
/// <param name="address">As restic reads it.</param>
/// <param name="env">The repository's password and what its server wants to know.</param>
internal sealed class ResticRepository(
    string address,
    IReadOnlyDictionary<string, string> env,
    string cache,
    World world
) : IBackupRepository, IDisposable
{
    private const string File = "fairlead.dump";
    private const string OpenTag = "open";
    private const string ToolName = "restic";

    // Nothing is written for so long: whoever wrote it was killed.
    private static readonly TimeSpan OpenMax = TimeSpan.FromDays(1);

    // One at a time: restic's own locks refuse a second that removes, and two who make the repository at once make none.
    private readonly SemaphoreSlim turn = new(1);

    // Of those who write a few bytes, also while a long backup has its turn: what needs the repository for itself waits for them too.
    private readonly SemaphoreSlim wholes = new(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private volatile bool isMade;

    public void Dispose()
    {
        turn.Dispose();
        wholes.Dispose();
    }

    public async Task<string> KeepWholeAsync(
        IReadOnlyDictionary<string, string> tags,
        ReadOnlyMemory<byte> bytes,
        int? kibPerSecondMax,
        CancellationToken stop
    )
    {
        await MadeAsync(stop);
        await wholes.WaitAsync(stop);
        try
        {
            string[] words = [.. tags.SelectMany(static one => new[] { "--tag", $"{one.Key}={one.Value}" })];
            async Task<string> OnceAsync() =>
                await BackUpAsync(
                    words,
                    async (stream, end) => await stream.WriteAsync(bytes, end),
                    kibPerSecondMax,
                    stop
                );
            try
            {
                return (await OnceAsync())[..8];
            }
            catch (ProblemException caught) when (IsLocked(caught))
            {
                await Restic(["unlock"]).RunAsync(write: null, read: null, stop);
                return (await OnceAsync())[..8];
            }
        }
        finally
        {
            wholes.Release();
        }
    }

    // Whoever writes for long makes it first, and keeps the turn.
    private async Task MadeAsync(CancellationToken stop)
    {
        while (!isMade)
        {
            if (!await turn.WaitAsync(Look, stop))
            {
                continue;
            }
            try
            {
                await MakeAsync(stop);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    public async Task<string> KeepAsync(
        IReadOnlyDictionary<string, string> tags,
        Func<Stream, CancellationToken, Task<IReadOnlyDictionary<string, string>>> write,
        int? kibPerSecondMax,
        CancellationToken stop
    )
    {
        await turn.WaitAsync(stop);
        try
        {
            await MakeAsync(stop);
            try
            {
                return await KeepOnceAsync(tags, write, kibPerSecondMax, stop);
            }
            catch (ProblemException caught) when (IsLocked(caught))
            {
                // A lock whose holder was killed: restic takes it away only when it is told to, and refused before a byte was read.
                await Restic(["unlock"]).RunAsync(write: null, read: null, stop);
                return await KeepOnceAsync(tags, write, kibPerSecondMax, stop);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<string> KeepOnceAsync(
        IReadOnlyDictionary<string, string> tags,
        Func<Stream, CancellationToken, Task<IReadOnlyDictionary<string, string>>> write,
        int? kibPerSecondMax,
        CancellationToken stop
    )
    {
        IReadOnlyDictionary<string, string> more = new Dictionary<string, string>();
        var opened = await BackUpAsync(
            ["--tag", OpenTag],
            async (stream, end) => more = await write(stream, end),
            kibPerSecondMax,
            stop
        );
        await wholes.WaitAsync(stop);
        try
        {
            return await CloseAsync(opened, tags.Concat(more), stop);
        }
        finally
        {
            wholes.Release();
        }
    }

    /// <returns>The whole id of the snapshot.</returns>
    private async Task<string> BackUpAsync(
        IReadOnlyList<string> words,
        Func<Stream, CancellationToken, Task> write,
        int? kibPerSecondMax,
        CancellationToken stop
    )
    {
        string[] limit = kibPerSecondMax is { } most ? ["--limit-upload", Number(most)] : [];
        var said = new StringWriter();
        await Restic([
                "backup",
                "--stdin",
                "--stdin-filename",
                File,
                "--json",
                "--host",
                "fairlead",
                .. words,
                .. limit,
            ])
            .RunAsync(
                write,
                async (stream, end) =>
                {
                    using var reader = new StreamReader(stream);
                    while (await reader.ReadLineAsync(end) is { } line)
                    {
                        if (line.Contains("\"summary\"", StringComparison.Ordinal))
                        {
                            said.WriteLine(line);
                        }
                    }
                },
                stop
            );
        try
        {
            return JsonNode.Parse(said.ToString())?["snapshot_id"]?.GetValue<string>() is { Length: >= 8 } id
                ? id
                : throw NotKept();
        }
        catch (JsonException)
        {
            throw NotKept();
        }
    }

    private static bool IsLocked(ProblemException caught) =>
        caught.Problem.Evidence.Any(static line => line.Contains("already locked", StringComparison.Ordinal));

    public async Task<T> ReadAsync<T>(string id, Func<Stream, CancellationToken, Task<T>> read, CancellationToken stop)
    {
        T? result = default;
        // Past the cache of this machine, which another one would not have: what is proven is what the repository itself holds.
        await Restic(["dump", "--no-lock", "--no-cache", CheckedId(id), File])
            .RunAsync(write: null, async (stream, end) => result = await read(stream, end), stop);
        return result!; // It was read, or something was thrown.
    }

    public async Task<IReadOnlyList<KeptBackup>> ListAsync(CancellationToken stop)
    {
        if (!await ExistsAsync(stop))
        {
            return [];
        }
        var said = await Restic(["snapshots", "--no-lock", "--json"]).AskAsync(stop);
        return
        [
            .. (JsonNode.Parse(said)?.AsArray() ?? [])
                .Select(static one => Read(one!))
                .Where(static one => !one.Tags.ContainsKey(OpenTag))
                .OrderBy(static one => one.At),
        ];
    }

    public async Task RemoveAsync(IReadOnlyList<string> ids, CancellationToken stop)
    {
        if (!await ExistsAsync(stop))
        {
            return;
        }
        await turn.WaitAsync(stop);
        await wholes.WaitAsync(stop);
        try
        {
            await Restic(["unlock"]).RunAsync(write: null, read: null, stop); // Only what nobody holds any more.
            var said = await Restic(["snapshots", "--json", "--tag", OpenTag]).AskAsync(stop);
            var cutOff = (JsonNode.Parse(said)?.AsArray() ?? [])
                .Select(static one => Read(one!))
                .Where(one => world.Now - one.At > OpenMax);
            string[] all = [.. ids.Select(CheckedId), .. cutOff.Select(static one => one.Id)];
            if (all.Length > 0)
            {
                await Restic(["forget", "--prune", .. all]).RunAsync(write: null, read: null, stop);
            }
        }
        finally
        {
            wholes.Release();
            turn.Release();
        }
    }

    // Its tags say what it is and that it is whole; the snapshot gets another id by that.
    private async Task<string> CloseAsync(
        string opened,
        IEnumerable<KeyValuePair<string, string>> tags,
        CancellationToken stop
    )
    {
        string[] words = [.. tags.SelectMany(static one => new[] { "--set", $"{one.Key}={one.Value}" })];
        await Restic(["tag", .. words, "--set", $"of={opened[..8]}", opened]).RunAsync(write: null, read: null, stop);
        var said = await Restic(["snapshots", "--no-lock", "--json", "--tag", $"of={opened[..8]}"]).AskAsync(stop);
        return (JsonNode.Parse(said)?.AsArray() ?? []).Select(static one => Read(one!).Id).FirstOrDefault()
            ?? throw NotKept();
    }

    private async Task MakeAsync(CancellationToken stop)
    {
        if (isMade || await ExistsAsync(stop))
        {
            isMade = true;
            return;
        }
        await Restic(["init"]).RunAsync(write: null, read: null, stop);
        isMade = true;
    }

    // A wrong key and a server that is away must not look like a repository that is not there yet.
    private async Task<bool> ExistsAsync(CancellationToken stop)
    {
        try
        {
            await Restic(["cat", "config", "--no-lock"]).RunAsync(write: null, read: null, stop);
            return true;
        }
        catch (ProblemException caught) when (caught.Problem.Evidence.Any(IsAbsent))
        {
            return false;
        }
    }

    private static bool IsAbsent(string line) =>
        line.Contains("Is there a repository at the following location", StringComparison.Ordinal)
        || line.Contains("repository does not exist", StringComparison.Ordinal);

    private static KeptBackup Read(JsonNode one)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in one["tags"]?.AsArray().Select(static tag => tag!.GetValue<string>()) ?? [])
        {
            var parts = tag.Split('=', 2);
            tags[parts[0]] = parts.Length > 1 ? parts[1] : "";
        }
        var at = DateTimeOffset.Parse(one["time"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        return new(one["short_id"]!.GetValue<string>(), at, tags);
    }

    private ToolRun Restic(IReadOnlyList<string> words) =>
        new([ToolName, .. words, .. words.Contains("--no-cache") ? Array.Empty<string>() : ["--cache-dir", cache]])
        {
            Env = new Dictionary<string, string>(env) { ["RESTIC_REPOSITORY"] = address },
            Package = ToolName,
        };

    // An id becomes a word of a command: what looks like an option is none.
    private static string CheckedId(string id) =>
        id.Length is >= 8 and <= 64 && id.All(char.IsAsciiHexDigitLower)
            ? id
            : throw new ProblemException(
                new Problem(
                    "backup.unknown",
                    What: $"There is no backup '{id}'.",
                    Why: "An id is made of 8 to 64 hex digits.",
                    Fix: "fairlead backup list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static ProblemException NotKept() =>
        new(
            new Problem(
                "backup.not-kept",
                What: "restic did not say that it kept the backup.",
                Why: "Its answer has no snapshot.",
                Fix: "Look at the repository by restic itself: restic check. Version 0.14 or later is needed."
            )
        );
}
