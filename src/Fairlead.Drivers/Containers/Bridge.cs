using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Containers;

/// <summary>
/// An address of this machine at which containers reach the edge, whichever network they are in: that of the gateway of a network of its own,
/// which the node has the engine make. No other machine reaches it.
/// </summary>
/// <param name="Address">Such as <c>172.31.255.1</c>.</param>
/// <param name="Port">Where the edge listens.</param>
/// <param name="Told">As callers are told it, where the address is not for long: that of a pod, behind a Service.</param>
public sealed record Bridge(string Address, int Port, string? Told = null)
{
    /// <summary>Says another address than the usual one, where that is taken.</summary>
    public const string Variable = "FAIRLEAD_BRIDGE";

    /// <summary>Says what callers are told instead of the address.</summary>
    public const string UrlVariable = "FAIRLEAD_BRIDGE_URL";

    private const string Usual = "172.31.255.1";

    /// <summary>A small network around the address.</summary>
    public string Subnet => $"{Address[..Address.LastIndexOf('.')]}.0/28";

    /// <summary>Where containers call other services.</summary>
    public string Url => Told ?? $"http://{Address}:{Port}";

    /// <summary>
    /// The address that is wanted, with port 0 where any will do; null where nobody would call: there is no engine, and nothing is said.
    /// </summary>
    /// <exception cref="ProblemException">What was said is no private address, or no address to be told.</exception>
    public static IPEndPoint? Wanted(Func<string, string?> variable)
    {
        var said = variable(Variable) is { Length: > 0 } text ? text : Usual;
        if (said == Usual && ContainerEngine.AddressIn(variable) is null)
        {
            return null;
        }
        return
            IPEndPoint.TryParse(said, out var wanted)
            && wanted is { AddressFamily: AddressFamily.InterNetwork, Address: var address }
            && !IPAddress.IsLoopback(address)
            && AddressKinds.Of(address) is AddressKind.Inside
            ? wanted
            : throw new ProblemException(ContainerProblems.WrongBridge(said));
    }

    /// <summary>What callers are told instead; null for the address itself.</summary>
    /// <exception cref="ProblemException">It is no address of that kind.</exception>
    public static string? SaidUrl(Func<string, string?> variable)
    {
        if (variable(UrlVariable) is not { Length: > 0 } said)
        {
            return null;
        }
        return
            Uri.TryCreate(said, UriKind.Absolute, out var url)
            && url is { Scheme: "http", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            // What a cluster has not filled in is no host, and would be found out much later.
            && Uri.CheckHostName(url.Host) is not UriHostNameType.Unknown
            && !said.Contains('$', StringComparison.Ordinal)
            ? url.GetLeftPart(UriPartial.Authority)
            : throw new ProblemException(ContainerProblems.WrongBridgeUrl(said));
    }

    /// <summary>That of the running platform; null when it has none.</summary>
    public static Bridge? TryRead(StateFolder state) => DurableFile.TryReadJson<Bridge>(FileOf(state));

    public static void Forget(StateFolder state) => DurableFile.Delete(FileOf(state));

    public void Write(StateFolder state) => DurableFile.WriteJson(FileOf(state), this);

    private static string FileOf(StateFolder state) => Path.Combine(state.Run, "bridge.json");
}
