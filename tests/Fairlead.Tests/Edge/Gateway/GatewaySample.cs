using System.Net;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Roles.Edge;
using Fairlead.Roles.Edge.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Edge.Gateway;

/// <summary>A service's gateway to try, with requests that go through it as through an edge.</summary>
internal sealed class GatewaySample
{
    public const string Home = "192.0.2.7";

    private readonly ServiceGateway gateway;

    public GatewaySample(GatewayPolicy policy, AccessLog? log = null)
    {
        World = new World(Clock, new Random(1));
        gateway = new ServiceGateway(
            EdgeSample.Shop,
            EdgeSample.Api() with
            {
                Gateway = policy,
            },
            Shared = new GatewayWorld(World, log),
            before: null
        );
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public World World { get; }

    public GatewayWorld Shared { get; }

    /// <summary>A header of the app's answers.</summary>
    public (string Name, string Value)? AppSets { get; set; }

    public static Visit Visit(params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        foreach (var (name, value) in headers)
        {
            http.Request.Headers.Append(name, value);
        }
        return new(new Trip(http, new Arrival(Door.Public), TimeProvider.System), null!); // The gateway is only asked for its dressings.
    }

    /// <summary>What becomes of a request; the app answers 200 "app" to what is let in.</summary>
    public async Task<HttpContext> AskAsync(string ask, params (string Name, string Value)[] headers)
    {
        var trip = Begin(ask, headers);
        if (!await IsAnsweredAsync(trip))
        {
            if (AppSets is var (name, value))
            {
                trip.Http.Response.Headers[name] = value;
            }
            trip.Http.Response.StatusCode = trip.Path == "/fail" ? 500 : 200;
            await trip.Http.Response.WriteAsync("app", Stop);
        }
        await ((Answer)trip.Http.Features.Get<IHttpResponseFeature>()!).EndAsync();
        return trip.Http;
    }

    /// <param name="ask">Such as <c>GET /orders</c>, from another address than home as <c>GET /orders 192.0.2.8</c>.</param>
    public Trip Begin(string ask, params (string Name, string Value)[] headers)
    {
        var words = ask.Split(' ');
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseFeature>(new Answer());
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream()));
        http.Request.Method = words[0];
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("shop.example");
        http.Request.Path = words[1].Split('?')[0];
        http.Request.QueryString = new QueryString(words[1].Contains('?') ? words[1][words[1].IndexOf('?')..] : null);
        http.Connection.RemoteIpAddress = IPAddress.Parse(words.ElementAtOrDefault(2) ?? Home);
        foreach (var (name, value) in headers)
        {
            http.Request.Headers.Append(name, value);
        }
        return new Trip(http, new Arrival(Door.Public), Clock);
    }

    public async Task<bool> IsAnsweredAsync(Trip trip)
    {
        foreach (var guard in gateway.Guards)
        {
            if (await guard.AnswersAsync(trip, Stop))
            {
                return true;
            }
        }
        return false;
    }

    public static string BodyOf(HttpContext http)
    {
        http.Response.BodyWriter.Complete();
        return System.Text.Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
    }

    /// <summary>The answer's status and headers as text, sorted; those named are left out.</summary>
    public static string Text(HttpContext http, params string[] without) =>
        string.Join(
            '\n',
            http.Response.Headers.Where(one => !without.Contains(one.Key, StringComparer.OrdinalIgnoreCase))
                .OrderBy(one => one.Key, StringComparer.OrdinalIgnoreCase)
                .Select(one => $"{one.Key}: {one.Value}")
                .Prepend($"{http.Response.StatusCode}")
        );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An answer that asks, before it begins, those who want to be asked.</summary>
    private sealed class Answer : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> starting = new();
        private readonly Stack<(Func<object, Task> Callback, object State)> completed = new();

        public override void OnStarting(Func<object, Task> callback, object state) => starting.Push((callback, state));

        public override void OnCompleted(Func<object, Task> callback, object state) =>
            completed.Push((callback, state));

        public async Task EndAsync()
        {
            foreach (var (callback, state) in starting.Concat(completed))
            {
                await callback(state);
            }
        }
    }
}
