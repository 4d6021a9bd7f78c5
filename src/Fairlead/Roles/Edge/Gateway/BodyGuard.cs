using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Keeps bodies within a size: at once where the length is said, else as soon as they have grown over it.</summary>
internal sealed class BodyGuard(long bytesMax) : IGuard, IDressing
{
    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        var http = trip.Http;
        if (trip.Door is Door.Internal)
        {
            return ValueTask.FromResult(false);
        }
        if (http.Request.ContentLength is { } length)
        {
            return length > bytesMax ? RefuseAsync(http, stop) : ValueTask.FromResult(false);
        }
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            http.Request.Body = new CountedBody(http.Request.Body, trip.Visit!, bytesMax); // Set by Greeting.
        }
        return ValueTask.FromResult(false);
    }

    // Who carried the body only knows that it broke off.
    public void Dress(Visit visit)
    {
        if (visit.IsBodyTooLarge)
        {
            visit.Http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            visit.Http.Response.Headers.Connection = "close";
        }
    }

    private async ValueTask<bool> RefuseAsync(HttpContext http, CancellationToken stop)
    {
        // The rest of the body is not waited for.
        http.Response.Headers.Connection = "close";
        await Answers.WriteAsync(
            http,
            StatusCodes.Status413PayloadTooLarge,
            $"The body is larger than {bytesMax} bytes.",
            stop
        );
        return true;
    }
}
