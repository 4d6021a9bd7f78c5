using System.Text.RegularExpressions;

namespace Fairlead.Engine.Manifests.Detecting.Clues;

/// <summary>
/// A path that the source itself answers as a health check. Only what is evidently a route at the top of the app counts: a
/// wrong path would fail every deployment, while without one the port is watched, which is always right.
/// </summary>
internal static partial class HealthClue
{
    // Most to the point first: ready for traffic before merely alive.
    private static readonly string[] Order =
    [
        "/healthz",
        "/health",
        "/readyz",
        "/health/ready",
        "/ready",
        "/healthcheck",
        "/health-check",
        "/_health",
        "/api/healthz",
        "/api/health",
        "/livez",
        "/health/live",
        "/up",
    ];

    public static Evidence? Find(Sight sight, Sources sources)
    {
        Evidence? best = null;
        var rank = Order.Length;
        foreach (var (path, line, text) in SourceText.Lines(sight, sources))
        {
            // The regular expression costs far more than this, and nearly no line passes.
            if (!text.Contains("health", StringComparison.OrdinalIgnoreCase) && !Other().IsMatch(text))
            {
                continue;
            }
            if (Of(text) is { } found && Array.IndexOf(Order, found.TrimEnd('/')) is >= 0 and var at && at < rank)
            {
                (best, rank) = (new(path, line, $"answers {found}"), at);
            }
        }
        return best;
    }

    /// <summary>The path of the evidence.</summary>
    public static string PathOf(Evidence evidence) => evidence.Says.Split(' ')[^1];

    /// <summary>The path, if the line is a route at the top of an app.</summary>
    internal static string? Of(string line)
    {
        var path = Literal().Match(line) is { Success: true } match ? match.Groups["path"].Value : null;
        return path is null || Client().IsMatch(line) ? null
            : path.StartsWith('/') ? (Route().IsMatch(line) ? path : null)
            : Slashless().IsMatch(line) ? "/" + path
            : null;
    }

    // "GET /healthz"   '/health'   `/up`   path("healthz/", ...)   get "up" => "rails/health#show"
    [GeneratedRegex(
        @"['""`](GET )?(?<path>/(healthz|health|readyz|ready|healthcheck|health-check|_health|livez|up)/?|/health/(ready|live)/?|/api/healthz?/?|healthz?/|up)['""`]",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Literal();

    [GeneratedRegex(
        @"['""` ]/?(readyz?|livez|up)/?['""`]",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Other();

    // A receiver that is the app itself, or a comparison with the request's path. A router may hang anywhere.
    [GeneratedRegex(
        @"\b(app|server|mux|r|e|srv|fastify|http|engine|web|application)\.(get|Get|GET|all|use|route|Handle|HandleFunc|MapGet|MapHealthChecks|add_get|addHandler|HandlerFunc)\b|\bMapHealthChecks\(|\.route\(|^\s*get\s|\bcase\b|===?|\.(Equals|equals|startsWith|StartsWith|startswith|has|includes)\(|['""`](GET )?/[\w/]+['""`]\s*(:|=>|\])|\b(GET|when|in)\b|context\(|createContext\(",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Route();

    // Django and Rails write routes without their first slash.
    [GeneratedRegex(@"\bpath\(|^\s*get\s", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Slashless();

    // Somebody else's health, or a rule about one's own.
    [GeneratedRegex(
        @"\b(fetch|axios|curl|requests\.|httpx|client|Client|request\(|GetAsync|GetStringAsync|http\.Get\(|urlopen|skip|exclude|ignore|router|group|Group|prefix|!==?)\b|!=",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Client();
}
