using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors.SourceMaps;

/// <summary>Finds source maps beside the scripts that Fairlead itself deployed, so that nothing has to be uploaded for them.</summary>
/// <param name="artifact">Opens an artifact by its digest.</param>
public sealed class DeployedMaps(IStore records, Func<string, IFileTree> artifact)
{
    private const int FoldersMax = 8;

    /// <summary>Null when there is none.</summary>
    public async Task<byte[]?> FindAsync(SourceMapQuery query, CancellationToken stop)
    {
        if (query.Release == 0 || query.Name.Length == 0 || query.Name.Any(char.IsControl))
        {
            return null;
        }
        var key = Memory.ReleaseKey(query.Site, query.Release);
        if (await records.ReadAsync(Records.Releases, key, stop) is not { } document)
        {
            return null;
        }
        IFileTree[] trees =
        [
            .. Records.Read<Release>(document).Services.Select(one => one.Artifact).Distinct().Select(artifact),
        ];
        // A page says where a script is on its host, a program where it is on the disk: either ends as the artifact has it.
        return Ends(query.Name)
            .SelectMany(_ => trees, (path, tree) => tree.FileExists(path) ? tree.ReadBytes($"{path}.map") : null)
            .FirstOrDefault(bytes => bytes is not null);
    }

    private static IEnumerable<string> Ends(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var start = Math.Max(0, parts.Length - FoldersMax); start < parts.Length; start++)
        {
            yield return string.Join('/', parts[start..]);
        }
    }
}
