using Fairlead.Drivers.State;
using Fairlead.Model.Ports;

namespace Fairlead.Roles;

/// <summary>What each role is given when it starts.</summary>
/// <param name="Listeners">Listening sockets held by the parent, as file descriptors by name: public, internal, https, api, otlp.</param>
public sealed record RoleContext(
    StateFolder State,
    World World,
    IReadOnlyDictionary<string, int> Listeners,
    ILoggerFactory Logs
)
{
    /// <summary>How many clients the edge lets in at once; as many as the process may hold when null.</summary>
    public int? ConnectionsMax { get; init; }
}
