using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Live;
using Fairlead.Faces.Dashboard.Parts;
using Fairlead.Faces.Http;
using Fairlead.Faces.SignIn;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Faces.Dashboard;

/// <summary>
/// The dashboard: pages made here of what operations answer, and forms that ask for operations. Whoever looks passes the same gate as
/// whoever types, so there is nothing to be had here that the API does not give.
/// </summary>
internal sealed class DashboardFace : IDisposable
{
    /// <summary>All of its places.</summary>
    public const string Folder = "/ui/";

    // Pages of ours: forms go to us alone, fonts come from us, and the one script may make HTML of what we send by its own policy.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
        + "trusted-types fairlead";

    private readonly Gatekeeper gatekeeper;
    private readonly World world;
    private readonly Painter painter = new();
    private readonly LiveDesk live;
    private readonly Acting acting;
    private readonly FormProof proof = new();

    private DashboardFace(EngineContext engine, Gatekeeper gatekeeper, CancellationToken stopping)
    {
        (this.gatekeeper, world) = (gatekeeper, engine.World);
        live = new(new Pulse(engine.Server.Store, world), world, stopping);
        acting = new(gatekeeper, proof);
    }

    /// <summary>The state is one of simulated apps.</summary>
    public bool IsDemo { get; init; }

    public static void Map(WebApplication app, EngineContext engine, Gatekeeper gatekeeper, bool isDemo)
    {
        var face = new DashboardFace(engine, gatekeeper, app.Lifetime.ApplicationStopping) { IsDemo = isDemo };
        app.Lifetime.ApplicationStopped.Register(face.Dispose);
        AssetShelf.Map(app, static one => one.WithMetadata(EndpointPolicy.Everybody));
        app.MapGet("/", http => face.AnswerAsync(http, AllPages.Home, http.RequestAborted))
            .WithMetadata(EndpointPolicy.AnybodyKnown);
        foreach (var page in AllPages.Entries)
        {
            app.MapGet(page.Route, http => face.AnswerAsync(http, page, http.RequestAborted))
                .WithMetadata(
                    page.OnAll is { } permission ? EndpointPolicy.AskedOnAll(permission) : EndpointPolicy.AnybodyKnown
                );
        }
        app.MapPost(Acting.Path, http => face.ActAsync(http, http.RequestAborted))
            .WithMetadata(EndpointPolicy.AnybodyKnown);
        app.MapGet(Palette.Path, http => face.NamesAsync(http, http.RequestAborted))
            .WithMetadata(EndpointPolicy.AnybodyKnown);
        app.MapGet(Folder + "{*rest}", http => face.NowhereAsync(http, http.RequestAborted))
            .WithMetadata(EndpointPolicy.AnybodyKnown);
    }

    public void Dispose() => painter.Dispose();

    /// <summary>Whether somebody unknown asks for a page or sends a form of one, and so is better shown where to sign in than told a problem in JSON.</summary>
    public static bool IsForPerson(HttpRequest request) =>
        (request.Path == "/" || request.Path.StartsWithSegments("/ui", StringComparison.Ordinal))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>Sends somebody to sign in, and back afterwards.</summary>
    public static Task SignInAsync(HttpContext http, CancellationToken stop)
    {
        var isForm = !HttpMethods.IsGet(http.Request.Method);
        // What was in a form is not kept: nobody acts under a session that another began.
        var to = isForm ? Local(http.Request.Headers.Referer.ToString()) : http.Request.Path + http.Request.QueryString;
        return GoAsync(http, $"/sign-in?to={Uri.EscapeDataString(to)}{(isForm ? "&ended=yes" : "")}", stop);
    }

    private static string Local(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var known)
        && known.AbsolutePath.StartsWith(Folder, StringComparison.Ordinal)
            ? known.PathAndQuery
            : Folder;

    internal static Task GoAsync(HttpContext http, string to, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = to;
        http.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(HttpContext http, IPage page, CancellationToken stop)
    {
        var (caller, place) = (Door.CallerOf(http), PlaceOf(http));
        var session = Browser.SecretOf(http.Request);
        if (http.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal))
        {
            var shown = place with { Path = place.With("seen", null) };
            await live.FollowAsync(
                http,
                $"{caller.Kind}/{caller.Id}/{proof.Of(session)}/{shown.Path}",
                async ending =>
                {
                    var (frame, _) = await ReadAsync(page, shown, caller, session, ending);
                    return (Texts.TitleOf(frame.Seen.Answer), await painter.MainAsync(frame, ending));
                },
                stop
            );
            return;
        }
        var (seen, status) = await ReadAsync(page, place, caller, session, stop);
        if (place.Asked("as") == "json")
        {
            await http.Response.WriteAsJsonAsync(
                new JsonArray([
                    .. seen.Asking.Asked.Select(static one => new JsonObject
                    {
                        ["operation"] = one.Operation.Name,
                        ["input"] = one.Input.DeepClone(),
                        ["output"] = one.Answer.DeepClone(),
                    }),
                ]),
                stop
            );
            return;
        }
        await WriteAsync(
            http,
            place.Asked("did") is { } did && place.Asked("by") == proof.MarkOf(session, did)
                ? seen with
                {
                    Told = AllPages.Told(did),
                    Undo = Undoing.Of(did, place),
                }
                : seen,
            status,
            stop
        );
    }

    private async Task<(Frame Frame, int Status)> ReadAsync(
        IPage page,
        Place place,
        Principal caller,
        string? session,
        CancellationToken stop
    )
    {
        var asking = new Asking(gatekeeper, caller, world);
        var sign = proof.Of(session);
        try
        {
            var seen = await page.ReadAsync(asking, place, stop);
            return (
                new(seen, page, place, asking, sign) { IsDemo = IsDemo, IsLive = page.IsLive },
                StatusCodes.Status200OK
            );
        }
        catch (ProblemException caught)
        {
            var seen = Seen.Of<ProblemPart>(caught.Problem.What, caught.Problem);
            return (new(seen, page, place, asking, sign) { IsDemo = IsDemo }, Problems.Status(caught.Problem));
        }
    }

    private async Task ActAsync(HttpContext http, CancellationToken stop)
    {
        var caller = Door.CallerOf(http);
        var (back, problem) = await acting.RunAsync(http, caller, stop);
        if (problem is null)
        {
            await GoAsync(http, back, stop);
            return;
        }
        var place = PlaceOf(http) with { Path = back };
        var frame = new Frame(
            Seen.Of<ProblemPart>(problem.What, problem),
            Page: null,
            place,
            new Asking(gatekeeper, caller, world),
            ""
        )
        {
            IsDemo = IsDemo,
            IsLive = false,
        };
        await WriteAsync(http, frame, Problems.Status(problem), stop);
    }

    private async Task NamesAsync(HttpContext http, CancellationToken stop) =>
        await http.Response.WriteAsJsonAsync(
            await Palette.ReadAsync(
                new Asking(gatekeeper, Door.CallerOf(http), world),
                await HiddenAsync(Door.CallerOf(http), stop),
                stop
            ),
            stop
        );

    private async Task<IReadOnlySet<string>> HiddenAsync(Principal caller, CancellationToken stop)
    {
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pages in AllPages.Entries.GroupBy(static one => one.OnAll))
        {
            if (pages.Key is { } permission && !await gatekeeper.MayAllAsync(caller, permission, stop))
            {
                hidden.UnionWith(pages.Select(static one => one.Route));
            }
        }
        return hidden;
    }

    private Task NowhereAsync(HttpContext http, CancellationToken stop)
    {
        var problem = new Problem(
            "dashboard.no-page",
            What: "There is no such page.",
            Why: $"{http.Request.Path} is none of the dashboard's.",
            Fix: "Begin at the overview."
        )
        {
            Trouble = Trouble.NotFound,
        };
        var frame = new Frame(
            Seen.Of<ProblemPart>(problem.What, problem),
            Page: null,
            PlaceOf(http) with
            {
                Path = Folder,
            },
            new Asking(gatekeeper, Door.CallerOf(http), world),
            ""
        )
        {
            IsLive = false,
        };
        return WriteAsync(http, frame, StatusCodes.Status404NotFound, stop);
    }

    private async Task WriteAsync(HttpContext http, Frame frame, int status, CancellationToken stop)
    {
        var whole = frame with { Hidden = await HiddenAsync(frame.Asking.Caller, stop) };
        var html = await painter.WholeAsync(whole, await painter.MainAsync(whole, stop), stop);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-store";
        // With 'no-referrer' browsers would not say where a form of ours comes from.
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        await http.Response.WriteAsync(html, stop);
    }

    private static Place PlaceOf(HttpContext http) =>
        new(
            http.Request.Path + http.Request.QueryString,
            http.Request.RouteValues.ToDictionary(static one => one.Key, static one => $"{one.Value}"),
            http.Request.Query
        );
}
