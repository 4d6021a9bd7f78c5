using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;

namespace Fairlead.Faces.Http;

/// <summary>
/// Who may come in. The Unix socket lies in a folder that only its owner can enter, so whoever is there may. Over TCP a caller
/// shows the token, and must have asked for a loopback name: a page in a browser that was rebound to 127.0.0.1 has asked for another.
/// </summary>
internal sealed class Door(string token)
{
    private const string Scheme = "Bearer ";
    private const string Password = "Basic ";
    private readonly byte[] token = Encoding.UTF8.GetBytes(token);

    /// <exception cref="Refused">The caller may not come in.</exception>
    public void Check(HttpContext http)
    {
        if (http.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }
        if (!IsLoopback(http.Request.Host.Host))
        {
            throw new Refused(StatusCodes.Status403Forbidden, Problems.ForeignHost(http.Request.Host.Host));
        }
        if (http.Request.Path != "/healthz" && !HasToken(http.Request))
        {
            throw new Refused(StatusCodes.Status401Unauthorized, Problems.NoToken());
        }
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private bool HasToken(HttpRequest request)
    {
        var shown = request.Headers.Authorization is [{ } one] ? one : "";
        return shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? IsToken(shown[Scheme.Length..].Trim())
            : shown.StartsWith(Password, StringComparison.OrdinalIgnoreCase)
                ? IsToken(PasswordIn(shown[Password.Length..]))
            : false;
    }

    private bool IsToken(string shown) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), token);

    /// <summary>Programs that know only names and passwords show the token as the password, whatever the name.</summary>
    private static string PasswordIn(string encoded)
    {
        Span<byte> bytes = stackalloc byte[256];
        return
            encoded.Length <= 256
            && Convert.TryFromBase64String(encoded.Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes[..length]).Split(':', 2) is [_, var password]
            ? password
            : "";
    }
}
