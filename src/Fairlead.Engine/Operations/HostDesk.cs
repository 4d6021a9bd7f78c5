using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Engine.Guarding.Compliance.Host;

namespace Fairlead.Engine.Operations;

/// <summary>Looks at the machine that Fairlead runs on.</summary>
internal static class HostDesk
{
    /// <returns>Null where nothing looks at machines.</returns>
    public static IReadOnlyDictionary<string, Measured>? Look(EngineContext engine) =>
        engine.Server.Host is { } sights
            ? AllHostChecks.Of(new HostLook(sights, engine.Server.OwnPorts, engine.World.Now))
            : null;
}
