using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Guarding.Certificates;

/// <summary>When a certificate is got or renewed, and from whom: without a clock, a disk or a network.</summary>
public static class CertificatePlan
{
    // A third of the life is left: 30 days of 90, 2 days of 6.
    private const double RenewAt = 2d / 3;

    // Hosts that were got in one minute are not renewed in one minute.
    private const double Jitter = 1d / 20;
    private const double ExpiringAt = 5d / 6;
    private const int FailuresEach = 3;

    // Let's Encrypt takes 5 failed proofs an hour.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    // As often as RFC 9773 has it where the authority does not say.
    private static readonly TimeSpan AdviceEvery = TimeSpan.FromHours(6);

    /// <summary>When the next attempt is due; it may be in the past.</summary>
    /// <param name="held">The one in use; null when there is none.</param>
    public static DateTimeOffset Due(NeededCertificate need, HeldCertificate? held, CertificateRecord record)
    {
        var wanted =
            held is null || record.IsAskedFor || (record.Authority is { } by && !need.Authorities.Contains(by))
                ? DateTimeOffset.MinValue
                : RenewalOf(held, record.Advice);
        return record.NotBefore is { } earliest && earliest > wanted ? earliest : wanted;
    }

    /// <summary>When a certificate is renewed: the same moment each time it is asked.</summary>
    /// <param name="advice">What its authority would like; it can only make it sooner.</param>
    public static DateTimeOffset RenewalOf(HeldCertificate held, RenewalWindow? advice = null)
    {
        var chance = ChanceOf(held.Hosts[0]);
        var usual = held.NotBefore + ((held.NotAfter - held.NotBefore) * (RenewAt - (Jitter * chance)));
        return advice is not null && advice.Start + ((advice.End - advice.Start) * chance) is var liked && liked < usual
            ? liked
            : usual;
    }

    /// <summary>Whether its authority is asked now when it would like the certificate in use to be renewed.</summary>
    public static bool AsksAdvice(HeldCertificate? held, CertificateRecord record, DateTimeOffset now) =>
        held is not null
        && record is { ChainPem: not null, Authority: not null }
        && (record.AdvisedAt is not { } last || last + AdviceEvery <= now);

    /// <summary>Who is asked: the next one after each three failures.</summary>
    public static string AuthorityOf(NeededCertificate need, CertificateRecord record) =>
        need.Authorities[record.Failures / FailuresEach % need.Authorities.Count];

    /// <summary>How long nothing is tried after so many failures in a row: 2 min, doubled each time, at most 6 h.</summary>
    public static TimeSpan PauseAfter(int failures)
    {
        const int DoublingsMax = 10;
        var pause = FirstPause * (1 << Math.Clamp(failures - 1, 0, DoublingsMax));
        return pause < LongestPause ? pause : LongestPause;
    }

    public static CertificateState StateOf(HeldCertificate? held, CertificateRecord record, DateTimeOffset now) =>
        held is null ? (record.Failures > 0 ? CertificateState.Failing : CertificateState.Awaited)
        : now >= held.NotAfter ? CertificateState.Expired
        : now >= held.NotBefore + ((held.NotAfter - held.NotBefore) * ExpiringAt) ? CertificateState.Expiring
        : CertificateState.Good;

    /// <summary>What a person must know of a host's certificate; null when all is well, or the first one is on its way.</summary>
    public static string? WarningOf(CertificateView view, DateTimeOffset now)
    {
        var (host, why) = (view.Need.Host, view.Record.Trouble ?? "It was not tried yet.");
        return StateOf(view.Held, view.Record, now) switch
        {
            CertificateState.Failing => $"{host} gets no certificate: {why}",
            CertificateState.Expiring => $"The certificate of {host} ends {Day(view)} and is not renewed: {why}",
            CertificateState.Expired =>
                $"The certificate of {host} ended {Day(view)}, so browsers turn its visitors away: {why}",
            _ => null,
        };
    }

    private static string Day(CertificateView view) =>
        view.Held!.NotAfter.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture); // Only one that is held can end.

    // The same on every machine and after every restart, so a restart renews nothing early.
    private static double ChanceOf(string host)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(host), hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash) / (double)uint.MaxValue;
    }
}

/// <summary>How a host's certificate is.</summary>
public enum CertificateState
{
    Good,

    /// <summary>The first one is on its way.</summary>
    Awaited,

    /// <summary>There is none, and getting one failed.</summary>
    Failing,

    /// <summary>Its renewal is overdue: less than a sixth of its life is left.</summary>
    Expiring,
    Expired,
}
