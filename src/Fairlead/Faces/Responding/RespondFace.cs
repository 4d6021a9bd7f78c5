using System.Net;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Telling;
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
        app.MapGet(AnswerLinks.Folder + "{token}", (string token, HttpContext http) => ShowAsync(engine, token, http))
            .WithMetadata(EndpointPolicy.Everybody);
        app.MapPost(
                AnswerLinks.Folder + "{token}",
                (string token, HttpContext http) => AnswerAsync(engine, token, http)
            )
            .WithMetadata(EndpointPolicy.Everybody);
    }

    private static async Task<IResult> ShowAsync(EngineContext engine, string token, HttpContext http)
    {
        if (await engine.Server.Response.Links.ReadAsync(token, http.RequestAborted) is not { } who)
        {
            return Page(
                http,
                StatusCodes.Status404NotFound,
                "This link is not good",
                "It is older than a week, or incomplete.",
                false
            );
        }
        try
        {
            var incident = await AnswerIncident.FindAsync(engine, who, http.RequestAborted);
            var state = incident.Commander is { } leads ? $"{leads} looks at it." : "Nobody looks at it yet.";
            var body =
                incident.State == "resolved"
                    ? "It is over."
                    : $"{state} Since {incident.StartedAt:yyyy-MM-dd HH:mm} UTC.";
            return Page(
                http,
                StatusCodes.Status200OK,
                $"Incident {incident.Incident}: {incident.Title}",
                body,
                incident.State != "resolved" && incident.AcknowledgedAt is null
            );
        }
        catch (ProblemException caught)
        {
            return Page(http, StatusCodes.Status404NotFound, caught.Problem.What, caught.Problem.Why, false);
        }
    }

    private static async Task<IResult> AnswerAsync(EngineContext engine, string token, HttpContext http)
    {
        if (await engine.Server.Response.Links.ReadAsync(token, http.RequestAborted) is not { } who)
        {
            return Page(
                http,
                StatusCodes.Status404NotFound,
                "This link is not good",
                "It is older than a week, or incomplete.",
                false
            );
        }
        try
        {
            var incident = await AnswerIncident.AcknowledgeAsync(engine, who, http.RequestAborted);
            return Page(
                http,
                StatusCodes.Status200OK,
                $"Incident {incident.Incident}: {incident.Title}",
                $"{incident.Commander} looks at it. Nobody else is woken.",
                false
            );
        }
        catch (ProblemException caught)
        {
            return Page(http, StatusCodes.Status409Conflict, caught.Problem.What, caught.Problem.Why, false);
        }
    }

    private static IResult Page(HttpContext http, int status, string title, string text, bool hasButton)
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
            <title>{WebUtility.HtmlEncode(title)}</title>
            <main>
            <h1>{WebUtility.HtmlEncode(title)}</h1>
            <p>{WebUtility.HtmlEncode(text)}</p>
            {button}
            </main>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status
        );
    }
}
