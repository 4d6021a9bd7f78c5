using System.Collections.Concurrent;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.State;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Oidc;

namespace Fairlead.Faces.SignIn;

/// <summary>Sends people to an identity provider, and takes them in when they come back with its word.</summary>
internal sealed class OidcCalls(IdentityDesk desk, Sealer sealer, World world) : IDisposable
{
    public const string Begin = "/sign-in/oidc";
    public const string Callback = "/sign-in/oidc/callback";

    private const string Pending = "oidc";
    private const int AnswerBytesMax = 1 << 20;
    private static readonly TimeSpan SignInMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(15);

    private readonly HttpClient outside = Client(AddressKind.Public);
    private readonly HttpClient inside = Client(AddressKind.Inside);
    private readonly ConcurrentDictionary<string, OidcProvider> known = new(StringComparer.Ordinal);

    public async Task BeginAsync(HttpContext http, CancellationToken stop)
    {
        var provider = await desk.Providers.FindAsync(http.Request.Query["with"].ToString(), stop);
        var signIn = Fairlead.Oidc.SignIn.New(provider.Name, world.Now + SignInMax);
        try
        {
            var url = await Of(provider).SignInUrlAsync(signIn, CallbackOf(http.Request), stop);
            Browser.Set(http, Pending, sealer.Seal(signIn, Pending), SignInMax);
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Redirect(url);
        }
        catch (OidcException caught)
        {
            throw new ProblemException(Failed(provider, caught.Message), caught);
        }
    }

    public async Task ComeBackAsync(HttpContext http, CancellationToken stop)
    {
        var visitor = Browser.Of(http, sealer);
        var succeeded = desk.SignIn.Enter(visitor);
        var query = http.Request.Query;
        var signIn = http.Request.Cookies[Browser.Name(http.Request, Pending)] is { } text
            ? sealer.Open<Fairlead.Oidc.SignIn>(text, Pending)
            : null;
        Browser.Set(http, Pending, "", TimeSpan.Zero);
        if (signIn is null || signIn.Until <= world.Now || !signIn.Is(query["state"]))
        {
            throw new ProblemException(NotBegun());
        }
        var provider = await desk.Providers.FindAsync(signIn.Return, stop);
        // RFC 9207: an answer of another provider is not for this one.
        if (query["iss"] is [{ } issuer] && issuer.TrimEnd('/') != provider.Issuer)
        {
            throw new ProblemException(Failed(provider, $"The answer came from {issuer}."));
        }
        if (query["code"] is not [{ Length: > 0 } code])
        {
            throw new ProblemException(Failed(provider, $"It says '{Short(query["error"].ToString())}'."));
        }
        try
        {
            var word = await Of(provider).WordAsync(signIn, code, CallbackOf(http.Request), stop);
            var signedIn = await desk.Providers.SignInAsync(
                provider,
                new ProviderWord(
                    word.Subject,
                    word.Name,
                    word.IsEmailVerified is true ? word.Email : null,
                    word.Groups
                ),
                visitor,
                stop
            );
            succeeded();
            Browser.Remember(http, sealer, signedIn, visitor.Device?.Split('/')[^1] ?? world.NewId());
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Redirect("/ui/");
        }
        catch (OidcException caught)
        {
            await desk.SignIn.RefusedAsync(provider.Name, visitor, stop);
            throw new ProblemException(Failed(provider, caught.Message), caught);
        }
    }

    public void Dispose()
    {
        foreach (var provider in known.Values)
        {
            provider.Dispose();
        }
        outside.Dispose();
        inside.Dispose();
    }

    // What was set anew is another key, with a memory of its own; those set are few.
    private OidcProvider Of(IdentityProvider provider) =>
        known.GetOrAdd(
            JsonSerializer.Serialize(provider),
            (_, one) =>
                new OidcProvider(
                    new OidcClient(
                        one.Issuer,
                        one.ClientId,
                        () => desk.Providers.SecretOf(one),
                        one.Groups.Count > 0 ? ["openid", "email", "profile", "groups"] : ["openid", "email", "profile"]
                    ),
                    one.IsInside ? inside : outside,
                    world
                ),
            provider
        );

    private static HttpClient Client(AddressKind most) =>
        new(OutboundGuard.Handler(most)) { Timeout = AskMax, MaxResponseContentBufferSize = AnswerBytesMax };

    private static string CallbackOf(HttpRequest request) => SameOrigin.OriginOf(request) + Callback;

    private static string Short(string text) => text.Length <= 60 ? text : text[..60];

    private static Problem NotBegun() =>
        new(
            "identity.not-begun",
            What: "You are not signed in.",
            Why: "This sign-in was not begun in this browser, or more than ten minutes ago.",
            Fix: "Begin anew: /sign-in"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Failed(IdentityProvider provider, string why) =>
        new(
            "identity.provider-failed",
            What: $"{provider.Name} did not sign you in.",
            Why: why,
            Fix: "Try again; when it stays so, an owner looks at: fairlead idp list"
        )
        {
            Trouble = Trouble.NotAllowed,
        };
}
