using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Problems;
using Fairlead.Roles.Edge;

namespace Fairlead.Roles.Up;

/// <summary>
/// The sockets that the parent holds, so that no connection is refused while a role starts anew. A socket is bound alone first;
/// only afterwards is it opened to a second one (SO_REUSEPORT), through which the next parent takes over where it cannot have the
/// very same socket.
/// </summary>
internal sealed class Listening : IDisposable
{
    private const int DefaultPublicPort = 8080;
    private const int DefaultApiPort = 8077;

    // Where OpenTelemetry's senders look for a collector that speaks gRPC.
    private const int DefaultOtlpPort = 4317;
    private const int DefaultHttpsPort = 8443;
    private const int SparePorts = 19;
    private const int Backlog = 512;

    // Linux's numbers: .NET's own options of these names mean other things there.
    private const int SolSocket = 1;
    private const int ReuseAddress = 2;
    private const int ReusePort = 15;
    private const int AcceptConnections = 30;
    private const int IpLevel = 0;
    private const int FreeBind = 15;

    private readonly Dictionary<string, Socket> sockets = [];
    private readonly IReadOnlyList<RoleNote> before;

    private Listening(IReadOnlyList<RoleNote> before) => this.before = before;

    /// <summary>Descriptors by name: public, internal, https, api, otlp.</summary>
    public int this[string name] => (int)sockets[name].Handle;

    public bool Has(string name) => sockets.ContainsKey(name);

    public Addresses Addresses =>
        new(AddressOf("public"), AddressOf("internal"), AddressOf("api"), AddressOf("https"), AddressOf("otlp"));

    /// <param name="asked">What was asked for explicitly.</param>
    /// <param name="before">Roles of an earlier parent, which still hold the addresses of the last start.</param>
    /// <exception cref="ProblemException">An address that was asked for, or every spare one, is taken.</exception>
    public static Listening Open(StateFolder state, UpOrder asked, IReadOnlyList<RoleNote> before)
    {
        var last = Addresses.TryRead(state);
        var open = new Listening(before);
        try
        {
            open.Bind("public", asked.Http, last?.Public, DefaultPublicPort);
            open.Bind("internal", null, last?.Internal, 0);
            open.Bind("https", asked.Https ?? Beside(asked.Http), last?.Https, DefaultHttpsPort);
            open.Bind("api", asked.Api, last?.Api, DefaultApiPort);
            open.BindBridge(state);
            open.Bind("otlp", asked.Otlp, last?.Otlp, IsAnyPort(asked.Api) ? 0 : DefaultOtlpPort);
            return open;
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var socket in sockets.Values)
        {
            socket.Dispose();
        }
    }

    private void Bind(string name, string? asked, string? last, int usual)
    {
        if (asked is not null)
        {
            var wanted = Addresses.Parse(OptionOf(name), asked);
            if (!CarriesApps(name) && !IPAddress.IsLoopback(wanted.Address))
            {
                throw new ProblemException(BeyondLoopback(wanted, name));
            }
            sockets[name] =
                (asked == last ? TryBorrow(name, wanted) : null)
                ?? TryBind(wanted, before.Count > 0 && asked == last)
                ?? throw new ProblemException(PortTaken(wanted, name));
            return;
        }
        var known = last is null ? null : IPEndPoint.Parse(last);
        if (known is not null && (TryBorrow(name, known) ?? TryBind(known, before.Count > 0)) is { } same)
        {
            sockets[name] = same;
            return;
        }
        var ports = usual == 0 ? [0] : Enumerable.Range(usual, SparePorts + 1);
        sockets[name] =
            ports
                .Select(port => TryBind(new(IPAddress.Loopback, port), isShared: false))
                .FirstOrDefault(one => one is not null)
            ?? throw new ProblemException(PortTaken(new(IPAddress.Loopback, usual), name));
    }

    /// <summary>
    /// Where containers reach the edge. Bound before the address is the machine's: it becomes so with the first container's network.
    /// </summary>
    private void BindBridge(StateFolder state)
    {
        if (Bridge.Wanted(Environment.GetEnvironmentVariable) is not { } wanted)
        {
            Bridge.Forget(state);
            return;
        }
        // Said here, as nobody would see what the edge says.
        _ = ContainerNeighbours.Said(Environment.GetEnvironmentVariable);
        var told = Bridge.SaidUrl(Environment.GetEnvironmentVariable);
        var address = $"{wanted.Address}";
        var last =
            wanted.Port > 0 ? wanted.Port
            : Bridge.TryRead(state) is { } known && known.Address == address ? known.Port
            : 0;
        var socket =
            last > 0
                ? TryBorrow("bridge", new(wanted.Address, last))
                    ?? TryBind(new(wanted.Address, last), before.Count > 0, isFree: true)
                : null;
        if (socket is null && wanted.Port > 0)
        {
            throw new ProblemException(PortTaken(wanted, "bridge"));
        }
        socket ??= TryBind(new(wanted.Address, 0), isShared: false, isFree: true)!; // A port that the system chooses is never taken.
        sockets["bridge"] = socket;
        new Bridge(address, ((IPEndPoint)socket.LocalEndPoint!).Port, told).Write(state);
    }

    /// <summary>The very socket on which a role of the earlier parent listens; null when it cannot be had.</summary>
    private Socket? TryBorrow(string name, IPEndPoint address)
    {
        var (role, index) = UpContext.Place(name);
        return before
            .Where(note => note.Role == role)
            .Select(note => Borrowed.TrySocket(note.Pid, RoleKeeper.FirstDescriptor + index))
            .FirstOrDefault(socket => socket is not null && IsAt(socket, address));
    }

    private static bool IsAt(Socket socket, IPEndPoint address)
    {
        Span<byte> listens = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(SolSocket, AcceptConnections, listens);
        if (listens[0] != 0 && address.Equals(socket.LocalEndPoint))
        {
            return true;
        }
        socket.Dispose();
        return false;
    }

    /// <summary>Null when the address is taken.</summary>
    /// <param name="isFree">Although it is not the machine's yet.</param>
    private static Socket? TryBind(IPEndPoint address, bool isShared, bool isFree = false)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            var yes = BitConverter.GetBytes(1);
            socket.SetRawSocketOption(SolSocket, ReuseAddress, yes);
            if (isShared)
            {
                socket.SetRawSocketOption(SolSocket, ReusePort, yes);
            }
            if (isFree)
            {
                socket.SetRawSocketOption(IpLevel, FreeBind, yes);
            }
            socket.Bind(address);
            socket.Listen(Backlog);
            socket.SetRawSocketOption(SolSocket, ReusePort, yes);
            return socket;
        }
        catch (SocketException caught)
        {
            socket.Dispose();
            if (Refusal(caught.SocketErrorCode, address) is { } problem)
            {
                throw new ProblemException(problem, caught);
            }
            return null;
        }
    }

    /// <summary>Why an address can never be had; null when another only has to let it go.</summary>
    private static Problem? Refusal(SocketError error, IPEndPoint address) =>
        error switch
        {
            SocketError.AddressAlreadyInUse => null,
            SocketError.AccessDenied => NotAllowed(address),
            _ => NotHere(address, error),
        };

    /// <summary>Where TLS is spoken when only the address without it was asked for; null leaves it open.</summary>
    private static string? Beside(string? http)
    {
        const int Plain = 80;
        const int Secure = 443;
        if (http is null)
        {
            return null;
        }
        var address = Addresses.Parse("http", http);
        return address.Port switch
        {
            Plain => new IPEndPoint(address.Address, Secure).ToString(),
            0 => address.ToString(),
            _ => IPAddress.IsLoopback(address.Address)
                ? null
                : new IPEndPoint(address.Address, DefaultHttpsPort).ToString(),
        };
    }

    /// <summary>Whoever lets the system choose the API's port wants no fixed one beside it.</summary>
    private static bool IsAnyPort(string? api) => api is not null && Addresses.Parse("api", api).Port == 0;

    /// <summary>Whether visitors of apps come there; else programs with tokens, which must not cross a network unsealed.</summary>
    private static bool CarriesApps(string name) => name is "public" or "https";

    /// <summary>What 'fairlead up' calls it.</summary>
    private static string OptionOf(string name) => name is "public" ? "http" : name;

    private string AddressOf(string name) => sockets[name].LocalEndPoint!.ToString()!;

    private static Problem PortTaken(IPEndPoint address, string name)
    {
        var holder = Listener.HolderOf(address.Port);
        var text = string.Create(CultureInfo.InvariantCulture, $"{address}");
        return new(
            "edge.port-taken",
            What: $"Fairlead cannot listen on {text}.",
            Why: holder is null
                ? "Another process listens there."
                : string.Create(CultureInfo.InvariantCulture, $"Process {holder.Pid} ({holder.Name}) listens there."),
            Fix: name is "bridge"
                ? $"Stop it, or take another port: {Bridge.Variable}={address.Address}:{address.Port + 1} fairlead up"
                : $"Stop it, or take another port: fairlead up --{OptionOf(name)} {address.Address}:{address.Port + 1}"
        )
        {
            Trouble = Trouble.Conflict,
        };
    }

    private static Problem BeyondLoopback(IPEndPoint address, string name) =>
        new(
            "up.beyond-loopback",
            What: $"--{OptionOf(name)} cannot be {address}.",
            Why: "Tokens and telemetry would cross the network unsealed: no TLS is spoken there.",
            Fix: $"Leave it on 127.0.0.1 and reach it by a tunnel: ssh -L {address.Port}:127.0.0.1:{address.Port} THIS-MACHINE"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem NotAllowed(IPEndPoint address) =>
        new(
            "edge.port-not-allowed",
            What: $"Fairlead may not listen on {address}.",
            Why: "Ports below 1024 are for root, unless the system is told otherwise.",
            Fix: $"Take a higher port: fairlead up --http {address.Address}:8080"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem NotHere(IPEndPoint address, SocketError error) =>
        new(
            "edge.no-such-address",
            What: $"Fairlead cannot listen on {address}.",
            Why: error == SocketError.AddressNotAvailable
                ? "This machine has no such address."
                : $"The system says: {error}.",
            Fix: "Take 127.0.0.1, or an address that 'ip address' shows."
        );
}
