using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Finds out whose key came with a request, before anything is counted by it.</summary>
internal sealed class KeyFinder(Site site, string service, KeyPolicy policy, KeyChain keys, World world) : IGuard
{
    /// <summary>Tells the app whose key it was; the key itself does not travel on.</summary>
    public const string NameHeader = "Fairlead-Key";

    private const string Bearer = "Bearer ";

    private readonly bool isAuthorization = policy.Header.Equals("Authorization", StringComparison.OrdinalIgnoreCase);

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        var headers = trip.Http.Request.Headers;
        headers.Remove(NameHeader);
        if (trip.Door is Door.Public && headers[policy.Header] is [{ } value] && Find(value) is { } held)
        {
            trip.Visit!.Key = held; // Set by Greeting, which comes first.
            headers.Remove(policy.Header);
            headers[NameHeader] = held.Key.Id;
        }
        return ValueTask.FromResult(false);
    }

    private HeldKey? Find(string value)
    {
        if (isAuthorization)
        {
            if (!value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
            value = value[Bearer.Length..].Trim();
        }
        return
            keys.Find(site, value) is { Key: var key } held
            && (key.Services.Count == 0 || key.Services.Contains(service))
            && !(key.ExpiresAt <= world.Now)
            ? held
            : null;
    }
}

/// <summary>Lets only good keys in, as often as their quota allows.</summary>
internal sealed class KeyGuard(KeyPolicy policy, QuotaBook quotas) : IGuard, IDressing
{
    private const string Name = "quota";

    private readonly string challenge = policy.Header.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        ? "Bearer"
        : $"ApiKey header=\"{policy.Header}\"";

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        if (trip.Door is Door.Internal)
        {
            return ValueTask.FromResult(false);
        }
        var visit = trip.Visit!; // Set by Greeting, which comes first.
        if (visit.Key is null)
        {
            return policy.IsRequired ? RefuseAsync(trip.Http, stop) : ValueTask.FromResult(false);
        }
        if ((visit.Key.Key.Quota ?? policy.Quota) is not { } quota)
        {
            return ValueTask.FromResult(false);
        }
        var taken = quotas.Take(visit.Key.Key, quota);
        visit.Quota = (quota, taken);
        return taken.IsAllowed ? ValueTask.FromResult(false) : RefuseAsync(trip.Http, quota, taken.Reset, stop);
    }

    public void Dress(Visit visit)
    {
        if (visit.Quota is var (quota, taken))
        {
            var headers = visit.Http.Response.Headers;
            headers.Append(
                RateGuard.PolicyHeader,
                string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={quota.Count};w={Seconds(quota.Window)}")
            );
            headers.Append(
                RateGuard.StateHeader,
                string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";r={taken.Left};t={Seconds(taken.Reset)}")
            );
        }
    }

    private async ValueTask<bool> RefuseAsync(HttpContext http, CancellationToken stop)
    {
        http.Response.Headers.WWWAuthenticate = challenge;
        await Answers.WriteAsync(
            http,
            StatusCodes.Status401Unauthorized,
            $"A good key in the header {policy.Header} is needed.",
            stop
        );
        return true;
    }

    private static async ValueTask<bool> RefuseAsync(
        HttpContext http,
        Rate quota,
        TimeSpan reset,
        CancellationToken stop
    )
    {
        http.Response.Headers.RetryAfter = Seconds(reset).ToString(CultureInfo.InvariantCulture);
        await Answers.WriteAsync(
            http,
            StatusCodes.Status429TooManyRequests,
            $"The key's quota is used up: {quota}.",
            stop
        );
        return true;
    }

    private static long Seconds(TimeSpan time) => (time.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
}
