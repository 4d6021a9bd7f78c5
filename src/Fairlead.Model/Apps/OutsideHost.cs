using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Model.Apps;

/// <summary>How bytes travel.</summary>
public enum Transport
{
    Tcp,
    Udp,
}

/// <summary>A host or a network outside of the app that a service may talk to, such as <c>api.stripe.com:443</c>.</summary>
/// <param name="Name">A host's name in lower case, or a network in its one way of writing, such as <c>10.0.0.0/8</c>.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record OutsideHost(string Name, int Port, Transport Transport)
{
    private const int PortDefault = 443;
    private const int LettersMax = 253;
    private const int LabelMax = 63;

    public bool IsNetwork => Name.Contains('/', StringComparison.Ordinal);

    /// <summary>
    /// Reads <c>api.stripe.com</c>, <c>smtp.example.com:587</c>, <c>10.0.0.0/8:5432</c>, <c>[2001:db8::/32]:443</c> and
    /// <c>time.example.com:123/udp</c>. Port 443 and TCP when nothing is said.
    /// </summary>
    /// <returns>Null when it is nothing of that kind.</returns>
    public static OutsideHost? TryParse(string text)
    {
        var transport = text.EndsWith("/udp", StringComparison.Ordinal) ? Transport.Udp : Transport.Tcp;
        var rest =
            text.EndsWith("/udp", StringComparison.Ordinal) || text.EndsWith("/tcp", StringComparison.Ordinal)
                ? text[..^4]
                : text;
        var port = PortDefault;
        // In brackets colons belong to the address.
        if (rest.LastIndexOf(':') is > 0 and var colon && colon > rest.LastIndexOf(']'))
        {
            if (
                !int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port is < 1 or > ushort.MaxValue
            )
            {
                return null;
            }
            rest = rest[..colon];
        }
        var name =
            rest is ['[', .. var inner, ']'] ? NetworkOf(inner, AddressFamily.InterNetworkV6)
            : IsNumbers(rest) ? NetworkOf(rest, AddressFamily.InterNetwork)
            : IsHost(rest) ? rest
            : null;
        return name is null ? null : new(name, port, transport);
    }

    /// <summary>A network or one address in its one way of writing; null when it is none.</summary>
    public static string? NetworkOf(string text) =>
        NetworkOf(
            text,
            text.Contains(':', StringComparison.Ordinal) ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork
        );

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]" : Name)}:{Port}{(Transport is Transport.Udp ? "/udp" : "")}"
        );

    private static bool IsNumbers(string text) => text.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '/');

    private static bool IsHost(string text) =>
        text.Length is >= 1 and <= LettersMax
        && text.Split('.')
            .All(label =>
                label.Length is >= 1 and <= LabelMax
                && label[0] != '-'
                && label[^1] != '-'
                && label.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            );

    private static string? NetworkOf(string text, AddressFamily family)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var most = family is AddressFamily.InterNetwork ? 32 : 128;
        var length = most;
        if (
            slash >= 0
            && (
                !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length)
                || length > most
            )
        )
        {
            return null;
        }
        var address = slash < 0 ? text : text[..slash];
        // What reads addresses takes 10.1 and 010.0.0.1 as well, and gives them another meaning than people do.
        if (
            address.Contains('%', StringComparison.Ordinal)
            || !IPAddress.TryParse(address, out var read)
            || read.AddressFamily != family
            || (family is AddressFamily.InterNetwork && read.ToString() != address)
        )
        {
            return null;
        }
        var bytes = read.GetAddressBytes();
        for (var bit = length; bit < most; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{length}");
    }
}
