using System.Text.Json.Nodes;
using Fairlead.Faces.Http;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Server;

/// <summary>Where requests are told that this server is not in charge, for as long as it is not.</summary>
internal sealed class Lobby
{
    private volatile Problem? why = new Problem(
        "server.starting",
        What: "The server does not answer yet.",
        Why: "It is about to take charge.",
        Fix: "Ask again in a moment."
    )
    {
        Trouble = Trouble.Unreachable,
    };

    // A server that has found out that it must wait is well.
    private volatile bool isWell;

    /// <summary>What is waited for.</summary>
    public void Say(Problem problem) => (why, isWell) = (problem, true);

    /// <summary>Lets everybody in.</summary>
    public void Open() => (why, isWell) = (null, true);

    /// <summary>Stands before everything that is mapped.</summary>
    public void Stand(WebApplication app) =>
        app.Use((http, next) => why is { } problem ? AnswerAsync(http, problem, http.RequestAborted) : next(http));

    private Task AnswerAsync(HttpContext http, Problem problem, CancellationToken stop)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (http.Request.Path == "/healthz" && isWell)
        {
            return http.Response.WriteAsJsonAsync(new JsonObject { ["ok"] = true, ["waits"] = problem.Code }, stop);
        }
        // Nobody has shown yet who asks. Over the Unix socket it is the owner; others need no names of machines.
        var told = http.Connection.RemoteIpAddress is null
            ? problem
            : problem with
            {
                What = "This server does not answer now.",
                Why = "It is not in charge.",
            };
        http.Response.StatusCode = Problems.Status(told);
        return http.Response.WriteAsJsonAsync(
            Problems.Body(http.Response.StatusCode, [told]),
            options: null,
            "application/problem+json",
            stop
        );
    }
}
