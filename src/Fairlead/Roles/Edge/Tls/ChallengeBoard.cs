using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Edge.Tls;

/// <summary>Answers to challenges, shown while an authority looks for them: on plain HTTP (RFC 8555, 8.3) and in handshakes (RFC 8737).</summary>
internal sealed class ChallengeBoard(World world) : IChallengeDesk, IGuard
{
    private const string WellKnown = "/.well-known/acme-challenge/";
    private const int ShownMax = 1000;

    public static readonly SslApplicationProtocol AcmeProtocol = new("acme-tls/1");

    private readonly ConcurrentDictionary<string, string> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Handshake> handshakes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an authority may ask in a handshake now.</summary>
    public bool AwaitsHandshakes => !handshakes.IsEmpty;

    public Task ShowAsync(Challenge challenge, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (tokens.Count + handshakes.Count >= ShownMax)
        {
            throw new ProblemException(Crowded());
        }
        switch (challenge.Kind)
        {
            case ChallengeKind.Http:
                tokens[challenge.Token] = challenge.KeyAuthorization;
                break;
            case ChallengeKind.TlsAlpn:
                handshakes[challenge.Host] = new(
                    challenge.Token,
                    LoadedCertificate.ForChallenge(Proof(challenge), AcmeProtocol)
                );
                break;
            default:
                throw new ArgumentException($"An edge shows no {challenge.Kind} challenge.", nameof(challenge));
        }
        return Task.CompletedTask;
    }

    public Task RemoveAsync(Challenge challenge, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        tokens.TryRemove(challenge.Token, out _);
        if (handshakes.TryGetValue(challenge.Host, out var shown) && shown.Token == challenge.Token)
        {
            handshakes.TryRemove(challenge.Host, out _);
        }
        return Task.CompletedTask;
    }

    /// <summary>How to answer the handshake of an authority; null when nothing is shown for the name.</summary>
    public SslServerAuthenticationOptions? Find(string name) => handshakes.GetValueOrDefault(name)?.Options;

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop) =>
        !tokens.IsEmpty
        && trip.Path.StartsWith(WellKnown, StringComparison.Ordinal)
        && tokens.TryGetValue(trip.Path[WellKnown.Length..], out var answer)
            ? WriteAsync(trip, answer, stop)
            : ValueTask.FromResult(false);

    private static async ValueTask<bool> WriteAsync(Trip trip, string answer, CancellationToken stop)
    {
        trip.Http.Response.ContentType = "application/octet-stream";
        await trip.Http.Response.WriteAsync(answer, stop);
        return true;
    }

    private X509Certificate2 Proof(Challenge challenge)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={challenge.Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(challenge.Host);
        request.CertificateExtensions.Add(names.Build());
        var digest = new AsnWriter(AsnEncodingRules.DER);
        digest.WriteOctetString(SHA256.HashData(Encoding.ASCII.GetBytes(challenge.KeyAuthorization)));
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.5.5.7.1.31", digest.Encode(), critical: true));
        var now = world.Now;
        using var made = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }

    private static Problem Crowded() =>
        new(
            "edge.challenges-full",
            What: "The edge shows no more answers to challenges.",
            Why: $"It shows {ShownMax} already.",
            Fix: "Wait until the orders under way have ended."
        );

    private sealed record Handshake(string Token, SslServerAuthenticationOptions Options);
}
