using System.Text.RegularExpressions;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Checking.Dast;

/// <summary>
/// Looks at a running service as a curious stranger would, with requests that change nothing: GET, OPTIONS and TRACE alone, values that are
/// told apart from any attack, and about a thousand requests at most, one after the other.
/// </summary>
/// <param name="mark">Letters that no page has by itself.</param>
internal sealed partial class ServiceLook(
    ICaller caller,
    ITlsVersions tls,
    Uri site,
    IReadOnlyList<KeyValuePair<string, string>> headers,
    string mark
)
{
    private const string Elsewhere = "fairlead.invalid";
    private const int PagesMax = 30;
    private const int AskedMax = 1_000;
    private const int NamesMax = 40;

    private static readonly string[] RedirectNames =
    [
        "next",
        "url",
        "redirect",
        "redirect_uri",
        "return",
        "returnUrl",
        "return_to",
        "continue",
        "dest",
        "goto",
    ];
    private static readonly string[] TextNames = ["q", "s", "search", "query", "id", "name", "message", "error"];

    private readonly List<Weakness> found = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>How many requests were sent.</summary>
    public int Asked { get; private set; }

    /// <summary>Pages that were not looked at, since enough was asked.</summary>
    public int Left { get; private set; }

    /// <returns>The worst first; null when the service does not answer.</returns>
    public async Task<IReadOnlyList<Weakness>?> FindAsync(IReadOnlyList<string> pages, CancellationToken stop)
    {
        var first = await AskAsync("GET", site, [], stop);
        if (first.Failure is not null)
        {
            return null;
        }
        found.AddRange(PassiveLooks.Headers(site, first));
        var known = await CrawlAsync(first, pages, stop);
        await FilesAsync(stop);
        await ErrorsAsync(stop);
        foreach (var page in known)
        {
            if (Asked > AskedMax)
            {
                Left++;
                continue;
            }
            await RedirectsAsync(page, stop);
            await TextsAsync(page, stop);
            await OriginsAsync(page, stop);
        }
        await TraceAsync(stop);
        await TlsAsync(stop);
        return
        [
            .. found
                .DistinctBy(static one => (one.Rule, one.Where))
                .OrderByDescending(static one => one.Severity)
                .ThenBy(static one => one.Where, StringComparer.Ordinal),
        ];
    }

    private async Task<IReadOnlyList<Uri>> CrawlAsync(
        CallAnswer first,
        IReadOnlyList<string> pages,
        CancellationToken stop
    )
    {
        var known = new List<Uri> { site };
        var said = pages.Select(one => Uri.TryCreate(site, one, out var url) ? url : site);
        var waiting = new Queue<Uri>(said.Where(one => one.Authority == site.Authority).Concat(Links(site, first)));
        Read(site, first);
        while (waiting.TryDequeue(out var url) && known.Count < PagesMax)
        {
            if (known.Exists(one => one.AbsolutePath == url.AbsolutePath))
            {
                continue;
            }
            known.Add(url);
            var answer = await AskAsync("GET", url, [], stop);
            Read(url, answer);
            foreach (var link in Links(url, answer))
            {
                waiting.Enqueue(link);
            }
        }
        return known;
    }

    // A page's own forms and links say which names it takes.
    private void Read(Uri url, CallAnswer answer)
    {
        found.AddRange(PassiveLooks.Body($"GET {url.PathAndQuery}", url, answer));
        foreach (Match one in Field().Matches(answer.Text).Take(NamesMax))
        {
            Keep(one.Groups["name"].Value);
        }
        foreach (var link in Links(url, answer))
        {
            foreach (var part in link.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                Keep(Uri.UnescapeDataString(part.Split('=')[0]));
            }
        }
    }

    private void Keep(string name)
    {
        if (names.Count < NamesMax && name.Length is > 0 and <= 40)
        {
            _ = names.Add(name);
        }
    }

    private static IEnumerable<Uri> Links(Uri page, CallAnswer answer)
    {
        if (answer.Header("Content-Type")?.Contains("html", StringComparison.OrdinalIgnoreCase) is not true)
        {
            yield break;
        }
        foreach (Match one in Link().Matches(answer.Text).Take(PagesMax * 2))
        {
            // Whoever signs out sees less from then on.
            if (
                Uri.TryCreate(page, System.Net.WebUtility.HtmlDecode(one.Groups["at"].Value), out var url)
                && url.Authority == page.Authority
                && url.Scheme == page.Scheme
                && !Leaving().IsMatch(url.AbsolutePath)
            )
            {
                yield return url;
            }
        }
    }

    private async Task FilesAsync(CancellationToken stop)
    {
        foreach (var (path, rule, severity, isIt) in ExposedFiles.All)
        {
            var answer = await AskAsync("GET", new Uri(site, path), [], stop);
            if (answer.Status == 200 && isIt(answer))
            {
                found.Add(
                    new(
                        severity,
                        rule,
                        $"GET {path}",
                        $"{path} can be fetched by anybody.",
                        "It was never meant to be on the site; secrets and source are in such files.",
                        "Take it off the server, build into a folder of its own, and change every secret in it."
                    )
                );
            }
        }
    }

    private async Task ErrorsAsync(CancellationToken stop)
    {
        foreach (var path in (string[])[$"/{mark}", $"/{mark}?id=%27%22%3B--", "/%c0%ae", $"/{mark}/..%2f..%2fetc"])
        {
            var url = new Uri(site, path);
            found.AddRange(
                PassiveLooks.Body(
                    $"GET {path.Replace(mark, "none", StringComparison.Ordinal)}",
                    url,
                    await AskAsync("GET", url, [], stop)
                )
            );
        }
    }

    private async Task RedirectsAsync(Uri page, CancellationToken stop)
    {
        foreach (
            var name in RedirectNames
                .Concat(names.Where(static one => !TextNames.Contains(one)))
                .Distinct()
                .Take(NamesMax)
        )
        {
            foreach (var target in (string[])[$"https://{Elsewhere}/", $"//{Elsewhere}/"])
            {
                var answer = await AskAsync("GET", With(page, name, target), [], stop);
                if (
                    answer.Status is >= 300 and < 400
                    && answer.Header("Location") is { } location
                    && Uri.TryCreate(page, location, out var leads)
                    && leads.IdnHost == Elsewhere
                )
                {
                    found.Add(
                        new(
                            Severity.Medium,
                            "open-redirect",
                            $"GET {page.AbsolutePath}?{name}=",
                            $"It sends visitors wherever '{name}' says.",
                            "Links to a site that people trust lead them to one that they should not.",
                            "Take paths of the site alone, or names from a list."
                        )
                    );
                    break;
                }
                if (answer.Status is < 300 or >= 400)
                {
                    break; // It leads nowhere, whatever is said.
                }
            }
        }
    }

    private async Task TextsAsync(Uri page, CancellationToken stop)
    {
        // Not a script: whether these four come back as they are tells enough.
        var text = $"{mark}\"'><i>";
        foreach (var name in TextNames.Concat(names).Distinct().Take(NamesMax))
        {
            var answer = await AskAsync("GET", With(page, name, text), [], stop);
            if (
                answer.Header("Content-Type")?.Contains("html", StringComparison.OrdinalIgnoreCase) is true
                && answer.Text.Contains($"{mark}\"'><i>", StringComparison.Ordinal)
            )
            {
                found.Add(
                    new(
                        Severity.High,
                        "input-reflected",
                        $"GET {page.AbsolutePath}?{name}=",
                        $"What '{name}' says comes back in the page as it is.",
                        "Whoever makes a link puts a script of their own into the page (cross-site scripting).",
                        "Escape what is put into pages: let the template do it."
                    )
                );
            }
        }
    }

    private async Task OriginsAsync(Uri page, CancellationToken stop)
    {
        foreach (var origin in (string[])[$"https://{Elsewhere}", "null"])
        {
            var answer = await AskAsync("GET", page, [new("Origin", origin)], stop);
            if (answer.Header("Access-Control-Allow-Origin") is { } allowed && allowed == origin)
            {
                var isOpen = string.Equals(
                    answer.Header("Access-Control-Allow-Credentials"),
                    "true",
                    StringComparison.OrdinalIgnoreCase
                );
                found.Add(
                    new(
                        isOpen ? Severity.High : Severity.Medium,
                        "cors-reflected",
                        $"GET {page.AbsolutePath}",
                        $"Pages of any site may read it{(isOpen ? " as the visitor who is signed in" : "")}.",
                        $"It allowed the origin '{origin}', only because it was asked by it.",
                        "Name the origins that may: gateway: { cors: { origins: [https://app.example.com] } }"
                    )
                );
                return;
            }
        }
    }

    private async Task TraceAsync(CancellationToken stop)
    {
        var answer = await AskAsync("TRACE", site, [new("X-Mark", mark)], stop);
        if (answer.Status == 200 && answer.Text.Contains(mark, StringComparison.Ordinal))
        {
            found.Add(
                new(
                    Severity.Low,
                    "trace-method",
                    $"TRACE {site.AbsolutePath}",
                    "It sends requests back whole.",
                    "Headers that a page may not see come back in the body.",
                    "Switch TRACE off (Apache: TraceEnable off)."
                )
            );
        }
    }

    private async Task TlsAsync(CancellationToken stop)
    {
        if (site.Scheme != "https")
        {
            return;
        }
        foreach (var (minor, name) in ((int, string)[])[(1, "TLS 1.0"), (2, "TLS 1.1")])
        {
            if (await tls.SpeaksAsync(site, minor, stop) is true)
            {
                found.Add(
                    new(
                        Severity.Medium,
                        "tls-old",
                        $"{site.Authority}: {name}",
                        $"It speaks {name}.",
                        "RFC 8996 forbids it since 2021: its ciphers can be broken.",
                        "Take TLS 1.2 and 1.3 alone."
                    )
                );
            }
        }
    }

    private static Uri With(Uri page, string name, string value) =>
        new($"{page.GetLeftPart(UriPartial.Path)}?{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");

    private async Task<CallAnswer> AskAsync(
        string method,
        Uri url,
        IReadOnlyList<KeyValuePair<string, string>> more,
        CancellationToken stop
    )
    {
        Asked++;
        return await caller.AskAsync(new(method, url, [.. headers, .. more]), stop);
    }

    [GeneratedRegex(
        @"<a\b[^>]*\bhref\s*=\s*[""'](?<at>[^""'#]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    )]
    private static partial Regex Link();

    [GeneratedRegex(
        @"<(?:input|textarea|select)\b[^>]*\bname\s*=\s*[""'](?<name>[^""']+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    )]
    private static partial Regex Field();

    [GeneratedRegex(
        "log-?out|sign-?out|delete|remove|unsubscribe",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    )]
    private static partial Regex Leaving();
}
