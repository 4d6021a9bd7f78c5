using System.Net;
using System.Net.Sockets;
using Fairlead.Model.Images;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Registries;

/// <summary>Where a registry's API is.</summary>
internal static class RegistryPlace
{
    /// <summary>The root of a registry's API, without TLS only on this machine or where that was allowed.</summary>
    public static Uri RootOf(string host, RegistrySettings settings) =>
        // The name in images is not the API's.
        host == "docker.io"
            ? new Uri("https://registry-1.docker.io/v2/")
            : new Uri($"{(IsThisMachine(host) || settings.Plain.Contains(host) ? "http" : "https")}://{host}/v2/");

    /// <summary>Whether a name can only mean this machine.</summary>
    public static bool IsThisMachine(string host) =>
        NameOf(host) is var name
        && (
            name == "localhost"
            || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        );

    /// <summary>How far inside a registry lies: that far, and no further, go the addresses that it names.</summary>
    public static async Task<AddressKind> KindOfAsync(string host, CancellationToken stop)
    {
        var name = NameOf(host).Trim('[', ']');
        try
        {
            var addresses = IPAddress.TryParse(name, out var literal)
                ? [literal]
                : await System.Net.Dns.GetHostAddressesAsync(name, stop);
            return addresses.Select(AddressKinds.Of).DefaultIfEmpty(AddressKind.Public).Max();
        }
        catch (SocketException)
        {
            return AddressKind.Public;
        }
    }

    /// <summary>Registries that take a layer only whole: two pieces are refused, or lost.</summary>
    public static bool TakesPieces(ImageReference image) =>
        !(
            image.Host is "ghcr.io" or "gcr.io"
            || image.Host.EndsWith(".gcr.io", StringComparison.Ordinal)
            || image.Host.EndsWith(".pkg.dev", StringComparison.Ordinal)
        );

    private static string NameOf(string host) =>
        host.LastIndexOf(':') is > 0 and var colon && colon > host.LastIndexOf(']') ? host[..colon] : host;
}
