namespace Fairlead.Faces.Http;

/// <summary>What every answer of the API tells browsers: that it is no page, and nobody else's.</summary>
internal static class SecurityHeaders
{
    /// <summary>For answers that no browser shall show.</summary>
    private const string NoPage = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>For pages of our own: their scripts and styles are files, none is within them.</summary>
    public const string Page =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

    /// <summary>Sets them when the answer begins, whoever makes it; a page has set its own policy before.</summary>
    public static void Promise(HttpContext http) =>
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.TryAdd("Content-Security-Policy", NoPage);
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers.TryAdd("Referrer-Policy", "no-referrer");
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            if (http.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }
            return Task.CompletedTask;
        });
}
