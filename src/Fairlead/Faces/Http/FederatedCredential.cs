using System.Collections.Concurrent;
using Fairlead.Drivers.Http;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Oidc;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Fairlead.Faces.Http;

/// <summary>
/// A token that another issuer signed for a job of its own, such as GitHub's for a workflow: good while it lasts, for what its trust
/// says. Signature, issuer, audience and time are checked by the issuer's own keys before anything in it is believed.
/// </summary>
internal sealed class FederatedCredential(IStore store, TokenDesk desk, World world) : ICredential, IDisposable
{
    private const int LettersMax = 16_384;
    private const int AnswerBytesMax = 1 << 20;
    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(10);

    private readonly HttpClient outside = Client(AddressKind.Public);
    private readonly HttpClient inside = Client(AddressKind.Inside);
    private readonly ConcurrentDictionary<(string Issuer, bool IsInside), OidcIssuer> known = new();

    public async ValueTask<Principal?> FindAsync(HttpContext http, CancellationToken stop)
    {
        // {"alg": in base64url: nothing else that is shown here begins so.
        if (ShownToken.In(http.Request) is not { } shown || !shown.StartsWith("eyJ", StringComparison.Ordinal))
        {
            return null;
        }
        if (Issuer(shown) is not { } issuer)
        {
            throw No("It is no token that can be read.");
        }
        var trusts = (await TrustBook.AllAsync(store, stop)).Where(one => one.Issuer == issuer).ToList();
        if (trusts.Count == 0)
        {
            throw No("Nobody trusts its issuer here.");
        }
        OidcException? fault = null;
        string? subject = null;
        foreach (var same in trusts.GroupBy(static one => (one.Audience, one.IsInside)))
        {
            try
            {
                var token = await Of(issuer, same.Key.IsInside).ReadAsync(shown, same.Key.Audience, stop);
                subject = token.Subject ?? "";
                if (same.FirstOrDefault(one => one.Takes(name => OidcIssuer.Claim(token, name))) is { } trust)
                {
                    return await desk.FederatedAsync(TrustBook.PrincipalOf(trust, subject), stop)
                        ?? throw No("Nobody answers for its trust: who made it is gone.");
                }
            }
            catch (OidcException caught)
            {
                fault = caught;
            }
        }
        // Whose signature holds may read what it says itself.
        throw No(
            subject is not null
                ? $"It holds, and no trust takes its subject '{subject}' and its other claims."
                : fault!.Message
        );
    }

    public void Dispose()
    {
        foreach (var issuer in known.Values)
        {
            issuer.Dispose();
        }
        outside.Dispose();
        inside.Dispose();
    }

    private OidcIssuer Of(string issuer, bool isInside) =>
        known.GetOrAdd((issuer, isInside), key => new(key.Issuer, key.IsInside ? inside : outside, world));

    /// <summary>Whom it names, which is not believed yet; null when it is no token.</summary>
    private static string? Issuer(string shown)
    {
        if (shown.Length > LettersMax)
        {
            return null;
        }
        try
        {
            return new JsonWebToken(shown).Issuer is { Length: > 0 } issuer ? issuer.TrimEnd('/') : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static HttpClient Client(AddressKind most) =>
        new(OutboundGuard.Handler(most)) { Timeout = AskMax, MaxResponseContentBufferSize = AnswerBytesMax };

    private static Refused No(string why) =>
        new(
            StatusCodes.Status401Unauthorized,
            new Problem(
                "access.bad-foreign-token",
                What: "The token of another issuer is not good here.",
                Why: why,
                Fix: "See whose tokens are: fairlead trust list"
            )
            {
                Trouble = Trouble.NotAllowed,
            }
        );
}
