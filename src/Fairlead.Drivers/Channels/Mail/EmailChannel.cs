using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using MimeKit;

namespace Fairlead.Drivers.Channels.Mail;

/// <summary>Sends mail by SMTP. A password, and by default all of it, goes only over TLS; but to this machine itself.</summary>
public sealed class EmailChannel : IChannel
{
    private const int RecipientsMax = 50;

    private readonly SmtpRun smtp;

    internal EmailChannel(World world) => smtp = new(world);

    public string Kind => "email";

    public IReadOnlyList<ChannelField> Fields { get; } =
    [
        new("to", "Whom to tell, such as `ops@example.com`; several are written as a list, or with commas.")
        {
            IsRequired = true,
        },
        new("from", "Who tells, such as `Fairlead <fairlead@example.com>`.") { IsRequired = true },
        new(
            "smarthost",
            "The server, such as `smtp.example.com:587`. At port 465 TLS begins at once, elsewhere by STARTTLS."
        )
        {
            IsRequired = true,
        },
        new("auth_username", "Signs in, by `PLAIN` or `LOGIN`."),
        new("auth_password", "Belongs to `auth_username`.") { IsSecret = true },
        new(
            "require_tls",
            "`false`: also without TLS, where there is none. By default `true`, but for this machine itself."
        ),
        new("force_implicit_tls", "`true`: TLS begins at once also at another port than 465."),
        new(
            "tls_ca",
            "The authority, as PEM, that the server's certificate is of, where this machine does not know it."
        ),
        new("hello", "How Fairlead calls itself; `localhost` by default."),
    ];

    public string? Fault(ChannelSettings settings) =>
        ChannelWords.First(
            settings.Text("from") is { } from && Addresses([from]) is not [_]
                ? "'from' has to be one address, such as Fairlead <fairlead@example.com>."
                : null,
            settings.Text("to") is null ? null : ToFault(settings),
            settings.Text("smarthost") is { } host && SmtpPlace.Read(host) is null
                ? "'smarthost' has to be a host and a port, such as smtp.example.com:587."
                : null,
            (settings.Text("auth_username") is null) != (settings.Text("auth_password") is null)
                ? "'auth_username' and 'auth_password' belong together."
                : null,
            ChannelWords.OneOfFault(settings, "require_tls", "true", "false", "yes", "no", "on", "off"),
            settings.Text("hello") is { } hello && Uri.CheckHostName(hello) is UriHostNameType.Unknown
                ? "'hello' has to be a host's name."
                : null,
            settings.Text("tls_ca") is { } pem && Authorities(pem) is null
                ? "'tls_ca' has to be a certificate as PEM."
                : null
        );

    public Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop)
    {
        var place = SmtpPlace.Read(settings.Needed("smarthost"))!;
        var order = new SmtpOrder(
            place with
            {
                IsImplicit = place.Port == 465 || settings.Is("force_implicit_tls"),
                NeedsTls = settings.Text("require_tls") is null ? !place.IsLoopback : settings.Is("require_tls"),
            },
            MailText.Of(notification, Addresses([settings.Needed("from")])[0], Addresses(settings.All("to")))
        )
        {
            Id = notification.Id,
            User = settings.Text("auth_username"),
            Password = settings.Text("auth_password"),
            Hello = settings.Or("hello", "localhost"),
            Authorities = settings.Text("tls_ca") is { } pem ? Authorities(pem) : null,
            // As PLAIN sends it, which servers may repeat.
            Secrets = ChannelSecrets
                .Of(Fields, settings)
                .And(Plain(settings.Text("auth_username"), settings.Text("auth_password"))),
        };
        return smtp.SendAsync(order, stop);
    }

    /// <summary>Of texts that may have several each, parted by commas; none when one cannot be read or has no host.</summary>
    internal static IReadOnlyList<MailboxAddress> Addresses(IReadOnlyList<string> texts)
    {
        List<MailboxAddress> all = [];
        foreach (var text in texts)
        {
            if (
                text.Any(char.IsControl)
                || !InternetAddressList.TryParse(text, out var list)
                || !list.All(static one => one is MailboxAddress box && IsWhole(box.Address))
            )
            {
                return [];
            }
            all.AddRange(list.Mailboxes);
        }
        return all;
    }

    private static string Plain(string? user, string? password) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));

    private static string? ToFault(ChannelSettings settings) =>
        Addresses(settings.All("to")).Count switch
        {
            0 => "'to' has to be addresses, such as ops@example.com.",
            > RecipientsMax => $"'to' has more than {RecipientsMax} addresses; use a mailing list.",
            _ => null,
        };

    private static bool IsWhole(string address) =>
        address.Split('@') is [{ Length: > 0 }, { Length: > 0 } host]
        && !address.Any(static one => char.IsWhiteSpace(one) || char.IsControl(one))
        && Uri.CheckHostName(host.Trim('[', ']')) is not UriHostNameType.Unknown;

    private static X509Certificate2Collection? Authorities(string pem)
    {
        try
        {
            X509Certificate2Collection all = [];
            all.ImportFromPem(pem);
            return all.Count > 0 ? all : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
