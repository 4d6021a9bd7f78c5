using System.Text.Json;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;

namespace Fairlead.Drivers.Builds;

/// <summary>
/// Artifacts as folders named by their digests. One is made under another name and gets its own when all of it is on the
/// disk, so a folder of that name is complete.
/// </summary>
internal sealed class ArtifactStore(StateFolder state)
{
    private const string Making = ".making-";
    private const string Leaving = ".leaving-";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public bool Has(string digest) => Directory.Exists(state.ArtifactFolder(digest));

    /// <summary>An empty folder in which the artifact grows.</summary>
    public string Begin(string digest)
    {
        var folder = Drop(digest);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Gives the artifact its name, once it, its note and its papers are on the disk.</summary>
    public void Finish(ArtifactNote note, IReadOnlyDictionary<string, string> papers)
    {
        foreach (var (name, text) in papers)
        {
            using var paper = new FileStream(
                $"{state.ArtifactFolder(note.Digest)}.{name}",
                FileMode.Create,
                FileAccess.Write
            );
            paper.Write(System.Text.Encoding.UTF8.GetBytes(text));
            paper.Flush(flushToDisk: true);
        }
        var path = Note(note.Digest);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        JsonSerializer.Serialize(file, note, Json);
        file.Flush();
        Posix.SyncDisk(file.SafeFileHandle);
        Directory.Move(Temporary(note.Digest), state.ArtifactFolder(note.Digest));
        Posix.SyncDisk(file.SafeFileHandle);
    }

    /// <summary>Leaves nothing of an artifact that was not finished.</summary>
    /// <returns>Where it was.</returns>
    public string Drop(string digest)
    {
        var folder = Temporary(digest);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        return folder;
    }

    /// <summary>Removes what a server that was killed left half made or half removed.</summary>
    public void Sweep()
    {
        if (Directory.Exists(state.Artifacts))
        {
            foreach (var folder in Directory.EnumerateDirectories(state.Artifacts).Where(IsTemporary))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Removes every finished artifact but these.</summary>
    /// <returns>How many it removed.</returns>
    public int Prune(IReadOnlySet<string> keep, CancellationToken stop)
    {
        var count = 0;
        if (!Directory.Exists(state.Artifacts))
        {
            return count;
        }
        foreach (
            var digest in Directory.EnumerateDirectories(state.Artifacts).Select(folder => Path.GetFileName(folder))
        )
        {
            stop.ThrowIfCancellationRequested();
            if (!LocalBuilder.IsDigest(digest) || keep.Contains(digest))
            {
                continue;
            }
            // Under another name first: half an artifact must never be taken for a whole one.
            var leaving = Path.Combine(state.Artifacts, Leaving + digest);
            Directory.Move(state.ArtifactFolder(digest), leaving);
            Directory.Delete(leaving, recursive: true);
            foreach (var paper in Directory.EnumerateFiles(state.Artifacts, digest + ".*"))
            {
                File.Delete(paper);
            }
            count++;
        }
        return count;
    }

    private string Temporary(string digest) => Path.Combine(state.Artifacts, Making + digest);

    private string Note(string digest) => state.ArtifactFolder(digest) + ".json";

    private static bool IsTemporary(string folder) =>
        Path.GetFileName(folder) is var name
        && (name.StartsWith(Making, StringComparison.Ordinal) || name.StartsWith(Leaving, StringComparison.Ordinal));
}

/// <summary>What is known of an artifact, kept beside it.</summary>
internal sealed record ArtifactNote(
    string Digest,
    string App,
    string Service,
    Recipe Recipe,
    DateTimeOffset At,
    int Files,
    long Bytes
);
