using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Pipelines.Clusters;

/// <summary>Rooms in a cluster of Kubernetes: each task there is a Job, in an image that has the source.</summary>
/// <param name="folder">Where things of the folder's runs are kept, absolute; of it, their mark is made.</param>
/// <param name="ground">The cluster, and how images come to it.</param>
internal sealed class ClusterRooms(string folder, ClusterGround ground, World world, LiveMask mask) : IJobRooms
{
    private readonly string mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];

    public bool IsThere => true;

    public bool TakesSource => true;

    public async Task<string?> FindAsync(string image, CancellationToken stop) => await FetchAsync(image, stop);

    public Task<string> FetchAsync(string image, CancellationToken stop) => ground.ResolveAsync(image, stop);

    public async Task<IJobRoom> OpenAsync(RoomOrder order, CancellationToken stop) =>
        new ClusterRoom(ground, (mark, await ground.ShipAsync(order, stop)), order, (world, mask));

    public async Task<int> SweepAsync(CancellationToken stop)
    {
        var jobs = await ground.Cluster.ListAsync(
            new("batch/v1", "Job", ground.Place.Namespace),
            $"{JobObjects.MarkLabel}={mark}",
            stop
        );
        foreach (var one in jobs)
        {
            // Its pod and its secret go with it.
            var name = one["metadata"]?["name"]?.GetValue<string>() ?? "";
            await ground.Cluster.DeleteAsync(new("batch/v1", "Job", ground.Place.Namespace, name), null, stop);
        }
        return jobs.Count;
    }
}

/// <summary>A cluster, and how images come to it.</summary>
/// <param name="ResolveAsync">What an image is now: its digest.</param>
/// <param name="ShipAsync">Puts a room's workspace into an image on the room's own, and sends that to where the cluster fetches from.</param>
public sealed record ClusterGround(
    ICluster Cluster,
    RoomPlace Place,
    Func<string, CancellationToken, Task<string>> ResolveAsync,
    Func<RoomOrder, CancellationToken, Task<string>> ShipAsync
);
