using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Builds;

/// <summary>Lists any folder of this machine as if it was an artifact; there are no papers beside it.</summary>
public sealed class FolderPapers : IArtifactPapers
{
    public Task<string?> ReadAsync(string artifact, string name, CancellationToken stop) =>
        Task.FromResult<string?>(null);

    /// <param name="artifact">Absolute path of the folder.</param>
    /// <inheritdoc cref="IArtifactPapers.ListAsync"/>
    public Task<string?> ListAsync(string artifact, CancellationToken stop) =>
        Directory.Exists(artifact)
            ? Task.Run(() => (string?)ArtifactPapers.ListOf(artifact, stop), stop)
            : Task.FromResult<string?>(null);
}
