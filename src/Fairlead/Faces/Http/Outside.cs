using System.Net;
using Fairlead.Faces.Status;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Http;

/// <summary>This server's own address, as its door has to know it.</summary>
/// <param name="Host">Lower case, without port.</param>
/// <param name="SpeaksTls">The edge does; else another program in front of it.</param>
internal sealed record OwnAddress(string Host, bool SpeaksTls);

/// <summary>
/// Stands before everything else: who comes in at the server's own address, through the edge, is one from outside. Only what is for
/// programs elsewhere is offered there, and nothing that was not sealed on its way.
/// </summary>
internal sealed class Outside
{
    private static readonly string[] Offered =
    [
        "/a2a/",
        "/api/",
        "/uploads/",
        "/hooks/",
        "/ping/",
        "/respond/",
        "/status/",
        "/terraform/",
    ];
    private static readonly string[] OfferedAlone =
    [
        "/.well-known/agent-card.json",
        "/.well-known/jwks.json",
        "/a2a",
        "/healthz",
        "/mcp",
        "/openapi.json",
    ];

    private Outside() { }

    /// <param name="pageAt">The status page that has a host; null for none.</param>
    public static void Map(WebApplication app, Func<OwnAddress?> address, Func<string, string?>? pageAt = null) =>
        app.Use(
            (http, next) =>
                pageAt?.Invoke(http.Request.Host.Host) is { } page
                    ? PassToPageAsync(http, next, page, http.RequestAborted)
                    : PassAsync(http, next, address(), http.RequestAborted)
        );

    /// <summary>Whether a request came from outside.</summary>
    public static bool Is(HttpContext http) => http.Features.Get<Outside>() is not null;

    // At a page's own host there is that page, and nothing else.
    private static Task PassToPageAsync(HttpContext http, RequestDelegate next, string page, CancellationToken stop)
    {
        http.Features.Set(new Outside());
        var path = http.Request.Path.Value ?? "/";
        var own = $"/status/{page}";
        if (path is "/")
        {
            // Which endpoint answers is decided before; so whoever comes is sent there.
            http.Response.Redirect(own);
            return Task.CompletedTask;
        }
        return
            path == own
            || path == own + ".json"
            || path == own + ".rss"
            || path == own + SubscribeFace.Part
            || path.StartsWith($"{own}{SubscribeFace.Part}/", StringComparison.Ordinal)
            ? next(http)
            : HttpFace.AnswerAsync(http, StatusCodes.Status404NotFound, [NoPage(path)], stop);
    }

    private static Task PassAsync(HttpContext http, RequestDelegate next, OwnAddress? own, CancellationToken stop)
    {
        if (!string.Equals(http.Request.Host.Host, own?.Host, StringComparison.OrdinalIgnoreCase))
        {
            return next(http);
        }
        http.Features.Set(new Outside());
        // The edge writes both anew, whatever a client said; what asks here directly is on this machine already.
        if (own!.SpeaksTls && http.Request.Headers["X-Forwarded-Proto"] is not ["https"])
        {
            return HttpFace.AnswerAsync(http, StatusCodes.Status403Forbidden, [NotSealed(own.Host)], stop);
        }
        var path = http.Request.Path.Value ?? "/";
        if (!OfferedAlone.Contains(path) && !Offered.Any(one => path.StartsWith(one, StringComparison.Ordinal)))
        {
            return HttpFace.AnswerAsync(http, StatusCodes.Status404NotFound, [NotOffered(path)], stop);
        }
        if (http.Request.Headers["X-Forwarded-For"] is [{ } client] && IPAddress.TryParse(client, out var from))
        {
            http.Connection.RemoteIpAddress = from;
        }
        return next(http);
    }

    private static Problem NotSealed(string host) =>
        new(
            "http.not-sealed",
            What: "A request without TLS is not answered here.",
            Why: "Whoever is on its way could read the token that it carries; if it carried one, it is not secret any more.",
            Fix: $"Ask https://{host}. Was there a token: fairlead token list, then fairlead token revoke ID"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem NoPage(string path) =>
        new(
            "http.not-outside",
            What: $"{path} is not here.",
            Why: "At this host there is a status page, and nothing else.",
            Fix: "Ask for /"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem NotOffered(string path) =>
        new(
            "http.not-outside",
            What: $"{path} is not offered from outside.",
            Why: "At this address only programs' own places are: /a2a, /api/, /uploads/, /hooks/, /ping/, /respond/, /status/, /terraform/, /mcp, /openapi.json and /healthz.",
            Fix: "Ask for it on the server's machine: ssh -L 8077:127.0.0.1:8077 SERVER, then http://localhost:8077"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
