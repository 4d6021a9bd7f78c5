using System.Runtime.InteropServices;
using Fairlead.Drivers.Clusters;
using Fairlead.Drivers.Pipelines;
using Fairlead.Drivers.Pipelines.Clusters;
using Fairlead.Drivers.State;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Ports;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>What pipelines of a folder run with on this machine.</summary>
    private static PipelinePorts Pipelines(World world, StateFolder state, string folder)
    {
        var local = new LocalPipelines(state, folder, world);
        return new(world, local.Runner, local.Cache, local.Shelf, local.Workspace)
        {
            Open = FolderTree.Open,
            Apart = local.Apart,
            Rooms = local.Rooms,
            Watch = local.Watch,
            Changes = local.Changes,
            Shared = local.Shared(Environment.GetEnvironmentVariable),
            Scope = Environment.GetEnvironmentVariable("FAIRLEAD_CACHE_SCOPE"),
            InCluster = place => local.InCluster(Ground(world, state, place)),
            Head = local.Head,
            Cores = Environment.ProcessorCount,
            Platform = RuntimeInformation.RuntimeIdentifier,
            Self = Self,
            Secret = Environment.GetEnvironmentVariable,
            Hide = local.Hide,
            Salt = local.Key,
        };
    }

    /// <summary>A cluster for jobs, and how their source comes there.</summary>
    private static ClusterGround Ground(World world, StateFolder state, RoomPlace place)
    {
        var images = new SourceImages(Images(world, state), FolderTree.Open);
        return new(
            // For as long as the process lives, which is one run.
            new Kubeconfigs(Environment.GetEnvironmentVariable).Open(place.Context),
            place,
            images.ResolveAsync,
            (order, stop) => images.SendAsync(order.Workspace, order.Image!, place.Registry, stop) // Rooms there have one: RunNeeds.
        );
    }
}
