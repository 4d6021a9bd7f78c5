using System.Buffers.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Proves control of hosts: all answers are shown first, then asked for, awaited and taken away.</summary>
internal sealed class AcmeProofs(AcmeConnection connection, AcmeAccount account, IChallengeDesk desk, ILogger log)
{
    private static readonly TimeSpan ClearingLimit = TimeSpan.FromSeconds(60);

    /// <returns>Those that were not accepted; none when every host is proven.</returns>
    public async Task<IReadOnlyList<FailedProof>> ProveAsync(
        IReadOnlyList<string> authorizations,
        ProofChoice choice,
        CancellationToken stop
    )
    {
        var open = new List<OpenProof>();
        try
        {
            foreach (var url in authorizations)
            {
                await OpenAsync(url, choice, open, stop);
            }
            foreach (var proof in open)
            {
                await account.PostAsync(proof.ChallengeUrl, new Nothing(), AcmeJson.Default.Nothing, stop);
            }
            // From here on the authority is waited for: how long the desk took, by DNS minutes a host, is not its fault.
            var patience = new Patience(connection.World);
            var failed = new List<FailedProof>();
            foreach (var proof in open)
            {
                var authorization = await DecidedAsync(proof, patience, stop);
                if (authorization.Status != "valid")
                {
                    failed.Add(new(proof.Challenge.Host, proof.Challenge.Kind, TroubleOf(authorization)));
                }
            }
            return failed;
        }
        finally
        {
            // Not by the caller's token: what was shown is taken away even when the order was given up.
            using var limit = new CancellationTokenSource(ClearingLimit, connection.World.Clock);
            await ClearAsync(open, limit.Token);
        }
    }

    private async Task OpenAsync(string url, ProofChoice choice, List<OpenProof> open, CancellationToken stop)
    {
        var answer = await account.ReadAsync(url, stop);
        var asked = connection.Read(answer, AcmeJson.Default.AuthorizationAnswer);
        if (asked.Status == "valid")
        {
            return;
        }
        var host = asked.Identifier?.Value ?? "";
        if (!choice.Hosts.Contains(asked.Wildcard ? $"*.{host}" : host))
        {
            throw new ProblemException(AcmeProblems.Unreadable(connection, answer, $"'{host}' was not ordered."));
        }
        var (kind, offer) =
            choice.For(host, asked) ?? throw new ProblemException(AcmeProblems.NothingLeft(connection, choice, asked));
        // It becomes a path and a record's text: nothing but base64url may pass.
        if (offer.Token!.Length > 256 || !Base64Url.IsValid(offer.Token))
        {
            throw new ProblemException(AcmeProblems.Unreadable(connection, answer, "The token is not base64url."));
        }
        var challenge = new Challenge(kind, host, offer.Token, $"{offer.Token}.{account.Thumbprint}");
        // Listed before it is shown, so that one shown halfway is taken away as well.
        open.Add(new(url, offer.Url!, challenge));
        await desk.ShowAsync(challenge, stop);
    }

    private async Task<AuthorizationAnswer> DecidedAsync(OpenProof proof, Patience patience, CancellationToken stop)
    {
        for (var looks = 0; ; looks++)
        {
            var answer = await account.ReadAsync(proof.Url, stop);
            var authorization = connection.Read(answer, AcmeJson.Default.AuthorizationAnswer);
            if (authorization.Status is not "pending")
            {
                return authorization;
            }
            if (!await patience.PauseAsync(looks, answer.RetryAt, stop))
            {
                throw new ProblemException(
                    AcmeProblems.TooSlow(connection, $"the proof of {proof.Challenge.Host}", authorization.Status)
                );
            }
        }
    }

    private async Task ClearAsync(List<OpenProof> open, CancellationToken stop)
    {
        foreach (var proof in open)
        {
            try
            {
                await desk.RemoveAsync(proof.Challenge, stop);
            }
            catch (Exception caught) when (caught is ProblemException or OperationCanceledException)
            {
                log.AnswerStays(proof.Challenge.Kind, proof.Challenge.Host, caught);
            }
        }
    }

    private static AcmeTrouble? TroubleOf(AuthorizationAnswer authorization) =>
        authorization.Challenges?.FirstOrDefault(one => one?.Error is not null)?.Error;

    private sealed record OpenProof(string Url, string ChallengeUrl, Challenge Challenge);
}
