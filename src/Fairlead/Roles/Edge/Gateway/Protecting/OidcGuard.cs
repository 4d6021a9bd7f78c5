using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Oidc;

namespace Fairlead.Roles.Edge.Gateway.Protecting;

/// <summary>Lets in who has signed in at an OpenID provider, and sends others there.</summary>
internal sealed class OidcGuard(OidcPolicy policy, OidcPlace place, OidcProvider provider, World world, ILogger log)
    : IGuard
{
    private const string Session = "session";
    private const string Pending = "sign-in";
    private const int ReturnLettersMax = 1_000;

    private static readonly TimeSpan SignInMax = TimeSpan.FromMinutes(10);

    // What was sealed for one provider opens for no other.
    private readonly string purpose = $"{place.Site} {policy.Issuer} {policy.ClientId}";

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        var headers = trip.Http.Request.Headers;
        headers.Remove(BasicGuard.UserHeader);
        if (trip.Door is Door.Internal || (place.IsForPreviewsOnly && !trip.Visit!.IsPreview)) // Set by Greeting.
        {
            return ValueTask.FromResult(false);
        }
        if (trip.Path.StartsWith(place.Path, StringComparison.Ordinal))
        {
            return new(AnswerOwnAsync(trip, trip.Aborted));
        }
        if (Open<Person>(trip.Http, Session) is { } person && person.Until > world.Now)
        {
            if (!person.IsLetInBy(policy))
            {
                return new(SayAsync(trip.Http, 403, $"{person.Name} may not come here.", stop));
            }
            Cookies.Strip(headers);
            headers[BasicGuard.UserHeader] = person.Name;
            return ValueTask.FromResult(false);
        }
        return new(SendAwayAsync(trip, stop));
    }

    private Task<bool> AnswerOwnAsync(Trip trip, CancellationToken stop) =>
        trip.Path[place.Path.Length..] switch
        {
            "callback" => GuardedAsync(trip, WelcomeAsync, stop),
            "logout" => GuardedAsync(trip, GoodbyeAsync, stop),
            _ => SayAsync(trip.Http, StatusCodes.Status404NotFound, "There is nothing here.", stop),
        };

    private Task<bool> SendAwayAsync(Trip trip, CancellationToken stop)
    {
        var request = trip.Http.Request;
        // Only a page that a person looks at can sign in; a program is told what is missing.
        var isPage =
            HttpMethods.IsGet(request.Method)
            && request.Headers.Accept.Any(one => one?.Contains("text/html", StringComparison.Ordinal) == true);
        return isPage
            ? GuardedAsync(trip, BeginAsync, stop)
            : SayAsync(trip.Http, StatusCodes.Status401Unauthorized, "Sign in with a browser first.", stop);
    }

    private async Task<bool> BeginAsync(Trip trip, CancellationToken stop)
    {
        var http = trip.Http;
        var signIn = SignIn.New(trip.Target.Length <= ReturnLettersMax ? trip.Target : "/", world.Now + SignInMax);
        var url = await provider.SignInUrlAsync(signIn, Callback(http.Request), stop);
        Cookies.Set(http, Pending, place.Sealer.Seal(signIn, purpose + Pending), SignInMax);
        return Redirect(http, url);
    }

    private async Task<bool> WelcomeAsync(Trip trip, CancellationToken stop)
    {
        var http = trip.Http;
        var query = http.Request.Query;
        var signIn = Open<SignIn>(http, Pending);
        Cookies.Drop(http, Pending);
        if (signIn is null || signIn.Until <= world.Now || !signIn.Is(query["state"]))
        {
            return await SayAsync(http, 400, "This sign-in was not begun here, or too long ago. Begin anew.", stop);
        }
        if (query["code"] is not [{ Length: > 0 } code])
        {
            return await SayAsync(http, StatusCodes.Status403Forbidden, "The provider did not sign you in.", stop);
        }
        var word = await provider.WordAsync(signIn, code, Callback(http.Request), stop);
        var person = Person.Of(word, policy, world.Now + policy.Session);
        if (!person.IsLetInBy(policy))
        {
            return await SayAsync(http, StatusCodes.Status403Forbidden, $"{person.Name} may not come here.", stop);
        }
        Cookies.Set(http, Session, place.Sealer.Seal(person, purpose + Session), policy.Session);
        // Two slashes would lead to another host.
        return Redirect(http, $"/{signIn.Return.TrimStart('/', '\\')}");
    }

    private async Task<bool> GoodbyeAsync(Trip trip, CancellationToken stop)
    {
        Cookies.Drop(trip.Http, Session);
        return await provider.SignOutUrlAsync(stop) is { } url
            ? Redirect(trip.Http, url)
            : await SayAsync(trip.Http, StatusCodes.Status200OK, "You are signed out.", stop);
    }

    private async Task<bool> GuardedAsync(
        Trip trip,
        Func<Trip, CancellationToken, Task<bool>> answer,
        CancellationToken stop
    )
    {
        try
        {
            return await answer(trip, stop);
        }
        catch (OidcException caught)
        {
            log.SignInFailed(place.Site, policy.Issuer, caught.Message);
            return await SayAsync(trip.Http, 502, "The sign-in did not work. Its reason is in the edge's log.", stop);
        }
    }

    private T? Open<T>(HttpContext http, string word)
        where T : class =>
        http.Request.Cookies.TryGetValue(Cookies.Name(http.Request, word), out var value)
            ? place.Sealer.Open<T>(value, purpose + word)
            : null;

    private string Callback(HttpRequest request) => $"{request.Scheme}://{request.Host}{place.Path}callback";

    private static bool Redirect(HttpContext http, string url)
    {
        http.Response.StatusCode = StatusCodes.Status302Found;
        http.Response.Headers.Location = url;
        http.Response.Headers.CacheControl = "no-store";
        return true;
    }

    private static async Task<bool> SayAsync(HttpContext http, int status, string text, CancellationToken stop)
    {
        await Answers.WriteAsync(http, status, text, stop);
        return true;
    }
}

/// <summary>What a protection stands before.</summary>
/// <param name="Path">Where the edge itself answers, such as <c>/.fairlead/oidc/</c>.</param>
internal sealed record OidcPlace(Site Site, string Path, bool IsForPreviewsOnly, Sealer Sealer);
