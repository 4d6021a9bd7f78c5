using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Gateway.Protecting;

/// <summary>Lets in who knows a password, asked for by the browser itself (RFC 7617).</summary>
internal sealed class BasicGuard(BasicPolicy basic, bool isForPreviewsOnly, string realm, World world) : IGuard
{
    /// <summary>Tells the app who was let in.</summary>
    public const string UserHeader = "Fairlead-User";

    private const string Scheme = "Basic ";

    private readonly PasswordCheck check = new(basic, world);

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        var headers = trip.Http.Request.Headers;
        headers.Remove(UserHeader);
        var visit = trip.Visit!; // Set by Greeting, which comes first.
        return trip.Door is Door.Internal || (isForPreviewsOnly && !visit.IsPreview)
            ? ValueTask.FromResult(false)
            : AskAsync(visit, headers, stop);
    }

    private async ValueTask<bool> AskAsync(Visit visit, IHeaderDictionary headers, CancellationToken stop)
    {
        var http = visit.Http;
        if (headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var (user, wait) = await check.WhoAsync(
                value[Scheme.Length..].Trim(),
                ClientAddress.Key(visit.Client),
                visit.Trip.Aborted
            );
            if (user is not null)
            {
                // It was meant for us, and has done its work.
                headers.Remove("Authorization");
                headers[UserHeader] = user;
                return false;
            }
            if (wait is { } time)
            {
                http.Response.Headers.RetryAfter = Math.Ceiling(time.TotalSeconds)
                    .ToString(CultureInfo.InvariantCulture);
                await Answers.WriteAsync(
                    http,
                    StatusCodes.Status429TooManyRequests,
                    "Too many wrong passwords came from your network.",
                    stop
                );
                return true;
            }
        }
        http.Response.Headers.WWWAuthenticate = $"Basic realm=\"{realm}\", charset=\"UTF-8\"";
        await Answers.WriteAsync(http, StatusCodes.Status401Unauthorized, "A name and a password are needed.", stop);
        return true;
    }
}
