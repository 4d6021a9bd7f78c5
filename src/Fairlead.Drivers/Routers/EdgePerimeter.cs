using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Routers;

/// <summary>The edge role's perimeter, asked over its Unix socket.</summary>
public sealed class EdgePerimeter(RoleClient edge) : IPerimeter
{
    /// <summary>Where the edge says what it sees, and takes a <see cref="BlockList"/>.</summary>
    public const string Path = "/perimeter";

    public Task<PerimeterView> LookAsync(CancellationToken stop) => edge.GetAsync<PerimeterView>(Path, stop);

    public Task ApplyAsync(BlockList list, Fence fence, CancellationToken stop) =>
        edge.PostAsync<object?>(Path, list, fence, stop);
}
