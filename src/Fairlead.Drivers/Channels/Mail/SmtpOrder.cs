using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MimeKit;

namespace Fairlead.Drivers.Channels.Mail;

/// <summary>A mail and how to hand it over.</summary>
internal sealed record SmtpOrder(SmtpPlace Place, MimeMessage Message)
{
    /// <summary>Of the notification.</summary>
    public required string Id { get; init; }

    public required ChannelSecrets Secrets { get; init; }

    public required string Hello { get; init; }

    /// <summary>Null for a server that takes mail from anybody here.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Null for those that this machine knows.</summary>
    public X509Certificate2Collection? Authorities { get; init; }
}

/// <summary>A server that takes mail.</summary>
internal sealed record SmtpPlace(string Host, int Port)
{
    /// <summary>TLS begins before the first word.</summary>
    public bool IsImplicit { get; init; }

    /// <summary>Nothing is said without TLS.</summary>
    public bool NeedsTls { get; init; }

    /// <summary>It is this machine, by a name or an address that can be nothing else.</summary>
    public bool IsLoopback =>
        Host is "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary><c>smtp.example.com:587</c>, <c>[::1]:25</c>; null for what is no such thing.</summary>
    public static SmtpPlace? Read(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        host =
            host is ['[', .. var inner, ']'] ? inner
            : host.Contains(':', StringComparison.Ordinal) ? ""
            : host;
        return
            Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            ? new(host, port)
            : null;
    }
}
