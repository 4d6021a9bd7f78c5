using System.Text;
using System.Text.Encodings.Web;
using Fairlead.Faces.Http;
using Fairlead.Model.Security;

namespace Fairlead.Faces.SignIn;

/// <summary>Pages made here, without a framework. Their one script and one style are files, so nothing within a page can run.</summary>
internal static class Page
{
    /// <summary>A text as HTML may hold it, within an attribute too.</summary>
    public static string Safe(string text) => HtmlEncoder.Default.Encode(text);

    public static string SignIn(IReadOnlyList<IdentityProvider> providers)
    {
        var others = new StringBuilder();
        foreach (var provider in providers)
        {
            others.Append(
                $"""<a class="button" href="/sign-in/oidc?with={Safe(provider.Name)}">Sign in with {Safe(provider.Name)}</a>"""
            );
        }
        return Whole(
            "Sign in",
            "sign-in",
            $"""
            <h1>Sign in</h1>
            <p class="lead">Fairlead deploys to production here.</p>
            <div id="said" role="alert"></div>
            <section>
              <button id="passkey" class="main">Sign in with a passkey</button>
              {others}
            </section>
            <section>
              <h2>With a password</h2>
              <form id="password">
                <label for="email">E-mail address</label>
                <input id="email" name="email" type="email" autocomplete="username webauthn" required>
                <label for="word">Password</label>
                <input id="word" name="password" type="password" autocomplete="current-password" maxlength="128" required>
                <div id="code-part" hidden>
                  <label for="code">Code of your authenticator, or a recovery code</label>
                  <input id="code" name="code" autocomplete="one-time-code" inputmode="text" maxlength="24">
                </div>
                <button>Sign in</button>
              </form>
            </section>
            """
        );
    }

    public static string Welcome() =>
        Whole(
            "Welcome",
            "welcome",
            """
            <h1>Welcome aboard</h1>
            <p class="lead" id="lead">Looking at your invitation…</p>
            <div id="said" role="alert"></div>
            <form id="welcome" hidden>
              <section>
                <h2>Who you are</h2>
                <label for="name">Name</label>
                <input id="name" name="name" autocomplete="name" maxlength="60" required>
                <label for="email">E-mail address</label>
                <input id="email" name="email" type="email" autocomplete="username" maxlength="254" required>
              </section>
              <section>
                <h2>How you sign in</h2>
                <p>A passkey is a key on your device or in your password manager. Nobody can guess it or ask you for it.</p>
                <button id="passkey" class="main">Make a passkey</button>
                <details>
                  <summary>Use a password instead</summary>
                  <label for="word">Password, at least 12 letters</label>
                  <input id="word" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="128">
                  <button id="password" type="button">Set this password</button>
                </details>
              </section>
            </form>
            """
        );

    /// <param name="name">By which the script knows it.</param>
    public static string Whole(string title, string name, string body) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Safe(title)} · Fairlead</title>
            <link rel="stylesheet" href="/identity.css">
            <script src="/identity.js" type="module"></script>
            </head>
            <body data-page="{Safe(name)}">
            <a class="skip" href="#main">Skip to content</a>
            <header><span class="brand">Fairlead</span></header>
            <main id="main">
            <noscript><p role="alert" class="bad">Signing in needs JavaScript, as passkeys do.</p></noscript>
            {body}
            </main>
            </body>
            </html>
            """;

    public static async Task WriteAsync(HttpContext http, string html, CancellationToken stop)
    {
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Page;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(html, stop);
    }

    public static IResult Asset(string name, string type)
    {
        var stream =
            typeof(Page).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in this program.");
        return Results.Stream(stream, $"{type}; charset=utf-8");
    }
}
