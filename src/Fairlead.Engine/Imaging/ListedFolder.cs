using Fairlead.Model.Ports;

namespace Fairlead.Engine.Imaging;

/// <summary>What lies in a folder, read once; nothing else is known of it.</summary>
internal sealed class ListedFolder(string list) : IArtifactPapers
{
    public Task<string?> ReadAsync(string artifact, string name, CancellationToken stop) =>
        Task.FromResult<string?>(null);

    public Task<string?> ListAsync(string artifact, CancellationToken stop) => Task.FromResult<string?>(list);
}
