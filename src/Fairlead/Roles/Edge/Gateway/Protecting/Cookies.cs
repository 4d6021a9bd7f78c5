namespace Fairlead.Roles.Edge.Gateway.Protecting;

/// <summary>Our cookies at a browser. The app never sees them.</summary>
internal static class Cookies
{
    /// <summary>Over HTTPS no other host and no path can set it.</summary>
    public static string Name(HttpRequest request, string word) =>
        request.IsHttps ? $"__Host-fairlead-{word}" : $"fairlead-{word}";

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

    public static void Drop(HttpContext http, string word) => Set(http, word, "", TimeSpan.Zero);

    /// <summary>Takes ours out of what goes to the app.</summary>
    public static void Strip(IHeaderDictionary headers)
    {
        var lines = headers.Cookie;
        if (!lines.Any(line => line?.Contains("fairlead-", StringComparison.Ordinal) == true))
        {
            return;
        }
        string[] kept =
        [
            .. lines
                .SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries))
                .Where(one =>
                    one.Length > 0
                    && !one.StartsWith("fairlead-", StringComparison.Ordinal)
                    && !one.StartsWith("__Host-fairlead-", StringComparison.Ordinal)
                ),
        ];
        if (kept.Length == 0)
        {
            headers.Remove("Cookie");
        }
        else
        {
            headers.Cookie = string.Join("; ", kept);
        }
    }
}
