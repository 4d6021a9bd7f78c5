using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Routers;

/// <summary>The edge role as a keeper of keys, asked over its Unix socket.</summary>
public sealed class EdgeKeyRings(RoleClient edge) : IKeyRings
{
    /// <summary>Where the edge takes a <see cref="KeyRing"/>, and says which it has.</summary>
    public const string KeysPath = "/keys";

    public async Task<IReadOnlyDictionary<string, string>> DigestsAsync(CancellationToken stop) =>
        await edge.GetAsync<Dictionary<string, string>>(KeysPath, stop);

    public Task ApplyAsync(KeyRing ring, Fence fence, CancellationToken stop) =>
        edge.PostAsync<object?>(KeysPath, ring, fence, stop);
}
