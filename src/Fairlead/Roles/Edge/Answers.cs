using System.Globalization;
using Fairlead.Roles.Edge.Upstream;

namespace Fairlead.Roles.Edge;

/// <summary>What the edge itself says when no app can. Nothing here names another tenant.</summary>
internal static class Answers
{
    /// <summary>Answered at every host name at which nothing is deployed.</summary>
    public const string HealthPath = "/.fairlead/health";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Answers and counts a request that was not let in.</summary>
    public static Task RefuseAsync(Trip trip, Entry entry, CancellationToken stop)
    {
        var (status, text) = entry switch
        {
            // Who keeps the edge running, as a cluster does, asks it by its address.
            Entry.UnknownHost when trip.Http.Request.Path == HealthPath => (
                StatusCodes.Status200OK,
                "The edge carries traffic."
            ),
            Entry.UnknownHost => (StatusCodes.Status404NotFound, "Nothing is deployed at this host name."),
            Entry.UnknownService => (StatusCodes.Status404NotFound, "No service has this name."),
            Entry.NoRoute => (StatusCodes.Status404NotFound, "Nothing is deployed at this path."),
            Entry.Crowded => (
                StatusCodes.Status503ServiceUnavailable,
                trip.Service is { IsAsleep: true }
                    ? "The service is being woken and too many wait."
                    : "The service is being replaced and too many wait."
            ),
            Entry.HeldTooLong => (
                StatusCodes.Status503ServiceUnavailable,
                trip.Service is { IsAsleep: true }
                    ? "The service was asleep and did not wake in time."
                    : "The service is being replaced; it takes long."
            ),
            _ => (StatusCodes.Status503ServiceUnavailable, "The service has no release that could answer."),
        };
        trip.CountRefused(
            trip.Aborted.IsCancellationRequested ? Ending.Abandoned
            : status >= StatusCodes.Status500InternalServerError ? Ending.Lost
            : Ending.Answered
        );
        return trip.Aborted.IsCancellationRequested ? Task.CompletedTask : WriteAsync(trip.Http, status, text, stop);
    }

    /// <summary>Answers for a replica that did not, or breaks off what it began, so that nobody takes a half for the whole.</summary>
    public static Task ExcuseAsync(Trip trip, Sent sent, Ending ending, CancellationToken stop)
    {
        var response = trip.Http.Response;
        if (trip.Aborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }
        if (response.HasStarted || trip.HasAnswer)
        {
            trip.Http.Abort();
            return Task.CompletedTask;
        }
        var (status, text) = (ending, sent) switch
        {
            (Ending.Cut, _) => (
                StatusCodes.Status503ServiceUnavailable,
                "The service was replaced before it answered."
            ),
            (_, Sent.Late) => (StatusCodes.Status504GatewayTimeout, "The service did not answer in time."),
            (Ending.Abandoned, _) => (
                trip.Refusal ?? StatusCodes.Status400BadRequest,
                trip.Refusal == StatusCodes.Status413PayloadTooLarge
                    ? "The request is larger than the service takes."
                    : "The request is not what HTTP allows."
            ),
            (_, Sent.BadAnswer) => (StatusCodes.Status502BadGateway, "The service's answer is not what HTTP allows."),
            _ => (StatusCodes.Status502BadGateway, "The service did not answer."),
        };
        response.Clear();
        return WriteAsync(trip.Http, status, text, stop);
    }

    public static async Task WriteAsync(HttpContext http, int status, string text, CancellationToken stop)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.WriteAsync($"{text}\n", stop);
        }
    }
}
