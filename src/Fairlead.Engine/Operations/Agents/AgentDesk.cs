using Fairlead.Engine.Agents;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>What operations about agents share.</summary>
internal static class AgentDesk
{
    /// <summary>Plans and limits, as the caller may see and change them.</summary>
    public static AgentBook Book(EngineContext engine) =>
        new(engine.Server.Store, () => engine.Server.Conductor.Fence, engine.World);
}
