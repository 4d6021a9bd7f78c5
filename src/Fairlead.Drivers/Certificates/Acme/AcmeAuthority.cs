using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Gets certificates from an authority that speaks ACME (RFC 8555), such as Let's Encrypt.</summary>
/// <param name="keys">Keeps the account's key.</param>
/// <param name="http">See <see cref="AuthorityOptions.OpenHttp"/>.</param>
public sealed class AcmeAuthority(
    AuthorityOptions options,
    IAccountKeys keys,
    HttpClient http,
    World world,
    ILogger<AcmeAuthority> log
) : ICertificateAuthority, IDisposable
{
    private readonly AcmeConnection connection = new(options, http, world);
    private readonly SemaphoreSlim opening = new(1, 1);
    private AcmeAccount? opened;

    public string Name => options.Name;

    public async Task<IssuedCertificate> IssueAsync(CertificateOrder order, IChallengeDesk desk, CancellationToken stop)
    {
        if (Hosts.Fault(order.Hosts) is { } fault)
        {
            throw new ProblemException(AcmeProblems.BadHosts(fault));
        }
        var account = await AccountAsync(stop);
        try
        {
            return await IssueAsync(account, order, desk, stop);
        }
        catch (ProblemException)
        {
            // The account may be what is wrong: an authority moves its directory, or forgets accounts.
            Interlocked.CompareExchange(ref opened, value: null, account);
            throw;
        }
    }

    public Task<RenewalWindow?> AdviseAsync(string chainPem, CancellationToken stop) =>
        RenewalAdvice.AskAsync(connection, chainPem, stop);

    /// <summary>Declares a certificate of this account invalid. One that already is, is fine.</summary>
    /// <param name="chainPem">As issued, the leaf first.</param>
    /// <param name="reason">RFC 5280, section 5.3.1: 0 for none, 1 for a stolen key, 4 for a replaced certificate.</param>
    /// <exception cref="ProblemException">The authority refused, or could not be reached.</exception>
    public async Task RevokeAsync(string chainPem, int reason, CancellationToken stop)
    {
        var account = await AccountAsync(stop);
        var url = account.Directory.RevokeCert ?? throw new ProblemException(AcmeProblems.CannotRevoke(connection));
        using var leaf = X509Certificate2.CreateFromPem(chainPem);
        var payload = new RevokeCertificate(Base64Url.EncodeToString(leaf.RawData), reason);
        try
        {
            await account.PostAsync(url, payload, AcmeJson.Default.RevokeCertificate, stop);
        }
        catch (ProblemException caught) when (caught.Problem.Code == AcmeProblems.Code("alreadyRevoked"))
        {
            log.RevokedBefore(options.Name);
        }
    }

    public void Dispose() => opening.Dispose();

    private async Task<IssuedCertificate> IssueAsync(
        AcmeAccount account,
        CertificateOrder order,
        IChallengeDesk desk,
        CancellationToken stop
    )
    {
        var attempt = new AcmeOrder(connection, account, new AcmeProofs(connection, account, desk, log));
        var choice = new ProofChoice(order.Hosts, order.Proofs);
        // A failed proof spoils its order for good. Each attempt uses up a kind, so there are no more than kinds.
        for (var left = order.Proofs.Distinct().Count(); ; left--)
        {
            var outcome = await attempt.RunAsync(choice, stop);
            if (outcome.Issued is { } issued)
            {
                return issued;
            }
            choice = choice with { Failed = [.. choice.Failed, .. outcome.Failed] };
            if (left <= 1 || outcome.Failed.Any(failed => !HasAnother(failed, choice)))
            {
                throw new ProblemException(AcmeProblems.NotProven(connection, outcome.Failed));
            }
            foreach (var failed in outcome.Failed)
            {
                log.ProofFailed(failed.Kind, failed.Host, AcmeProblems.Words(failed.Trouble));
            }
        }
    }

    private static bool HasAnother(FailedProof failed, ProofChoice choice) =>
        choice.Kinds.Any(kind => !choice.Failed.Any(one => one.Host == failed.Host && one.Kind == kind));

    private async Task<AcmeAccount> AccountAsync(CancellationToken stop)
    {
        if (Volatile.Read(ref opened) is { } ready)
        {
            return ready;
        }
        await opening.WaitAsync(stop);
        try
        {
            return opened ??= await AcmeAccount.OpenAsync(connection, keys, stop);
        }
        finally
        {
            opening.Release();
        }
    }
}
