using Fairlead.Engine.Guarding.Network;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Reads a manifest for what needs no target.</summary>
internal static class NetworkApps
{
    public static LoadedApp Load(EngineContext engine, string folder, string? environment)
    {
        // Policies are for where services have addresses of their own, so two may listen on the same port.
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        return Candidates.Loader(_ => abilities).Load(engine.OpenFolder(folder), environment);
    }

    public static NetworkPlan Plan(EngineContext engine, string folder, string? environment) =>
        NetworkPlanner.Of(Load(engine, folder, environment));
}
