using System.Net;
using Fairlead.Model.Apps;
using Fairlead.Roles.Edge.Gateway.Caching;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>What a service's gateway knows of one request.</summary>
internal sealed class Visit(Trip trip, ServiceGateway gateway)
{
    public Trip Trip => trip;

    public HttpContext Http => trip.Http;

    /// <summary>The client's address, not that of a trusted proxy; null where there is none.</summary>
    public IPAddress? Client => trip.Http.Connection.RemoteIpAddress;

    public string? RequestId { get; set; }

    /// <summary>What is left of the rate limits, as the answer says it.</summary>
    public string? RateLimit { get; set; }

    /// <summary>The key that came with it, when that is a good one.</summary>
    public HeldKey? Key { get; set; }

    /// <summary>What is left of the key's quota.</summary>
    public (Rate Quota, Taken Taken)? Quota { get; set; }

    /// <summary>The body grew over its limit while it was read.</summary>
    public bool IsBodyTooLarge { get; set; }

    /// <summary>A browser asks whether it may ask.</summary>
    public bool IsPreflight { get; set; }

    /// <summary>hit, miss, stale or bypass, where a cache has a say.</summary>
    public string? Cache { get; set; }

    /// <summary>The answer as the cache sees it pass.</summary>
    public Capture? Capture { get; set; }

    /// <summary>It came by the host of one release that is only tried out.</summary>
    public bool IsPreview
    {
        get
        {
            foreach (var part in trip.Service?.Parts ?? [])
            {
                if (
                    part.PreviewHost is { } host
                    && RouteTable.NameOf(trip.Host).Equals(host, StringComparison.OrdinalIgnoreCase)
                )
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>When it came; with the next three only where there is an access log.</summary>
    public DateTimeOffset At { get; set; }

    public long Began { get; set; }

    /// <summary>Until the answer began; null while it has not.</summary>
    public TimeSpan? FirstByte { get; set; }

    /// <summary>The request's body, when its length is not said.</summary>
    public CountedBody? Body { get; set; }

    /// <summary>The answer's body, where someone counts or keeps it.</summary>
    public AnswerTap? Tap { get; set; }

    /// <summary>The answer will get its headers when it begins.</summary>
    public bool IsDressed { get; set; }

    /// <summary>Gives the answer its headers, once the app has set its own.</summary>
    public void Dress()
    {
        foreach (var dressing in gateway.Dressings)
        {
            dressing.Dress(this);
        }
        trip.Introduce();
    }
}

/// <summary>Sets headers of an answer, just before it begins. Whoever made it: the app, a file, or the edge.</summary>
internal interface IDressing
{
    void Dress(Visit visit);
}
