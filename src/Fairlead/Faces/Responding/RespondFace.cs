using System.Net;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Http;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Responding;

/// <summary>
/// Where links of notifications lead: a page that says what is wrong, with a button to say that one looks at it. Opening the page changes
/// nothing, for programs that check mails open every link. The link itself is the proof, so it is for everybody.
/// </summary>
internal static class RespondFace
{
    private const string Policy =
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; style-src 'none'";

    public static void Map(WebApplication app, EngineContext engine)
    {
        const string place = AnswerIncident.Folder + "{token}";
        app.MapGet(place, (string token, HttpContext http) => ShowAsync(engine, token, http, http.RequestAborted))
            .WithMetadata(EndpointPolicy.Everybody);
        app.MapPost(place, (string token, HttpContext http) => AnswerAsync(engine, token, http, http.RequestAborted))
            .WithMetadata(EndpointPolicy.Everybody);
    }

    private static async Task<IResult> ShowAsync(
        EngineContext engine,
        string token,
        HttpContext http,
        CancellationToken stop
    )
    {
        try
        {
            if (await AnswerIncident.FindAsync(engine, token, stop) is not { } incident)
            {
                return Unknown(http);
            }
            var isOver = incident.State == "resolved";
            var state = incident.Commander is { } leads ? $"{leads} looks at it." : "Nobody looks at it yet.";
            return Page(
                http,
                StatusCodes.Status200OK,
                (
                    $"Incident {incident.Incident}: {incident.Title}",
                    isOver ? "It is over." : $"{state} Since {incident.StartedAt:yyyy-MM-dd HH:mm} UTC."
                ),
                !isOver && incident.AcknowledgedAt is null
            );
        }
        catch (ProblemException caught)
        {
            return Page(
                http,
                StatusCodes.Status404NotFound,
                (caught.Problem.What, caught.Problem.Why),
                hasButton: false
            );
        }
    }

    private static async Task<IResult> AnswerAsync(
        EngineContext engine,
        string token,
        HttpContext http,
        CancellationToken stop
    )
    {
        try
        {
            return await AnswerIncident.AcknowledgeAsync(engine, token, stop) is { } incident
                ? Page(
                    http,
                    StatusCodes.Status200OK,
                    (
                        $"Incident {incident.Incident}: {incident.Title}",
                        $"{incident.Commander} looks at it. Nobody else is woken."
                    ),
                    hasButton: false
                )
                : Unknown(http);
        }
        catch (ProblemException caught)
        {
            return Page(
                http,
                StatusCodes.Status409Conflict,
                (caught.Problem.What, caught.Problem.Why),
                hasButton: false
            );
        }
    }

    private static IResult Unknown(HttpContext http) =>
        Page(
            http,
            StatusCodes.Status404NotFound,
            ("This link is not good", "It is older than a week, or incomplete."),
            hasButton: false
        );

    private static IResult Page(HttpContext http, int status, (string Title, string Text) said, bool hasButton)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-store";
        var button = hasButton ? "<form method=\"post\"><button>I look at it</button></form>" : "";
        return Results.Content(
            $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>{WebUtility.HtmlEncode(said.Title)}</title>
            <main>
            <h1>{WebUtility.HtmlEncode(said.Title)}</h1>
            <p>{WebUtility.HtmlEncode(said.Text)}</p>
            {button}
            </main>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status
        );
    }
}
