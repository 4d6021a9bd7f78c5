using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Sees to it that a service's requests are written down when they have ended.</summary>
internal sealed class AccessRecorder(Site site, string service, AccessLogPolicy policy, AccessLog log, World world)
    : IDressing
{
    public void Watch(Visit visit)
    {
        var http = visit.Http;
        visit.Began = world.Clock.GetTimestamp();
        visit.At = world.Now;
        visit.Tap ??= AnswerTap.On(http);
        if (
            http.Request.ContentLength is null
            && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
        )
        {
            visit.Body = new CountedBody(http.Request.Body, visit, long.MaxValue);
            http.Request.Body = visit.Body;
        }
        http.Response.OnCompleted(
            state =>
            {
                Write((Visit)state);
                return Task.CompletedTask;
            },
            visit
        );
    }

    public void Dress(Visit visit) => visit.FirstByte = world.Clock.GetElapsedTime(visit.Began);

    private void Write(Visit visit)
    {
        var (http, trip) = (visit.Http, visit.Trip);
        var status = http.Response.StatusCode;
        if (status < 500 && policy.Sample < 100 && world.Random.Next(100) >= policy.Sample)
        {
            return;
        }
        log.Add(
            new AccessLine
            {
                At = visit.At,
                Site = site,
                Service = service,
                Release = trip.LetInto?.Name,
                Method = http.Request.Method,
                Host = trip.Host,
                Path = trip.Path,
                Query = policy.Query ? http.Request.QueryString.Value : null,
                Protocol = http.Request.Protocol,
                Status = status,
                BytesIn = visit.Body?.Bytes ?? http.Request.ContentLength ?? 0,
                BytesOut = visit.Tap?.Bytes ?? 0,
                Duration = world.Clock.GetElapsedTime(visit.Began),
                FirstByte = visit.FirstByte,
                Client = visit.Client,
                Shown = policy.Client,
                RequestId = visit.RequestId,
                Key = visit.Key?.Key.Id,
                UserAgent = http.Request.Headers.UserAgent,
                Referer = http.Request.Headers.Referer,
                Cache = visit.Cache,
                Tls = http.Features.Get<ITlsHandshakeFeature>()?.Protocol.ToString(),
                Ended = trip.Ended switch
                {
                    Ending.Abandoned => "abandoned",
                    Ending.Cut => "cut",
                    Ending.Lost => "lost",
                    _ => null,
                },
            }
        );
    }
}
