using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Builds;

/// <summary>Files of artifacts on this machine. One that the file system says is unchanged is not read again.</summary>
public sealed class ReleaseFiles(StateFolder state, World world) : IReleaseFiles
{
    private const int FilesMax = 50_001;

    private readonly SourceHasher hasher = new(world);

    public async Task<IReadOnlyDictionary<string, string>?> HashesAsync(string artifact, CancellationToken stop)
    {
        if (
            !LocalBuilder.IsDigest(artifact)
            || state.ArtifactFolder(artifact) is var folder && !Directory.Exists(folder)
        )
        {
            return null;
        }
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        foreach (var path in Directory.EnumerateFiles(folder, "*", options).Take(FilesMax))
        {
            if (Posix.Stat(path) is { Kind: FileKind.File } stat)
            {
                try
                {
                    hashes[Path.GetRelativePath(folder, path)] = await hasher.HashAsync(path, stat, stop);
                }
                catch (ProblemException) when (!File.Exists(path))
                {
                    // A program's own file that it removed meanwhile.
                }
            }
        }
        return hashes;
    }
}
