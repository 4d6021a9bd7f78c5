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
public sealed record Bridge(string Address, int Port)
{
    /// <summary>Says another address than the usual one, where that is taken.</summary>
    public const string Variable = "FAIRLEAD_BRIDGE";

    private const string Usual = "172.31.255.1";

    /// <summary>A small network around the address.</summary>
    public string Subnet => $"{Address[..Address.LastIndexOf('.')]}.0/28";

    /// <summary>Where containers call other services.</summary>
    public string Url => $"http://{Address}:{Port}";

    /// <summary>The address that is wanted; null where nobody would call: there is no engine, and nothing is said.</summary>
    /// <exception cref="ProblemException">What was said is no private address.</exception>
    public static IPAddress? Wanted(Func<string, string?> variable)
    {
        var said = variable(Variable) is { Length: > 0 } text ? text : Usual;
        if (said == Usual && ContainerEngine.AddressIn(variable) is null)
        {
            return null;
        }
        return
            IPAddress.TryParse(said, out var address)
            && address.AddressFamily == AddressFamily.InterNetwork
            && !IPAddress.IsLoopback(address)
            && AddressKinds.Of(address) is AddressKind.Inside
            ? address
            : throw new ProblemException(ContainerProblems.WrongBridge(said));
    }

    /// <summary>That of the running platform; null when it has none.</summary>
    public static Bridge? TryRead(StateFolder state) => DurableFile.TryReadJson<Bridge>(FileOf(state));

    public static void Forget(StateFolder state) => DurableFile.Delete(FileOf(state));

    public void Write(StateFolder state) => DurableFile.WriteJson(FileOf(state), this);

    private static string FileOf(StateFolder state) => Path.Combine(state.Run, "bridge.json");
}
