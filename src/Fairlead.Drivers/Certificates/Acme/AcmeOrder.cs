using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>One attempt to get a certificate: proves control of every host, then trades a signing request for a chain.</summary>
/// <param name="proofs">Shows and takes away answers to challenges.</param>
internal sealed class AcmeOrder(AcmeConnection connection, AcmeAccount account, AcmeProofs proofs)
{
    /// <returns>The certificate, or which proofs failed.</returns>
    public async Task<AcmeOutcome> RunAsync(ProofChoice choice, CancellationToken stop)
    {
        var identifiers = choice.Hosts.Select(host => new Identifier("dns", host));
        var answer = await account.PostAsync(
            account.Directory.NewOrder!,
            new NewOrder([.. identifiers]),
            AcmeJson.Default.NewOrder,
            stop
        );
        var url =
            answer.Location
            ?? throw new ProblemException(AcmeProblems.Unreadable(connection, answer, "It names no order."));
        var order = connection.Read(answer, AcmeJson.Default.OrderAnswer);
        if (order.Authorizations?.Count > choice.Hosts.Count)
        {
            throw new ProblemException(
                AcmeProblems.Unreadable(connection, answer, "It asks for more than was ordered.")
            );
        }
        var failed = await proofs.ProveAsync(order.Authorizations ?? [], choice, stop);
        return failed.Count > 0 ? new([], Issued: null, failed) : await FinishAsync(url, choice.Hosts, stop);
    }

    private async Task<AcmeOutcome> FinishAsync(string url, IReadOnlyList<string> hosts, CancellationToken stop)
    {
        var order = await SettledAsync(url, ["pending"], stop);
        using var request = SigningRequest.For(hosts);
        if (order.Status == "ready" && order.Finalize is { } finalize)
        {
            await account.PostAsync(finalize, new FinalizeOrder(request.Text), AcmeJson.Default.FinalizeOrder, stop);
            order = await SettledAsync(url, ["ready", "processing"], stop);
        }
        if (order is not { Status: "valid", Certificate: { } certificate })
        {
            throw new ProblemException(AcmeProblems.OrderFailed(connection, hosts, order));
        }
        var chain = await account.ReadAsync(certificate, stop);
        return new(hosts, IssuedChain.Read(connection, chain, hosts, request), []);
    }

    /// <summary>Waits until an order has left states that pass by themselves.</summary>
    private async Task<OrderAnswer> SettledAsync(string url, string[] passing, CancellationToken stop)
    {
        var patience = new Patience(connection.World);
        for (var looks = 0; ; looks++)
        {
            var answer = await account.ReadAsync(url, stop);
            var order = connection.Read(answer, AcmeJson.Default.OrderAnswer);
            if (!passing.Contains(order.Status))
            {
                return order;
            }
            if (!await patience.PauseAsync(looks, answer.RetryAt, stop))
            {
                throw new ProblemException(AcmeProblems.TooSlow(connection, $"the order {url}", order.Status));
            }
        }
    }
}

/// <summary>What an attempt came to.</summary>
/// <param name="Failed">Proofs that were not accepted, with the authority's reason.</param>
internal sealed record AcmeOutcome(
    IReadOnlyList<string> Hosts,
    IssuedCertificate? Issued,
    IReadOnlyList<FailedProof> Failed
);

/// <summary>A proof that the authority did not accept.</summary>
internal sealed record FailedProof(string Host, ChallengeKind Kind, AcmeTrouble? Trouble);
