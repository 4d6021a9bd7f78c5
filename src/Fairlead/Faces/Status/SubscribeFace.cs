using Fairlead.Engine.Operations;
using Fairlead.Faces.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Status;

/// <summary>
/// Where people ask to be told by mail what a status page says, and where links of such mails lead. Opening a page changes nothing, for programs that
/// check mails open every link.
/// </summary>
internal static class SubscribeFace
{
    /// <summary>Below a page.</summary>
    public const string Part = "/subscription";

    private const string Field = "mail";
    private const long BodyBytesMax = 4096;

    public static void Map(WebApplication app, EngineContext engine)
    {
        const string place = StatusFace.Folder + "{page}" + Part;
        app.MapGet(place, (string page, HttpContext http) => AskForm(http, page, engine))
            .WithMetadata(EndpointPolicy.Everybody);
        app.MapPost(place, (string page, HttpContext http) => AskAsync(http, page, engine, http.RequestAborted))
            .WithMetadata(EndpointPolicy.Everybody);
        const string link = place + "/{token}";
        app.MapGet(link, (string token, HttpContext http) => ShowAsync(http, token, engine, http.RequestAborted))
            .WithMetadata(EndpointPolicy.Everybody);
        app.MapPost(link, (string token, HttpContext http) => ChangeAsync(http, token, engine, http.RequestAborted))
            .WithMetadata(EndpointPolicy.Everybody);
    }

    private static IResult AskForm(HttpContext http, string page, EngineContext engine) =>
        StatusSubscriptions.Tells(engine, page)
            ? PlainPage.Of(
                http,
                (
                    "Be told by mail",
                    "You get a mail for each incident's news and for announced work, and a link to leave in each."
                ),
                $"<form method=\"post\"><p><label for=\"{Field}\">Your address</label> <input id=\"{Field}\" name=\"{Field}\" type=\"email\" autocomplete=\"email\" required maxlength=\"254\"></p><p><button>Tell me</button></p></form>"
            )
            : Nobody(http);

    private static async Task<IResult> AskAsync(
        HttpContext http,
        string page,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (!http.Request.HasFormContentType)
        {
            return PlainPage.Of(
                http,
                ("This is not what the form sends", "Go back and try again."),
                "",
                StatusCodes.Status415UnsupportedMediaType
            );
        }
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytesMax;
        var mail = (await http.Request.ReadFormAsync(stop))[Field].ToString().Trim();
        if (!StatusSubscriptions.IsMail(mail))
        {
            return PlainPage.Of(
                http,
                (
                    "This is no address of mail",
                    "It needs a name, an @ and a host, such as ana@example.com. Go back and try again."
                ),
                "",
                StatusCodes.Status400BadRequest
            );
        }
        // The same words whether the address is known or not: nobody can ask who subscribed.
        return await StatusSubscriptions.AskAsync(engine, page, mail, stop)
            ? PlainPage.Of(
                http,
                (
                    "Look into your mail",
                    "If nobody asked for this address a moment ago, there is a mail with a link to confirm."
                ),
                ""
            )
            : Nobody(http);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        string token,
        EngineContext engine,
        CancellationToken stop
    ) =>
        await StatusSubscriptions.FindAsync(engine, token, stop) switch
        {
            null => Unknown(http),
            { IsConfirmed: false } one => PlainPage.Of(
                http,
                ("Be told by mail?", $"What the page {one.Page} says goes to {one.Mail}."),
                PlainPage.Button("Yes, tell me")
            ),
            { } one => PlainPage.Of(
                http,
                ("Leave?", $"What the page {one.Page} says goes to {one.Mail} no more, and the address is forgotten."),
                PlainPage.Button("Tell me no more")
            ),
        };

    private static async Task<IResult> ChangeAsync(
        HttpContext http,
        string token,
        EngineContext engine,
        CancellationToken stop
    ) =>
        await StatusSubscriptions.ChangeAsync(engine, token, stop) switch
        {
            null => Unknown(http),
            { HasLeft: true } gone => PlainPage.Of(http, ("You are told no more", $"{gone.Mail} is forgotten."), ""),
            { } now => PlainPage.Of(
                http,
                ("You will be told", $"What the page {now.Page} says goes to {now.Mail}."),
                ""
            ),
        };

    private static IResult Unknown(HttpContext http) =>
        PlainPage.Of(
            http,
            ("This link is not good", "It is incomplete, too old, or was used to leave."),
            "",
            StatusCodes.Status404NotFound
        );

    private static IResult Nobody(HttpContext http) =>
        PlainPage.Of(
            http,
            ("Nobody is told by mail here", "There is no such page, or it tells nobody by mail. Its RSS feed does."),
            "",
            StatusCodes.Status404NotFound
        );
}
