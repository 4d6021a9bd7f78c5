using System.Runtime.InteropServices;
using Fairlead.Drivers.Pipelines;
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
            Apart = local.Apart,
            Rooms = local.Rooms,
            Head = local.Head,
            Cores = Environment.ProcessorCount,
            Platform = RuntimeInformation.RuntimeIdentifier,
            Self = Self,
            Secret = Environment.GetEnvironmentVariable,
            Hide = local.Hide,
            Salt = local.Key,
        };
    }
}
