using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>Answers what it has kept, and keeps what may be kept. While two releases share the traffic, only the larger one's answers are.</summary>
internal sealed class CacheGuard : IGuard, IDressing
{
    public const string Header = "Fairlead-Cache";

    private static readonly TimeSpan PassFor = TimeSpan.FromSeconds(10);

    private readonly CachePolicy policy;
    private readonly PathSet paths;
    private readonly World world;
    private readonly Refresher refresher;
    private readonly Flights flights;

    public CacheGuard(CachePolicy policy, World world, Func<Trip, CancellationToken, Task> carry)
    {
        (this.policy, this.world) = (policy, world);
        paths = new PathSet(policy.Paths);
        flights = new Flights(world.Clock);
        Store = new AnswerStore(policy.MaxSize);
        refresher = new Refresher(this, flights, world, carry);
    }

    public AnswerStore Store { get; }

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        var request = trip.Http.Request;
        var visit = trip.Visit!; // Set by Greeting, which comes first.
        if (trip.Door is Door.Internal || !paths.Holds(trip.Path) || visit.IsPreview || IsStatic(trip))
        {
            return ValueTask.FromResult(false);
        }
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            visit.Capture = HttpMethods.IsOptions(request.Method) ? null : new Capture(this, visit, isChange: true);
            return ValueTask.FromResult(false);
        }
        if (visit.Key is not null || !CacheRules.IsShared(trip.Http))
        {
            visit.Cache = "bypass";
            return ValueTask.FromResult(false);
        }
        return LookAsync(visit, stop);
    }

    /// <summary>Comes before all others, so that it sees what the app has said.</summary>
    public void Dress(Visit visit)
    {
        visit.Capture?.Begin();
        if (visit.Cache is { } cache)
        {
            visit.Http.Response.Headers[Header] = cache;
        }
    }

    /// <summary>What is kept for a request, if the release that leads now has given it.</summary>
    public StoredAnswer? Find(Trip trip) =>
        Store.Find(Address.Of(trip), trip.Http.Request.Headers) is { } answer
        && answer.Part == Leading(trip)
        && (answer.IsForEveryone || trip.Http.Request.Headers.Cookie.Count == 0)
            ? answer
            : null;

    /// <summary>The answer as it may be kept; null when it may not.</summary>
    public StoredAnswer? Take(Trip trip)
    {
        var (request, response) = (trip.Http.Request, trip.Http.Response);
        return
            IsFromLeader(trip)
            && CacheRules.LifetimeOf(
                policy,
                response.StatusCode,
                response.Headers,
                request.Headers.Cookie.Count > 0,
                world.Now
            )
                is { } lifetime
            ? new StoredAnswer
            {
                Status = response.StatusCode,
                Headers = [.. response.Headers.Where(one => !IsOurs(one.Key))],
                Body = [],
                Part = trip.Part.Name,
                At = world.Now,
                AgeThen = CacheRules.AgeOf(response.Headers),
                Lifetime = lifetime,
                IsForEveryone = lifetime.IsSaid,
            }
            : null;
    }

    /// <summary>The release with most of the traffic has answered.</summary>
    public static bool IsFromLeader(Trip trip) => trip.LetInto is { } part && part.Name == Leading(trip);

    public void Keep(Trip trip, StoredAnswer answer)
    {
        var vary = answer
            .Headers.FirstOrDefault(one => one.Key.Equals("Vary", StringComparison.OrdinalIgnoreCase))
            .Value;
        // An app that compresses for some and does not say so would have its answers given to those who cannot read them.
        var isEncoded = answer.Headers.Any(one =>
            one.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)
        );
        var names = CacheRules.VaryOf(policy, isEncoded ? StringValues.Concat(vary, HeaderNames.AcceptEncoding) : vary);
        Store.Keep(Address.Of(trip), trip.Http.Request.Headers, names, answer);
    }

    public void Pass(Trip trip) => Store.Pass(Address.Of(trip), trip.Http.Request.Headers, world.Now + PassFor);

    public void Land(Trip trip) => flights.Land(Address.Of(trip));

    private async ValueTask<bool> LookAsync(Visit visit, CancellationToken stop)
    {
        var trip = visit.Trip;
        var now = world.Now;
        if (Find(trip) is { } known)
        {
            if (known.IsFreshAt(now))
            {
                return await GiveAsync(visit, known, "hit", stop);
            }
            if (known.MayBeStaleAt(now, known.Lifetime.WhileRevalidated))
            {
                refresher.Begin(trip, known);
                return await GiveAsync(visit, known, "stale", stop);
            }
            if (await refresher.AskAsync(trip, known, stop) is var (answer, word))
            {
                return await GiveAsync(visit, answer, word, stop);
            }
        }
        if (
            Store.IsPassed(Address.Of(trip), visit.Http.Request.Headers, now)
            || HttpMethods.IsHead(visit.Http.Request.Method)
        )
        {
            visit.Cache = "bypass";
            return false;
        }
        if (!flights.TryTakeOff(Address.Of(trip)))
        {
            if (await flights.WaitAsync(Address.Of(trip), trip.Aborted) && Find(trip) is { } fetched)
            {
                return await GiveAsync(visit, fetched, "hit", stop);
            }
            visit.Cache = "bypass";
            return false;
        }
        visit.Cache = "miss";
        // The whole answer is wanted, so that others can have it too.
        visit.Http.Request.Headers.IfNoneMatch = default;
        visit.Http.Request.Headers.IfModifiedSince = default;
        visit.Tap ??= AnswerTap.On(visit.Http);
        visit.Capture = new Capture(this, visit, isChange: false);
        visit.Http.Response.OnCompleted(
            static state =>
            {
                ((Capture)state).End();
                return Task.CompletedTask;
            },
            visit.Capture
        );
        return false;
    }

    private async ValueTask<bool> GiveAsync(Visit visit, StoredAnswer answer, string word, CancellationToken stop)
    {
        var response = visit.Http.Response;
        visit.Cache = word;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }
        response.Headers.Age = ((long)answer.AgeAt(world.Now).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (answer.IsKnownTo(visit.Http.Request.Headers))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ContentLength = null;
            return true;
        }
        response.StatusCode = answer.Status;
        response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(visit.Http.Request.Method))
        {
            await response.BodyWriter.WriteAsync(answer.Body, stop);
        }
        return true;
    }

    // Files are on this machine already.
    private static bool IsStatic(Trip trip) => trip.Service?.Parts is [{ Replicas: [{ IsFiles: true }, ..] }, ..];

    private static string? Leading(Trip trip)
    {
        LivePart? leading = null;
        foreach (var part in trip.Service?.Parts ?? [])
        {
            leading = leading is null || part.SharePercent > leading.SharePercent ? part : leading;
        }
        return leading?.Name;
    }

    private static bool IsOurs(string name) =>
        name.Equals("Age", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Connection", StringComparison.OrdinalIgnoreCase);
}
