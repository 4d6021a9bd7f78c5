using Fairlead.Drivers.Http;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Up;

/// <summary>What was asked for explicitly.</summary>
/// <param name="Http">Where apps shall be reached; null for the address of the last start, or the first free one.</param>
/// <param name="Api">Where programs shall reach the server; as above.</param>
/// <param name="Https">Where apps shall be reached by TLS; as above.</param>
/// <param name="Otlp">Where the server shall take OTLP over gRPC; as above.</param>
/// <param name="Store">Where the server's state shall be; null for what the state folder had before.</param>
public sealed record UpOrder(
    string? Http,
    string? Api,
    string? Https = null,
    string? Otlp = null,
    string? Store = null
);

/// <summary>What the parent and those who talk to it are given.</summary>
/// <param name="Words">The command that runs this program with further words, or a test's stand-in.</param>
public sealed record UpContext(StateFolder State, World World, Func<IReadOnlyList<string>, IReadOnlyList<string>> Words)
{
    /// <summary>In the order in which they start: traffic first, decisions last.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["edge", "node", "server"];

    /// <summary>The sockets that a role is given, in the order of their descriptors.</summary>
    public static IReadOnlyList<string> Sockets(string role) =>
        role switch
        {
            "edge" => ["public", "internal", "https", "bridge"],
            "server" => ["api", "otlp"],
            _ => [],
        };

    /// <summary>Which role has a socket, and at which place.</summary>
    internal static (string Role, int Index) Place(string socket) =>
        Roles
            .SelectMany(role => Sockets(role).Select((name, index) => (Name: name, Place: (role, index))))
            .First(one => one.Name == socket)
            .Place;

    /// <summary>Whether a role answers. Tests, whose roles have no socket, say their own.</summary>
    public Func<UpContext, string, CancellationToken, Task<bool>> IsReadyAsync { get; init; } = Readiness.AsksAsync;

    /// <summary>How long an edge may go on with requests that it has when it is told to end.</summary>
    public TimeSpan DrainMax { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>Which parent this is, for the store: its servers follow each other without a wait.</summary>
    public string Seat { get; } = World.NewId();

    /// <param name="answerMax">How long its answers may take; a minute when left out.</param>
    /// <param name="agent">Asked as an agent of this name; null for as the owner.</param>
    public RoleClient Client(string role, TimeSpan? answerMax = null, string? agent = null) =>
        new(role, State.Socket(role), answerMax) { Agent = agent };

    public string LogOf(string role) => Path.Combine(State.Logs, role + ".log");
}
