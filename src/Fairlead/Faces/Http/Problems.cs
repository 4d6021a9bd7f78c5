using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Http;

/// <summary>Problems as RFC 9457 wants them, with Fairlead's own members beside the standard ones.</summary>
internal static class Problems
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static int Status(Problem problem) =>
        problem.Trouble switch
        {
            Trouble.NotAllowed when problem.RetryAt is not null => StatusCodes.Status429TooManyRequests,
            Trouble.WrongUse => StatusCodes.Status400BadRequest,
            Trouble.NotFound => StatusCodes.Status404NotFound,
            Trouble.NotAllowed or Trouble.NeedsPerson => StatusCodes.Status403Forbidden,
            Trouble.Conflict => StatusCodes.Status409Conflict,
            Trouble.TimedOut => StatusCodes.Status504GatewayTimeout,
            Trouble.Unreachable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status422UnprocessableEntity,
        };

    public static JsonObject Body(int status, IReadOnlyList<Problem> problems)
    {
        var first = problems[0];
        return new()
        {
            ["type"] = $"urn:fairlead:problem:{first.Code}",
            ["title"] = first.What,
            ["status"] = status,
            ["detail"] = first.Why,
            ["code"] = first.Code,
            ["fix"] = first.Fix,
            ["where"] = first.Where,
            // All findings, in the shape in which Fairlead's own parts read them back.
            ["problems"] = JsonSerializer.SerializeToNode(problems, Json),
        };
    }

    public static ProblemException NoSuchPlace(HttpRequest request, IReadOnlyList<Operation> operations)
    {
        var path = request.Path.Value ?? "/";
        var names = operations.Select(operation => $"/api/{operation.Name}");
        return new(
            new Problem(
                "http.no-such-place",
                What: $"There is nothing for {request.Method} {path}.",
                Why: Nearest.To(path, names) is { } meant
                    ? $"Did you mean POST {meant}?"
                    : "Operations are asked as POST /api/{name}.",
                Fix: "Read GET /openapi.json."
            )
            {
                Trouble = Trouble.NotFound,
            }
        );
    }

    public static Problem ForeignHost(string host) =>
        new(
            "http.foreign-host",
            What: $"A request for the host '{host}' is not answered.",
            Why: "The API answers to this machine's own names and to its public address, so that no web page can reach it under a name of its own.",
            Fix: "Ask for 127.0.0.1 or localhost. To let programs elsewhere in: fairlead address set HOST"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NoToken() =>
        new(
            "http.no-token",
            What: "The request does not carry the API's token.",
            Why: "Over TCP every request needs the header 'Authorization: Bearer TOKEN'.",
            Fix: "Sign in: /sign-in. Programs on this machine take the token from the file api-token in the state folder, which its owner alone can read; those elsewhere need one of their own: fairlead token create"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NoPolicy(string path) =>
        new(
            "http.no-policy",
            What: $"{path} is refused to everybody.",
            Why: "Nothing says who may use it, and what nobody said is refused.",
            Fix: "This is a mistake in Fairlead: report it."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NotJson(HttpRequest request) =>
        Wrong(
            "http.not-json",
            "The request's body is not declared as JSON.",
            $"Its content type is '{request.ContentType}'.",
            "Send Content-Type: application/json."
        );

    public static Problem NotAnObject() =>
        Wrong(
            "http.not-an-object",
            "The request's body is no JSON object.",
            "Input has names.",
            "Send {} for no input."
        );

    public static Problem BadJson(JsonException caught) =>
        Wrong("http.bad-json", "The request's body is no JSON.", caught.Message, "Mend it at that place.");

    public static Problem BadRequest(BadHttpRequestException caught) =>
        Wrong("http.bad-request", "The request could not be read.", caught.Message, "Read GET /openapi.json.");

    public static Problem SteppingDown(FencedException caught) =>
        new("server.stepping-down", "This server is no longer in charge.", caught.Message, "Ask again in a moment.")
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem Bug(string id) =>
        new(
            "fairlead.bug",
            What: "The server met a bug of its own.",
            Why: $"The whole story is in the server's log under {id}.",
            Fix: "Try again; if it comes back, report it with that text."
        );

    private static Problem Wrong(string code, string what, string why, string fix) =>
        new(code, what, why, fix) { Trouble = Trouble.WrongUse };
}
