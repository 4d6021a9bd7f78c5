using System.Buffers;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>One answer on its way past the cache: kept when it is whole and may be, else let go.</summary>
/// <param name="isChange">The request may change what is kept under its address.</param>
internal sealed class Capture(CacheGuard cache, Visit visit, bool isChange)
{
    private StoredAnswer? answer;
    private ArrayBufferWriter<byte>? body;
    private bool isTooLarge;

    /// <summary>The app's headers are there.</summary>
    public void Begin()
    {
        var trip = visit.Trip;
        if (isChange)
        {
            if (visit.Http.Response.StatusCode < StatusCodes.Status400BadRequest)
            {
                cache.Store.Forget(Address.Of(trip));
            }
            return;
        }
        answer = cache.Take(trip);
        if (answer is null)
        {
            // Those who wait for it would wait in vain. What failed, came from a canary, or was for one person, may be good for
            // the next.
            if (
                CacheGuard.IsFromLeader(trip)
                && visit.Http.Response.StatusCode < StatusCodes.Status500InternalServerError
                && visit.Http.Request.Headers.Cookie.Count == 0
            )
            {
                cache.Pass(trip);
            }
            cache.Land(trip);
            return;
        }
        body = new ArrayBufferWriter<byte>(Math.Clamp((int)(visit.Http.Response.ContentLength ?? 0), 256, 64 * 1024));
        visit.Tap!.Keep = Add; // Set with this capture.
    }

    /// <summary>The answer has ended, one way or another.</summary>
    public void End()
    {
        var trip = visit.Trip;
        if (
            answer is not null
            && !isTooLarge
            && trip.Ended is Ending.Answered
            && !visit.Tap!.IsLeaky // Set with this capture.
            && (visit.Http.Response.ContentLength ?? body!.WrittenCount) == body!.WrittenCount
        )
        {
            cache.Keep(trip, answer with { Body = body.WrittenSpan.ToArray() });
        }
        cache.Land(trip);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (isTooLarge || body!.WrittenCount + bytes.Length > cache.Store.AnswerBytesMax)
        {
            isTooLarge = true;
            body = null;
            return;
        }
        body.Write(bytes);
    }
}
