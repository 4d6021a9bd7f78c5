using System.Collections;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Nodes;

/// <summary>What all replicas of a node stand on.</summary>
internal sealed class Ground(StateFolder state, World world, string stateId, ILogger log) : IDisposable
{
    private int warned;

    public StateFolder State { get; } = state;

    public World World { get; } = world;

    public string StateId { get; } = stateId;

    public ILogger Log { get; } = log;

    public PortRange Ports { get; } = new(world);

    public Probe Probe { get; } = new(world);

    /// <summary>What programs are started with and nobody may see.</summary>
    public SecretShelf Secrets { get; } = new(state, world);

    public Cgroups Cgroups { get; } = new($"fairlead-{stateId}");

    /// <summary>The node's own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } =
        System
            .Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    /// <summary>The engine that runs containers.</summary>
    public ContainerEngine Containers { get; } = ContainerEngine.OfEnvironment(world);

    public IProgram ProgramOf(InstanceOrder order, RotatingLog output) =>
        order.Service.Container is { } settings
            ? new ContainerProgram(order, settings, output, this)
            : new ProcessProgram(order, output, this);

    public InstanceFolder Folder(InstanceKey key) => new(Path.Combine(State.Instances, key.ToString()));

    /// <summary>Says once, not for each replica, that limits are not held.</summary>
    public void WarnOnce(string? reason)
    {
        if (reason is not null && Interlocked.Exchange(ref warned, 1) == 0)
        {
            Log.Unlimited(reason);
        }
    }

    public void Dispose()
    {
        Probe.Dispose();
        Containers.Dispose();
    }
}
