using Fairlead.Model.Releases;

namespace Fairlead.Model.Security;

/// <summary>What a replica's processes do on the network, as the machine sees it.</summary>
/// <param name="Port">The one that it was given; 0 for a worker.</param>
/// <param name="Programs">Names of its processes.</param>
/// <param name="Listens">Where it waits for connections, such as <c>0.0.0.0:4444</c>.</param>
/// <param name="Peers">Whom it is connected to beyond this machine, such as <c>93.184.216.34:443</c>; connections to it are left out.</param>
public sealed record ReplicaSight(
    InstanceKey Key,
    int Port,
    IReadOnlyList<string> Programs,
    IReadOnlyList<string> Listens,
    IReadOnlyList<string> Peers
);
