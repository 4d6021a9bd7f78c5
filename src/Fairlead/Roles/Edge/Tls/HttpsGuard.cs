using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Tls;

/// <summary>Sends visitors without TLS to the same address with it, and tells browsers to come with it from then on.</summary>
/// <param name="port">Where the edge speaks TLS; 0 where it does not.</param>
internal sealed class HttpsGuard(HttpsRules rules, CertificateDesk desk, int port) : IGuard
{
    private const int UsualPort = 443;

    private readonly string? hsts = rules.Hsts is { } age
        ? string.Create(CultureInfo.InvariantCulture, $"max-age={(long)age.TotalSeconds}")
        : null;

    public async ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        if (trip.Door is not Door.Public)
        {
            return false;
        }
        if (trip.Http.Request.IsHttps)
        {
            // A browser that learned it of shop.localhost would refuse everything else that a developer starts there.
            trip.Hsts = hsts is null || TlsPolicy.IsLocal(RouteTable.NameOf(trip.Host)) ? null : hsts;
            return false;
        }
        // Without a certificate there would be nowhere to go.
        if (!rules.Redirects || port == 0 || desk.Book.Find(RouteTable.NameOf(trip.Host)) is null)
        {
            return false;
        }
        var host = RouteTable.NameOf(trip.Host).ToString();
        var authority = port == UsualPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        trip.Http.Response.Headers.Location = $"https://{authority}{trip.Target}";
        await Answers.WriteAsync(
            trip.Http,
            StatusCodes.Status308PermanentRedirect,
            "This host is reached by HTTPS.",
            stop
        );
        trip.CountRefused(Ending.Answered);
        return true;
    }
}
