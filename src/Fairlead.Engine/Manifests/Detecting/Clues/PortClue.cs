using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Engine.Manifests.Detecting.Clues;

/// <summary>The only port a program can listen on: it is written in its source, and nowhere does the source read PORT.</summary>
internal static partial class PortClue
{
    public static (int Port, Evidence Because)? Find(Sight sight, Sources sources)
    {
        (int, Evidence)? found = null;
        foreach (var (path, line, text) in SourceText.Lines(sight, sources))
        {
            if (text.Contains("PORT", StringComparison.Ordinal) && Reads().IsMatch(text))
            {
                return null;
            }
            if (
                found is null
                && Listens().Match(text) is { Success: true } match
                && int.TryParse(match.Groups["port"].Value, CultureInfo.InvariantCulture, out var port)
                && port is > 0 and <= 65_535
            )
            {
                found = (
                    port,
                    new(path, line, $"always listens on port {match.Groups["port"].Value}, and nothing reads PORT")
                );
            }
        }
        return found;
    }

    // process.env.PORT  os.environ["PORT"]  os.Getenv("PORT")  env::var("PORT")  ENV['PORT']  ASPNETCORE_URLS  {PORT:-80}
    [GeneratedRegex(
        @"env\w*\W{1,12}PORT\b|\b(getenv|get_env|var|get|GetEnvironmentVariable|LookupEnv|Getenv|Configuration)\W{1,3}[""']?PORT\b|\bPORT\b\s*(\}|,)\s*=?.*\benv\b|SERVER_PORT|_PORT\b.*env|env.*_PORT\b|HTTP_PORTS|\[""PORT""\]",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Reads();

    // app.listen(3000  .listen({ port: 3000  run(port=5000  ("", 8000)  ListenAndServe(":8080"  bind("0.0.0.0:8080")
    // const port = 3000;  http://localhost:5005  set :port, 4567  Deno.serve({ port: 8000
    [GeneratedRegex(
        @"\.listen\(\s*(\{\s*port\s*:\s*)?(?<port>\d{2,5})\b|\b(run|serve|Serve|Server)\(.*\bport\s*[=:]\s*(?<port>\d{2,5})\b|Server\(\s*\(\s*['""][\w.]*['""]\s*,\s*(?<port>\d{2,5})\s*\)|(ListenAndServe(TLS)?|Listen|Run|Start|bind|Run)\(.*[""'][\w.]*:(?<port>\d{2,5})[""']|^\s*(export\s+)?(const|let|var|final|static|int|)\s*(int\s+)?(port|PORT|Port)\s*(:\s*\w+\s*)?:?=\s*(?<port>\d{2,5})\s*;?\s*$|(UseUrls|Run|Add)\(.*https?://[\w.*+]+:(?<port>\d{2,5})|Listen(AnyIP|Localhost)\((?<port>\d{2,5})|set\s+:port,\s*(?<port>\d{2,5})|InetSocketAddress\(\s*(?<port>\d{2,5})\s*\)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Listens();
}
