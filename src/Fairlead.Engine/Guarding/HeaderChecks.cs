using System.Globalization;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding;

/// <summary>What to look for in an answer's headers, and what each is worth.</summary>
internal static class HeaderChecks
{
    private const int HalfYearSeconds = 15_768_000;

    private static readonly string[] Careful = ["Secure", "HttpOnly", "SameSite"];
    private static readonly string[] Talkative = ["Server", "X-Powered-By", "X-AspNet-Version"];

    public static IEnumerable<HeaderFinding> Of(SeenAnswer answer) =>
        [
            .. Transport(answer),
            .. Content(answer),
            .. Framing(answer),
            .. Small(answer),
            .. Cookies(answer),
            .. Talk(answer),
        ];

    private static IEnumerable<HeaderFinding> Transport(SeenAnswer answer)
    {
        const string Name = "Strict-Transport-Security";
        if (answer.Url.Scheme != Uri.UriSchemeHttps)
        {
            yield return new("(scheme)", 30, "It is not served over HTTPS.", "Serve it over HTTPS and redirect to it.");
            yield break;
        }
        var age = Directives(One(answer, Name) ?? "", ';')
            .Where(one => one.StartsWith("max-age=", StringComparison.OrdinalIgnoreCase))
            .Select(one => one["max-age=".Length..].Trim('"'))
            .FirstOrDefault();
        if (age is null)
        {
            yield return new(
                Name,
                20,
                "Browsers are not told to stay with HTTPS.",
                "Add to the service: gateway: { security: standard }"
            );
        }
        else if (
            !long.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds < HalfYearSeconds
        )
        {
            yield return new(
                Name,
                10,
                $"Browsers are told to stay with HTTPS for '{age}' seconds only.",
                "Write: gateway: { security: { hsts: max-age=31536000 } }"
            );
        }
    }

    private static IEnumerable<HeaderFinding> Content(SeenAnswer answer)
    {
        const string Name = "Content-Security-Policy";
        if (One(answer, Name) is not { } policy)
        {
            yield return new(
                Name,
                25,
                "Any script that gets into the page runs.",
                "Begin with: gateway: { security: { csp: \"default-src 'self'\" } }"
            );
            yield break;
        }
        var scripts = Sources(policy, "script-src") ?? Sources(policy, "default-src");
        if (scripts is null || scripts.Any(one => one is "*" or "http:" or "https:" or "data:"))
        {
            yield return new(
                Name,
                15,
                scripts is null ? "It does not say where scripts may come from." : "Scripts may come from anywhere.",
                "Name the hosts: script-src 'self' https://cdn.example.com"
            );
        }
        var isBound = scripts?.Any(IsBinding) == true;
        if (scripts?.Contains("'unsafe-inline'") == true && !isBound)
        {
            yield return new(
                Name,
                15,
                "Scripts inside the page run, also those that an attacker puts there.",
                "Move them into files, or name each by a nonce or hash, and remove 'unsafe-inline'."
            );
        }
        if (scripts?.Contains("'unsafe-eval'") == true)
        {
            yield return new(Name, 5, "Texts may be run as scripts.", "Remove 'unsafe-eval'.");
        }
        if (Sources(policy, "object-src") is null && Sources(policy, "default-src") is null)
        {
            yield return new(Name, 5, "Plugins may be loaded from anywhere.", "Add: object-src 'none'");
        }
        if (Sources(policy, "base-uri") is null && isBound)
        {
            yield return new(Name, 5, "A <base> in the page may lead its scripts elsewhere.", "Add: base-uri 'self'");
        }
    }

    private static IEnumerable<HeaderFinding> Framing(SeenAnswer answer)
    {
        var isFramed =
            One(answer, "X-Frame-Options")?.Trim().ToUpperInvariant() is not ("DENY" or "SAMEORIGIN")
            && Sources(One(answer, "Content-Security-Policy") ?? "", "frame-ancestors") is null;
        if (isFramed)
        {
            yield return new(
                "X-Frame-Options",
                20,
                "Any site may show the page in a frame and make people click in it.",
                "Add to the service: gateway: { security: standard }"
            );
        }
    }

    private static IEnumerable<HeaderFinding> Small(SeenAnswer answer)
    {
        if (One(answer, "X-Content-Type-Options")?.Trim().ToLowerInvariant() is not "nosniff")
        {
            yield return new(
                "X-Content-Type-Options",
                10,
                "Browsers guess what a file is, and may run what is none.",
                "Add to the service: gateway: { security: standard }"
            );
        }
        var referrer = One(answer, "Referrer-Policy")?.Split(',')[^1].Trim().ToLowerInvariant();
        if (referrer is null or "unsafe-url" or "no-referrer-when-downgrade")
        {
            yield return new(
                "Referrer-Policy",
                referrer is null ? 5 : 10,
                "Other sites learn the whole address of the page, with what is in its query.",
                "Write: gateway: { security: { referrer: strict-origin-when-cross-origin } }"
            );
        }
        if (One(answer, "Permissions-Policy") is null)
        {
            yield return new(
                "Permissions-Policy",
                5,
                "Frames in the page may ask for camera, microphone and place.",
                "Add to the service: gateway: { security: standard }"
            );
        }
        if (One(answer, "Cross-Origin-Opener-Policy") is null)
        {
            yield return new(
                "Cross-Origin-Opener-Policy",
                2,
                "A page that opens this one keeps a hold on it.",
                "Write: gateway: { security: { opener: same-origin } }"
            );
        }
    }

    private static IEnumerable<HeaderFinding> Cookies(SeenAnswer answer)
    {
        foreach (var cookie in Values(answer, "Set-Cookie"))
        {
            var words = Directives(cookie, ';').Select(word => word.Split('=')[0].ToLowerInvariant()).ToHashSet();
            var name = cookie.Split('=')[0];
            string[] lacks = [.. Careful.Where(one => !words.Contains(one.ToLowerInvariant()))];
            if (lacks.Length > 0)
            {
                yield return new(
                    "Set-Cookie",
                    5,
                    $"The cookie '{name}' can be stolen or sent along more easily than needed.",
                    $"Set it with: {string.Join("; ", lacks.Select(one => one is "SameSite" ? "SameSite=Lax" : one))}"
                );
            }
        }
    }

    private static IEnumerable<HeaderFinding> Talk(SeenAnswer answer)
    {
        if (
            One(answer, "Access-Control-Allow-Origin") is "*"
            && One(answer, "Access-Control-Allow-Credentials") is "true"
        )
        {
            yield return new(
                "Access-Control-Allow-Origin",
                15,
                "Every page on the web is meant to act as its user.",
                "Name the origins: gateway: { cors: { origins: [https://shop.example.com] } }"
            );
        }
        foreach (var name in Talkative)
        {
            if (One(answer, name) is { } says && says.Any(char.IsAsciiDigit))
            {
                yield return new(
                    name,
                    3,
                    $"It tells which version to attack: {says}.",
                    $"Turn '{name}' off in the app."
                );
            }
        }
    }

    private static bool IsBinding(string source) =>
        source is "'strict-dynamic'"
        || source.StartsWith("'nonce-", StringComparison.Ordinal)
        || source.StartsWith("'sha", StringComparison.Ordinal);

    private static string[]? Sources(string policy, string directive) =>
        Directives(policy, ';')
            .Select(one => one.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words.Length > 0 && words[0].Equals(directive, StringComparison.OrdinalIgnoreCase))
            ?[1..];

    private static string[] Directives(string text, char separator) =>
        text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? One(SeenAnswer answer, string name) => Values(answer, name).FirstOrDefault();

    private static IEnumerable<string> Values(SeenAnswer answer, string name) =>
        answer.Headers.Where(one => one.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(one => one.Value);
}
