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

    private static IResult Page(HttpContext http, int status, (string Title, string Text) said, bool hasButton) =>
        PlainPage.Of(http, said, hasButton ? PlainPage.Button("I look at it") : "", status);
}
