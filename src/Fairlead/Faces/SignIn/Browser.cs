using Fairlead.Drivers.State;
using Fairlead.Engine.Operations.Identity;

namespace Fairlead.Faces.SignIn;

/// <summary>What a browser keeps for us: its session, and that it signed in here before.</summary>
internal static class Browser
{
    private const string Session = "session";
    private const string Device = "device";
    private static readonly TimeSpan SessionMax = TimeSpan.FromDays(7);
    private static readonly TimeSpan DeviceMax = TimeSpan.FromDays(180);

    /// <summary>What it holds of a session; null when it holds none.</summary>
    public static string? SecretOf(HttpRequest request) => request.Cookies[Name(request, Session)];

    /// <param name="sealer">Opens its word that it was here before.</param>
    public static Visitor Of(HttpContext http, Sealer sealer) =>
        new(
            http.Connection.RemoteIpAddress?.ToString() ?? "",
            http.Request.Headers.UserAgent.ToString(),
            http.Request.Cookies[Name(http.Request, Device)] is { Length: <= 500 } known
                ? sealer.Open<string>(known, Device)
                : null
        );

    public static void Remember(HttpContext http, Sealer sealer, SignedIn signedIn, string device)
    {
        Set(http, Session, signedIn.Secret, SessionMax);
        Set(http, Device, sealer.Seal($"{signedIn.Person.Id}/{device}", Device), DeviceMax);
    }

    public static void Forget(HttpContext http) => Set(http, Session, "", TimeSpan.Zero);

    /// <summary>Over TLS no other host and no path can set it.</summary>
    public static string Name(HttpRequest request, string word) => request.IsHttps ? $"__Host-fl_{word}" : $"fl_{word}";

    // Lax, not Strict: whoever comes back from an identity provider comes from elsewhere. What changes something needs more anyway.
    public static void Set(HttpContext http, string word, string value, TimeSpan age) =>
        http.Response.Cookies.Append(
            Name(http.Request, word),
            value,
            new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = age,
                Path = "/",
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
            }
        );
}
