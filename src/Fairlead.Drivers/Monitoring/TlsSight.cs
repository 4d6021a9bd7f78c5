using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Drivers.Monitoring;

/// <summary>What a look learns of a certificate.</summary>
/// <param name="verify">One that this machine does not trust for that name ends the connection.</param>
internal sealed class TlsSight(bool verify)
{
    /// <summary>When the first of the certificates that were shown ends; null before any was.</summary>
    public DateTimeOffset? EarliestEnd { get; private set; }

    /// <summary>Why it is not trusted, a sentence; null when it is, or need not be.</summary>
    public string? Fault { get; private set; }

    /// <summary>What to do when a certificate is shown.</summary>
    public SslClientAuthenticationOptions Options(string host) =>
        new()
        {
            TargetHost = host,
            RemoteCertificateValidationCallback = (_, shown, chain, errors) => Take(host, (shown, chain), errors),
        };

    /// <summary>Goes on encrypted.</summary>
    /// <exception cref="UnreachedException">It speaks no TLS, or its certificate is not to be trusted.</exception>
    public async Task<SslStream> SecureAsync(Stream stream, string host, LookNotes notes, CancellationToken stop)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(Options(host), stop);
            notes.Over("tls");
            Note(notes);
            return tls;
        }
        catch (Exception caught) when (caught is AuthenticationException or IOException)
        {
            Note(notes);
            await tls.DisposeAsync();
            throw new UnreachedException(Fault ?? $"{host} speaks no TLS there: {caught.Message}", caught);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public void Note(LookNotes notes)
    {
        if (EarliestEnd is { } end)
        {
            notes.Note("probe_ssl_earliest_cert_expiry", end.ToUnixTimeSeconds());
        }
    }

    /// <summary>Why its end is too near; null when it is not.</summary>
    public string? TooNear(int? days, DateTimeOffset now) =>
        days is { } least && EarliestEnd is { } end && end - now < TimeSpan.FromDays(least)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Its certificate ends on {end.UtcDateTime:yyyy-MM-dd}, in {(end - now).TotalDays:0.0} days, less than {least}."
            )
            : null;

    private bool Take(string host, (X509Certificate? Shown, X509Chain? Chain) seen, SslPolicyErrors errors)
    {
        if (seen.Shown is X509Certificate2 leaf)
        {
            // Those that came with it count, too: browsers need them.
            EarliestEnd = (seen.Chain?.ChainPolicy.ExtraStore ?? [])
                .Append(leaf)
                .Min(one => new DateTimeOffset(one.NotAfter.ToUniversalTime()));
        }
        if (!verify || errors is SslPolicyErrors.None)
        {
            return true;
        }
        Fault = FaultOf(host, seen, errors);
        return false;
    }

    private static string FaultOf(string host, (X509Certificate? Shown, X509Chain? Chain) seen, SslPolicyErrors errors)
    {
        if (seen.Shown is not X509Certificate2 leaf)
        {
            return $"{host} shows no certificate.";
        }
        var all = seen.Chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (sum, one) => sum | one.Status);
        return all?.HasFlag(X509ChainStatusFlags.NotTimeValid) is true
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"The certificate of {host} is good from {leaf.NotBefore.ToUniversalTime():yyyy-MM-dd} to {leaf.NotAfter.ToUniversalTime():yyyy-MM-dd} alone."
                )
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? $"The certificate of {host} is for another name: {leaf.GetNameInfo(X509NameType.DnsName, forIssuer: false)}."
            : $"The certificate of {host} is signed by nobody whom this machine trusts: {leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}.";
    }
}
