using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Model.Ports;

/// <summary>A place where replicas run. Every method may be called again after a crash, with the same result.</summary>
public interface ITarget
{
    TargetAbilities Abilities { get; }

    /// <summary>
    /// From now on refuses every fence lower than this one. A new server says it before its first look, so that a paused
    /// predecessor's last effect can only have come before that look, never between it and the first effect.
    /// </summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task TakeChargeAsync(Fence fence, CancellationToken stop);

    /// <summary>Every replica of the site that exists here, in whatever state.</summary>
    /// <exception cref="Problems.ProblemException">The place cannot be reached.</exception>
    Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop);

    /// <summary>Starts a replica, or finds it. Done when the order is durable; whether it is ready is observed later.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop);

    /// <summary>Begins to stop a replica, or finds it gone. It is gone when it is not observed any more.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop);
}

/// <summary>What a target can do; the plan follows from it, never from the driver's type.</summary>
/// <param name="FixedPortsOverlap">Two replicas may listen on the same port number, as in containers.</param>
/// <param name="ServesStaticFiles">Static services need no process.</param>
public sealed record TargetAbilities(bool FixedPortsOverlap, bool ServesStaticFiles);
