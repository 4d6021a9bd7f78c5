using Fairlead.Drivers.State;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Pipelines;

/// <summary>Reads what <see cref="RunShelf"/>s of a state folder keep. It writes nothing, and what is damaged is left out.</summary>
public sealed class RunArchive(StateFolder state) : IRunArchive
{
    /// <summary>In a pipeline's folder of the state: the folder of its source.</summary>
    internal const string FolderFile = "folder";

    // A run's lines are read from their end: a task may have written gigabytes.
    private const int TailBytesMax = 256 * 1024;
    private const int RunsMax = 500;
    private const int FoldersMax = 1_000;

    public IReadOnlyList<KeptRun> All(int max) =>
        [
            .. Places()
                // Names of folders begin with the time.
                .OrderByDescending(static one => Path.GetFileName(one.Place), StringComparer.Ordinal)
                .Take(Math.Clamp(max, 1, RunsMax))
                .Select(static one => Read(one.Root, one.Place))
                .OfType<KeptRun>(),
        ];

    // And end with the id: only the one that is asked for is read.
    public KeptRun? Find(string run) =>
        Places()
            .Where(one => Path.GetFileName(one.Place).EndsWith($"-{run}", StringComparison.Ordinal))
            .Select(static one => Read(one.Root, one.Place))
            .FirstOrDefault(one => one?.Record.Id == run);

    public IReadOnlyList<string> Lines(KeptRun run, string job, string task, int max)
    {
        var path = RunShelf.LogIn(run.Place, job, task);
        if (!File.Exists(path))
        {
            return [];
        }
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            var isCut = file.Length > TailBytesMax;
            if (isCut)
            {
                file.Seek(-TailBytesMax, SeekOrigin.End);
            }
            using var reader = new StreamReader(file);
            var lines = reader.ReadToEnd().Split('\n');
            return [.. lines.Skip(isCut ? 1 : 0).SkipLast(lines[^1].Length == 0 ? 1 : 0).TakeLast(max)];
        }
        catch (IOException)
        {
            return []; // It was removed meanwhile: a newer run took its place.
        }
    }

    private IEnumerable<string> Folders()
    {
        var all = Path.Combine(state.Root, "pipelines");
        return Directory.Exists(all) ? Directory.EnumerateDirectories(all).Take(FoldersMax) : [];
    }

    private IEnumerable<(string Root, string Place)> Places() =>
        Folders()
            .SelectMany(static root =>
                Directory
                    .EnumerateDirectories(root)
                    .Select(static one => Path.Combine(one, "runs"))
                    .Where(Directory.Exists)
                    .SelectMany(Directory.EnumerateDirectories)
                    .Select(place => (root, place))
            );

    private static KeptRun? Read(string root, string place)
    {
        try
        {
            var noted = Path.Combine(root, FolderFile);
            return RunShelf.Read(place) is { } record
                ? new(File.Exists(noted) ? File.ReadAllText(noted).Trim() : "", place, record)
                : null;
        }
        catch (IOException)
        {
            return null; // As above.
        }
    }
}
