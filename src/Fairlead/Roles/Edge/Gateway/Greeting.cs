using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>The first guard of a service: finds out who asks, marks the request, and sees that its answer is dressed.</summary>
internal sealed class Greeting(ServiceGateway gateway, Networks trusted, RequestMarks? marks, AccessRecorder? recorder)
    : IGuard
{
    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        var visit = new Visit(trip, gateway);
        trip.Visit = visit;
        if (trip.Door is Door.Public)
        {
            FindClient(trip.Http);
        }
        marks?.Mark(visit);
        recorder?.Watch(visit);
        if (gateway.Dressings.Count > 0)
        {
            visit.IsDressed = true;
            trip.Http.Response.OnStarting(
                static state =>
                {
                    ((Visit)state).Dress();
                    return Task.CompletedTask;
                },
                visit
            );
        }
        return ValueTask.FromResult(false);
    }

    // What is written here is what the app is told too.
    private void FindClient(HttpContext http)
    {
        var connection = http.Connection;
        if (connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped)
        {
            connection.RemoteIpAddress = ClientAddress.Plain(mapped);
        }
        if (trusted.IsEmpty || !trusted.Contain(connection.RemoteIpAddress))
        {
            return;
        }
        var headers = http.Request.Headers;
        if (headers["X-Forwarded-For"] is { Count: > 0 } forwarded)
        {
            connection.RemoteIpAddress = ClientAddress.Of(connection.RemoteIpAddress, forwarded, trusted);
        }
        if (Last(headers["X-Forwarded-Proto"]) is { } scheme && (scheme is "https" or "http"))
        {
            http.Request.Scheme = scheme;
        }
    }

    private static string? Last(StringValues values) =>
        values.Count == 0 ? null : values[^1]!.Split(',')[^1].Trim().ToLowerInvariant();
}
