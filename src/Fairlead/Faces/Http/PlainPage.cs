using System.Net;

namespace Fairlead.Faces.Http;

/// <summary>
/// A page of one heading, one sentence and at most one form, for people who follow a link of a message: without scripts and styles, never kept, never
/// found by searches.
/// </summary>
internal static class PlainPage
{
    private const string Policy =
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; style-src 'none'";

    /// <param name="said">Plain text: it is made safe here.</param>
    /// <param name="form">HTML of our own; empty for none.</param>
    public static IResult Of(
        HttpContext http,
        (string Title, string Text) said,
        string form = "",
        int status = StatusCodes.Status200OK
    )
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-store";
        return Results.Content(
            $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>{WebUtility.HtmlEncode(said.Title)}</title>
            <main>
            <h1>{WebUtility.HtmlEncode(said.Title)}</h1>
            <p>{WebUtility.HtmlEncode(said.Text)}</p>
            {form}
            </main>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status
        );
    }

    /// <summary>A button that sends the page's own address.</summary>
    public static string Button(string text) => $"<form method=\"post\"><button>{text}</button></form>";
}
