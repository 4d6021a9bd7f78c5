using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Which kind of proof to try for which host: the desk's order of preference, without what already failed.</summary>
internal sealed record ProofChoice(IReadOnlyList<string> Hosts, IReadOnlyList<ChallengeKind> Kinds)
{
    public IReadOnlyList<FailedProof> Failed { get; init; } = [];

    /// <summary>The best kind that is offered and has not failed; null when none is left.</summary>
    public (ChallengeKind Kind, ChallengeAnswer Offer)? For(string host, AuthorizationAnswer asked)
    {
        foreach (var kind in Kinds)
        {
            // No authority takes anything but DNS for a wildcard; asking for more would only spend its patience.
            var isOpen = !(asked.Wildcard && kind != ChallengeKind.Dns) && !HasFailed(host, kind);
            var offer = isOpen ? asked.Challenges?.FirstOrDefault(one => one?.Type == Word(kind)) : null;
            if (offer is { Url: not null, Token: not null })
            {
                return (kind, offer);
            }
        }
        return null;
    }

    public static string Word(ChallengeKind kind) =>
        kind switch
        {
            ChallengeKind.Http => "http-01",
            ChallengeKind.TlsAlpn => "tls-alpn-01",
            ChallengeKind.Dns => "dns-01",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    private bool HasFailed(string host, ChallengeKind kind) =>
        Failed.Any(failed => failed.Host == host && failed.Kind == kind);
}
