using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using AuthenticationException = MailKit.Security.AuthenticationException;

namespace Fairlead.Drivers.Channels.Mail;

/// <summary>
/// Hands one mail to a server, within 30 s: some let strangers wait for their greeting. Those of its recipients that the server takes get it, and
/// one that is to be tried again later is tried again alone.
/// </summary>
internal sealed class SmtpRun(World world)
{
    /// <summary>From the look-up of the name to the server's last word.</summary>
    internal static readonly TimeSpan RunMax = TimeSpan.FromSeconds(30);

    private const int WhyCharsMax = 600;

    private readonly TakenMails taken = new();

    public async Task<Sent> SendAsync(SmtpOrder order, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(RunMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var host = order.Place.Host;
        using var client = new PatientClient { LocalDomain = order.Hello };
        try
        {
            return await HandOverAsync(client, order, both.Token);
        }
        catch (SmtpCommandException caught)
        {
            // Each recipient's refusal says more than that none was taken.
            return client is { Accepted.Count: 0, Refusals.Count: > 0 }
                ? AfterAll(client, order)
                : Refused(order, caught.StatusCode, caught.Message);
        }
        catch (AuthenticationException caught)
        {
            return caught.InnerException is SmtpCommandException { StatusCode: var status, Message: var words }
                ? Refused(order, status, words)
                : Sent.Never($"{host} did not let '{order.User}' in: {order.Secrets.Words(caught.Message)}");
        }
        catch (NotSupportedException)
        {
            return Sent.Never(
                order.Place.NeedsTls && !client.IsSecure
                    ? $"{host}:{order.Place.Port} offers no TLS, without which nothing is sent ('require_tls: false' would)."
                    : $"{host}:{order.Place.Port} offers no way to sign in, and 'auth_username' is set."
            );
        }
        catch (Exception caught)
            when (caught
                    is IOException
                        or SocketException
                        or HttpRequestException
                        or ProtocolException
                        or SslHandshakeException
            )
        {
            return Sent.Later($"{host}:{order.Place.Port} cannot be told: {order.Secrets.Words(Words(caught))}");
        }
        // By our limit, or by that of the connection, which is as long.
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Sent.Later($"{host}:{order.Place.Port} was not done within {RunMax.TotalSeconds:0} s.");
        }
    }

    private async Task<Sent> HandOverAsync(PatientClient client, SmtpOrder order, CancellationToken stop)
    {
        var place = order.Place;
        // By names and not by what looks up revocations: that would be another server to wait for, and to fail by.
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = (_, certificate, chain, faults) =>
            IsTrusted(order.Authorities, certificate, chain, faults);
        var socket = await OutboundGuard.ConnectAsync(
            new DnsEndPoint(place.Host, place.Port),
            AddressKind.Inside,
            stop
        );
        await using var stream = new LimitedStream(socket);
        await client.ConnectAsync(stream, place.Host, place.Port, OptionsOf(place), stop);
        if (order.User is { } user)
        {
            if (!client.IsSecure && !place.IsLoopback)
            {
                return Sent.Never($"{place.Host}:{place.Port} offers no TLS, and a password is never sent without.");
            }
            // One way, and once: a wrong password that is tried in every way there is locks accounts.
            var way = client.AuthenticationMechanisms.Contains("PLAIN") ? "PLAIN" : "LOGIN";
            client.AuthenticationMechanisms.IntersectWith([way]);
            await client.AuthenticateAsync(new NetworkCredential(user, order.Password), stop);
        }
        var to = order.Message.To.Mailboxes.Where(box => !taken.Has(order.Id, box.Address)).ToList();
        if (to.Count == 0)
        {
            return Sent.Taken;
        }
        await client.SendAsync(order.Message, order.Message.From.Mailboxes.First(), to, stop);
        var sent = AfterAll(client, order);
        try
        {
            await client.DisconnectAsync(quit: true, stop);
        }
        catch (Exception caught) when (caught is IOException or ProtocolException or OperationCanceledException)
        {
            // It has the mail; how it says good-bye does not matter.
        }
        return sent;
    }

    private Sent AfterAll(PatientClient client, SmtpOrder order)
    {
        var (later, never) = (
            client.Refusals.Where(static one => (int)one.Status < 500).ToList(),
            client.Refusals.Where(static one => (int)one.Status >= 500).ToList()
        );
        if (later.Count > 0)
        {
            taken.Add(order.Id, client.Accepted);
        }
        var why = Fitting.Clip(
            string.Join(
                "; ",
                client.Refusals.Select(one =>
                    $"{one.To} was refused: {(int)one.Status} {order.Secrets.Words(one.Words)}"
                )
            ),
            WhyCharsMax
        );
        return later.Count > 0 ? Sent.Later(why)
            : client.Accepted.Count == 0 ? Sent.Never(why)
            // The others have it, and who was refused would be refused again.
            : never.Count > 0 ? Sent.Taken with { Why = why }
            : Sent.Taken;
    }

    private static Sent Refused(SmtpOrder order, SmtpStatusCode status, string words)
    {
        var why = $"{order.Place.Host} answered {(int)status}: {order.Secrets.Words(words)}";
        return (int)status is >= 500 and < 600 ? Sent.Never(why) : Sent.Later(why);
    }

    private static SecureSocketOptions OptionsOf(SmtpPlace place) =>
        place.IsImplicit ? SecureSocketOptions.SslOnConnect
        : place.NeedsTls ? SecureSocketOptions.StartTls
        : SecureSocketOptions.StartTlsWhenAvailable;

    private static bool IsTrusted(
        X509Certificate2Collection? authorities,
        X509Certificate? certificate,
        X509Chain? given,
        SslPolicyErrors faults
    )
    {
        if (faults is SslPolicyErrors.None)
        {
            return true;
        }
        // The name has to be right in any case.
        if (authorities is null || faults is not SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        // What the server sent along may be between it and the authority.
        chain.ChainPolicy.ExtraStore.AddRange(given?.ChainPolicy.ExtraStore ?? []);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var whole = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(whole);
    }

    // MailKit explains in several lines what may be wrong with a certificate; the first sentence says it.
    private static string Words(Exception caught) =>
        caught is SslHandshakeException ? "its certificate is not trusted, or TLS was not agreed on" : caught.Message;
}
