using System.Security.Cryptography;
using System.Text;
using Docker.DotNet.Models;
using Fairlead.Drivers.Containers;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Pipelines;

/// <summary>Rooms of one folder's jobs, at this machine's container engine. All that is made there bears the folder's mark, by which it is found again.</summary>
/// <param name="folder">Where things of its runs are kept, absolute.</param>
internal sealed class JobRooms(string folder, World world, LiveMask mask) : IJobRooms
{
    private readonly Lazy<ContainerEngine> engine = new(() => ContainerEngine.OfEnvironment(world));

    private readonly RoomGround ground = new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16],
        Path.Combine(folder, "homes"),
        world,
        mask
    );

    public bool IsThere => engine.Value.IsThere;

    public bool TakesSource => false;

    public Task<string?> FindAsync(string image, CancellationToken stop) =>
        ReadyImages.FindAsync(engine.Value, image, stop);

    public async Task<string> FetchAsync(string image, CancellationToken stop)
    {
        var digest = await FindAsync(image, stop);
        if (digest is null)
        {
            // Jobs of a matrix want the same one at the same time.
            await engine.Value.OneByOneAsync(async () => digest = await FetchMissingAsync(image, stop), stop);
        }
        return digest
            ?? throw new ProblemException(
                RoomProblems.NoImage(image, "The engine says that it has fetched it, but does not have it.")
            );
    }

    public async Task<IJobRoom> OpenAsync(RoomOrder order, CancellationToken stop)
    {
        var room = new JobRoom(engine.Value, order, ground);
        var isOpen = false;
        try
        {
            await room.OpenAsync(stop);
            isOpen = true;
            return room;
        }
        finally
        {
            if (!isOpen)
            {
                await room.DisposeAsync();
            }
        }
    }

    public async Task<int> SweepAsync(CancellationToken stop)
    {
        var marked = new Dictionary<string, IDictionary<string, bool>>
        {
            ["label"] = new Dictionary<string, bool> { [$"{RoomGround.Label}={ground.Mark}"] = true },
        };
        var containers = await engine.Value.AskAsync(
            docker => docker.Containers.ListContainersAsync(new() { All = true, Filters = marked }, stop),
            stop
        );
        foreach (var one in containers)
        {
            await RemoveAsync(engine.Value, one.ID, stop);
        }
        var networks = await engine.Value.AskAsync(
            docker => docker.Networks.ListNetworksAsync(new() { Filters = marked }, stop),
            stop
        );
        foreach (var one in networks)
        {
            await RemoveNetworkAsync(engine.Value, one.ID, stop);
        }
        ground.ClearHomes();
        return containers.Count;
    }

    internal static Task RemoveAsync(ContainerEngine engine, string container, CancellationToken stop) =>
        engine.FindAsync<object>(
            async docker =>
            {
                await docker.Containers.RemoveContainerAsync(
                    container,
                    new ContainerRemoveParameters { Force = true, RemoveVolumes = true },
                    stop
                );
                return true;
            },
            stop
        );

    internal static Task RemoveNetworkAsync(ContainerEngine engine, string network, CancellationToken stop) =>
        engine.FindAsync<object>(
            async docker =>
            {
                await docker.Networks.DeleteNetworkAsync(network, stop);
                return true;
            },
            stop
        );

    private async Task<string?> FetchMissingAsync(string image, CancellationToken stop)
    {
        if (await FindAsync(image, stop) is { } there)
        {
            return there;
        }
        try
        {
            await ReadyImages.FetchAsync(engine.Value, image, stop);
        }
        catch (ProblemException caught) when (caught.Problem.Code != ContainerProblems.UnreachableCode)
        {
            throw new ProblemException(RoomProblems.NoImage(image, caught.Problem.Why), caught);
        }
        return await FindAsync(image, stop);
    }
}

/// <summary>What rooms of one folder share.</summary>
/// <param name="Mark">Tells them from those of other folders.</param>
/// <param name="Homes">Where home folders of containers are made, absolute.</param>
internal sealed record RoomGround(string Mark, string Homes, World World, LiveMask Mask)
{
    public const string Label = "fairlead.pipeline";

    public Dictionary<string, string> Labels => new() { [Label] = Mark };

    public string HomeOf(string room)
    {
        const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return Directory.CreateDirectory(Path.Combine(Homes, room), OwnersAlone).FullName;
    }

    public void ClearHome(string room) => Clear(Path.Combine(Homes, room));

    public void ClearHomes() => Clear(Homes);

    private static void Clear(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            // Something in it belongs to a user of the image: the folder is nobody's home any more.
        }
    }
}
