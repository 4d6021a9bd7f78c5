using Fairlead.Model.Ports;

namespace Fairlead.Engine.Agents;

/// <summary>What a server speaks with other agents by.</summary>
/// <param name="OpenSeal">Seals what is needed again: tokens and credentials of theirs.</param>
/// <param name="Wire">Asks their servers.</param>
public sealed record AgentParts(Func<CancellationToken, Task<ISeal>> OpenSeal, IAgentWire Wire);
