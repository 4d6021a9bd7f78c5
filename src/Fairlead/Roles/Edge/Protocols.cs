using System.Buffers;

namespace Fairlead.Roles.Edge;

/// <summary>Which protocols a client may go over to through the edge.</summary>
internal static class Protocols
{
    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "!#$%&'*+-.^_`|~/0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    /// <summary>
    /// The protocol, when it is one name; null for HTTP and TLS in any version: behind such an upgrade a client could ask the app
    /// for anything, and no rule of the edge would see it.
    /// </summary>
    public static string? Carried(string? protocol) =>
        string.IsNullOrEmpty(protocol)
        || protocol.AsSpan().ContainsAnyExcept(Letters)
        || protocol.StartsWith("h2", StringComparison.OrdinalIgnoreCase)
        || protocol.StartsWith("h3", StringComparison.OrdinalIgnoreCase)
        || protocol.StartsWith("HTTP", StringComparison.OrdinalIgnoreCase)
        || protocol.StartsWith("TLS", StringComparison.OrdinalIgnoreCase)
            ? null
            : protocol;
}
