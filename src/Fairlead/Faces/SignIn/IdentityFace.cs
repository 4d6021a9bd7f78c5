using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.State;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.SignIn;

/// <summary>
/// The pages on which people sign in, and what their script asks. All of its places are in <see cref="Places"/>: those that are
/// open to everybody, and those that need a session, which the door has looked at before.
/// </summary>
internal sealed class IdentityFace
{
    private const int BodyBytesMax = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private readonly IdentityDesk desk;
    private readonly Sealer sealer;
    private readonly World world;
    private readonly PasskeyDesk passkeys;

    private IdentityFace(IdentityDesk desk, Sealer sealer, World world) =>
        (this.desk, this.sealer, this.world, passkeys) = (desk, sealer, world, new(desk.SignIn.PersonAsync, world));

    /// <summary>Places for everybody: there somebody becomes known, or nothing is told of anybody.</summary>
    public static IReadOnlySet<string> Open { get; } =
        new HashSet<string>(StringComparer.Ordinal)
        {
            "/.well-known/security.txt",
            "/account",
            "/identity.css",
            "/identity.js",
            "/identity/accept",
            "/identity/invitation",
            "/identity/invitation/passkey",
            "/identity/sign-in/ask",
            "/identity/sign-in/passkey",
            "/identity/sign-in/password",
            "/identity/sign-out",
            "/sign-in",
            OidcCalls.Begin,
            OidcCalls.Callback,
            "/welcome",
        };

    /// <param name="variable">The server's environment.</param>
    public static void Map(
        WebApplication app,
        IdentityDesk desk,
        Sealer sealer,
        Func<string, string?> variable,
        World world
    )
    {
        var face = new IdentityFace(desk, sealer, world);
        app.Lifetime.ApplicationStopped.Register(face.passkeys.Dispose);
        var places = app.MapGroup("");
        ((IEndpointConventionBuilder)places).Add(Admit);
        face.MapPages(places, variable);
        var oidc = new OidcCalls(desk, sealer, world);
        app.Lifetime.ApplicationStopped.Register(oidc.Dispose);
        places.MapGet(OidcCalls.Begin, http => oidc.BeginAsync(http, http.RequestAborted));
        places.MapGet(OidcCalls.Callback, http => oidc.ComeBackAsync(http, http.RequestAborted));
        foreach (var (path, answer) in face.Places())
        {
            places.MapPost(path, http => AnswerAsync(http, answer, http.RequestAborted));
        }
    }

    private static void Admit(EndpointBuilder place) =>
        place.Metadata.Add(
            place is RouteEndpointBuilder { RoutePattern.RawText: { } path } && Open.Contains(path)
                ? EndpointPolicy.Everybody
                : EndpointPolicy.AnybodyKnown
        );

    private IEnumerable<(string Path, Answer Answer)> Places() =>
        [
            ("/identity/invitation", On<LinkBody>(InvitationAsync)),
            ("/identity/invitation/passkey", On<LinkBody>(AskInviteeAsync)),
            ("/identity/accept", On<AcceptBody>(AcceptAsync)),
            ("/identity/sign-in/ask", On<NoBody>(AskAnybodyAsync)),
            ("/identity/sign-in/passkey", On<PasskeyBody>(SignInByPasskeyAsync)),
            ("/identity/sign-in/password", On<PasswordBody>(SignInByPasswordAsync)),
            ("/identity/sign-out", On<NoBody>(SignOutAsync)),
            ("/identity/prove/ask", On<NoBody>(AskAgainAsync)),
            ("/identity/prove/passkey", On<PasskeyBody>(ProveByPasskeyAsync)),
            ("/identity/prove/code", On<CodeBody>(ProveByCodeAsync)),
            ("/identity/prove/password", On<OwnPasswordBody>(ProveByPasswordAsync)),
            ("/identity/passkeys/ask", On<NoBody>(AskForNewAsync)),
            ("/identity/passkeys/add", On<PasskeyBody>(AddPasskeyAsync)),
            (
                "/identity/passkeys/remove",
                On<IdBody>((call, body, stop) => desk.Account.RemovePasskeyAsync(call.Secret, body.Id ?? "", stop))
            ),
            ("/identity/password/set", On<NewPasswordBody>(SetPasswordAsync)),
            (
                "/identity/password/remove",
                On<NoBody>((call, _, stop) => desk.Account.RemovePasswordAsync(call.Secret, stop))
            ),
            ("/identity/authenticator/begin", On<NoBody>(BeginAuthenticatorAsync)),
            ("/identity/authenticator/add", On<CodeBody>(AddAuthenticatorAsync)),
            (
                "/identity/authenticator/remove",
                On<NoBody>((call, _, stop) => desk.Account.RemoveAuthenticatorAsync(call.Secret, stop))
            ),
            (
                "/identity/sessions/end",
                On<IdBody>((call, body, stop) => desk.Account.EndSessionAsync(call.Secret, body.Id, stop))
            ),
        ];

    private async Task<JsonObject> InvitationAsync(Call call, LinkBody body, CancellationToken stop)
    {
        var invitation = await desk.Invitations.FindAsync(body.Token, stop);
        return new()
        {
            ["name"] = invitation.Name,
            ["email"] = invitation.Email,
            ["isOwner"] = invitation.Grants.Contains(new Grant("owner")),
        };
    }

    private async Task<JsonObject> AskInviteeAsync(Call call, LinkBody body, CancellationToken stop)
    {
        var invitation = await desk.Invitations.FindAsync(body.Token, stop);
        var name = invitation.Name ?? body.Name ?? "";
        return Of(
            await passkeys.AskForNewAsync(
                call.Http,
                (world.NewId(), invitation.Email ?? body.Email ?? name, name),
                stop
            )
        );
    }

    private async Task<JsonObject> AcceptAsync(Call call, AcceptBody body, CancellationToken stop)
    {
        // Before the passkey: a bad link must not use up a question.
        await desk.Invitations.FindAsync(body.Token, stop);
        var (id, passkey) = body.Passkey is { } answer
            ? await passkeys.CheckNewAsync(call.Http, answer, "First passkey", stop)
            : (world.NewId(), null);
        return In(
            call,
            await desk.Invitations.AcceptAsync(
                body.Token,
                (id, body.Name, body.Email),
                new FirstWay(body.Password, passkey),
                call.Visitor,
                stop
            )
        );
    }

    private async Task<JsonObject> AskAnybodyAsync(Call call, NoBody body, CancellationToken stop) =>
        Of(await passkeys.AskAsync(call.Http, person: null, stop));

    private async Task<JsonObject> SignInByPasskeyAsync(Call call, PasskeyBody body, CancellationToken stop)
    {
        var succeeded = desk.SignIn.Enter(call.Visitor);
        try
        {
            var (owner, passkey) = await passkeys.CheckAsync(call.Http, body.Passkey, stop);
            succeeded();
            return In(call, await desk.SignIn.ByPasskeyAsync(owner, passkey, call.Visitor, stop));
        }
        catch (ProblemException caught) when (caught.Problem.Code == "identity.passkey-refused")
        {
            await desk.SignIn.RefusedAsync("passkey", call.Visitor, stop);
            throw;
        }
    }

    private async Task<JsonObject> SignInByPasswordAsync(Call call, PasswordBody body, CancellationToken stop) =>
        await desk.SignIn.ByPasswordAsync((body.Email, body.Password, body.Code), call.Visitor, stop) is { } signedIn
            ? In(call, signedIn)
            : new() { ["needsCode"] = true };

    private async Task<JsonObject> SignOutAsync(Call call, NoBody body, CancellationToken stop)
    {
        await desk.SignIn.SignOutAsync(call.Secret, stop);
        Browser.Forget(call.Http);
        return new() { ["ok"] = true };
    }

    private async Task<JsonObject> AskAgainAsync(Call call, NoBody body, CancellationToken stop) =>
        Of(await passkeys.AskAsync(call.Http, (await desk.Account.ShowAsync(call.Secret, stop)).Person, stop));

    private async Task ProveByPasskeyAsync(Call call, PasskeyBody body, CancellationToken stop)
    {
        var (owner, passkey) = await passkeys.CheckAsync(call.Http, body.Passkey, stop);
        await desk.SignIn.ProveByPasskeyAsync(call.Secret, owner, passkey, stop);
    }

    private Task ProveByCodeAsync(Call call, CodeBody body, CancellationToken stop) =>
        desk.SignIn.ProveByCodeAsync(call.Secret, body.Code, call.Visitor, stop);

    private Task ProveByPasswordAsync(Call call, OwnPasswordBody body, CancellationToken stop) =>
        desk.SignIn.ProveByPasswordAsync(call.Secret, body.Password, call.Visitor, stop);

    private async Task<JsonObject> AskForNewAsync(Call call, NoBody body, CancellationToken stop)
    {
        var person = await desk.Account.NeedFreshAsync(call.Secret, stop);
        return Of(await passkeys.AskForNewAsync(call.Http, (person.Id, person.Email, person.Name), stop));
    }

    private async Task AddPasskeyAsync(Call call, PasskeyBody body, CancellationToken stop)
    {
        var person = await desk.Account.NeedFreshAsync(call.Secret, stop);
        var (owner, passkey) = await passkeys.CheckNewAsync(call.Http, body.Passkey, body.Name?.Trim() ?? "", stop);
        if (owner != person.Id)
        {
            throw new InvalidOperationException("The question was somebody else's.");
        }
        await desk.Account.AddPasskeyAsync(call.Secret, passkey, stop);
    }

    private async Task<JsonObject> SetPasswordAsync(Call call, NewPasswordBody body, CancellationToken stop) =>
        In(call, await desk.Account.SetPasswordAsync(call.Secret, body.Password, call.Visitor, stop));

    private async Task<JsonObject> BeginAuthenticatorAsync(Call call, NoBody body, CancellationToken stop)
    {
        var (link, made) = await desk.Account.BeginAuthenticatorAsync(call.Secret, stop);
        return new()
        {
            ["link"] = link,
            ["sealed"] = made,
            ["picture"] = QrPicture.Of(link),
        };
    }

    private async Task<JsonObject> AddAuthenticatorAsync(Call call, CodeBody body, CancellationToken stop)
    {
        var codes = await desk.Account.AddAuthenticatorAsync(call.Secret, body.Sealed ?? "", body.Code, stop);
        return new() { ["codes"] = new JsonArray([.. codes.Select(code => JsonValue.Create(code))]) };
    }

    private JsonObject In(Call call, SignedIn signedIn)
    {
        Browser.Remember(call.Http, sealer, signedIn, call.Visitor.Device?.Split('/')[^1] ?? world.NewId());
        return new() { ["name"] = signedIn.Person.Name };
    }

    private static JsonObject Of(Asked asked) =>
        new() { ["challenge"] = asked.Challenge, ["options"] = JsonNode.Parse(asked.Options) };

    private void MapPages(IEndpointRouteBuilder places, Func<string, string?> variable)
    {
        places.MapGet("/identity.css", () => Page.Asset("identity.css", "text/css"));
        places.MapGet("/identity.js", () => Page.Asset("identity.js", "text/javascript"));
        places.MapGet("/welcome", http => Page.WriteAsync(http, Page.Welcome(), http.RequestAborted));
        places.MapGet(
            "/sign-in",
            async http =>
                await Page.WriteAsync(
                    http,
                    Page.SignIn(await desk.Providers.AllAsync(http.RequestAborted)),
                    http.RequestAborted
                )
        );
        places.MapGet(
            "/account",
            async http =>
            {
                var secret = Browser.SecretOf(http.Request);
                if (await desk.SignIn.KnowAsync(secret, http.RequestAborted) is null)
                {
                    http.Response.Redirect("/sign-in");
                    return;
                }
                var view = await desk.Account.ShowAsync(secret, http.RequestAborted);
                await Page.WriteAsync(
                    http,
                    AccountPage.Of(view, http.Request.Query.ContainsKey("to")),
                    http.RequestAborted
                );
            }
        );
        places.MapGet(
            "/.well-known/security.txt",
            () => SecurityText.Of(variable("FAIRLEAD_SECURITY_CONTACT"), world.Now)
        );
    }

    private Answer On<T>(Func<Call, T, CancellationToken, Task<JsonObject>> answer) =>
        async (http, body, stop) =>
            await answer(
                new(http, Browser.SecretOf(http.Request), Browser.Of(http, sealer)),
                body.Deserialize<T>(Json) ?? throw new JsonException("It is null."),
                stop
            );

    private Answer On<T>(Func<Call, T, CancellationToken, Task> answer) =>
        On<T>(
            async (call, body, stop) =>
            {
                await answer(call, body, stop);
                return new JsonObject { ["ok"] = true };
            }
        );

    private static async Task AnswerAsync(HttpContext http, Answer answer, CancellationToken stop)
    {
        SameOrigin.Check(http.Request);
        if (!http.Request.HasJsonContentType())
        {
            throw new Refused(StatusCodes.Status415UnsupportedMediaType, Problems.NotJson(http.Request));
        }
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = BodyBytesMax;
        try
        {
            var body = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: stop) as JsonObject;
            var said = await answer(http, body ?? throw new JsonException("It is no object."), stop);
            http.Response.Headers.CacheControl = "no-store";
            await http.Response.WriteAsJsonAsync(said, stop);
        }
        catch (JsonException caught)
        {
            throw new Refused(StatusCodes.Status400BadRequest, Problems.BadJson(caught));
        }
    }

    private delegate Task<JsonObject> Answer(HttpContext http, JsonObject body, CancellationToken stop);

    /// <param name="Secret">What the browser holds of a session.</param>
    private sealed record Call(HttpContext Http, string? Secret, Visitor Visitor);
}
