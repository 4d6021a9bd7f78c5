using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Security;
using Microsoft.AspNetCore.Connections.Features;

namespace Fairlead.Faces.Http;

/// <summary>The Unix socket lies in a folder that only its owner can enter: whoever is there is the owner.</summary>
internal sealed class SocketCredential : ICredential
{
    public ValueTask<Principal?> FindAsync(HttpContext http, CancellationToken stop) =>
        new(
            http.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily == AddressFamily.Unix
                ? Principal.Owner
                : null
        );
}

/// <summary>The owner's token, which lies in the state folder: <c>Authorization: Bearer</c>, or the password of any name.</summary>
internal sealed class OwnerToken(string token) : ICredential
{
    private readonly byte[] token = Encoding.UTF8.GetBytes(token);

    /// <summary>It may do everything, never ends, and never leaves its machine.</summary>
    public bool IsForOutside => false;

    public ValueTask<Principal?> FindAsync(HttpContext http, CancellationToken stop) =>
        new(
            ShownToken.In(http.Request) is { } shown
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), token)
                ? Principal.Owner
                : null
        );
}

/// <summary>The token that a request shows, whosoever it is.</summary>
internal static class ShownToken
{
    private const string Scheme = "Bearer ";
    private const string Password = "Basic ";
    private const int EncodedMax = 256;

    /// <summary>Null when it shows none. Programs that know only names and passwords show it as the password.</summary>
    public static string? In(HttpRequest request)
    {
        var shown = request.Headers.Authorization is [{ } one] ? one : "";
        return shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? shown[Scheme.Length..].Trim()
            : shown.StartsWith(Password, StringComparison.OrdinalIgnoreCase) ? PasswordIn(shown[Password.Length..])
            : null;
    }

    private static string? PasswordIn(string encoded)
    {
        Span<byte> bytes = stackalloc byte[EncodedMax];
        return
            encoded.Length <= EncodedMax
            && Convert.TryFromBase64String(encoded.Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes[..length]).Split(':', 2) is [_, var password]
            ? password
            : null;
    }
}
