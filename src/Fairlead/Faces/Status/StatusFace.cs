using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Status;

/// <summary>
/// Shows status pages to everybody: GET /status/{page}, /status/{page}.json and /status/{page}.rss. Each is made at most once in a few
/// seconds, however many ask, because most ask when something is down.
/// </summary>
internal static class StatusFace
{
    public const string Folder = "/status/";

    private const int KeptMax = 1_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [""] = "text/html; charset=utf-8",
        [".json"] = "application/json",
        [".rss"] = "application/rss+xml; charset=utf-8",
    };

    /// <summary>A page that was made.</summary>
    private sealed record Made(DateTimeOffset At, byte[] Body, string Tag);

    public static void Map(WebApplication app, StatusDesk desk, World world)
    {
        var kept = new ConcurrentDictionary<string, Made>(StringComparer.Ordinal);
        app.MapMethods(
                Folder + "{page}",
                ["GET", "HEAD"],
                (string page, HttpContext http) => AnswerAsync(http, page, kept, (desk, world), http.RequestAborted)
            )
            .WithMetadata(EndpointPolicy.Everybody);
    }

    private static async Task AnswerAsync(
        HttpContext http,
        string asked,
        ConcurrentDictionary<string, Made> kept,
        (StatusDesk Desk, World World) with,
        CancellationToken stop
    )
    {
        var now = with.World.Now;
        var key = $"{BaseOf(http)} {asked}";
        if (!kept.TryGetValue(key, out var made) || now - made.At > KeptFor)
        {
            made = await MakeAsync(http, asked, with.Desk, now, stop);
            if (kept.Count >= KeptMax)
            {
                kept.Clear();
            }
            kept[key] = made;
        }
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=15";
        headers.ETag = made.Tag;
        headers.ContentSecurityPolicy = StatusHtml.Policy;
        if (
            http.Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known
            && known.Contains(made.Tag, StringComparison.Ordinal)
        )
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = Types[EndOf(asked)];
        http.Response.ContentLength = made.Body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(made.Body, stop);
        }
    }

    private static async Task<Made> MakeAsync(
        HttpContext http,
        string asked,
        StatusDesk desk,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var end = EndOf(asked);
        var view = await desk.ViewAsync(asked[..^end.Length], stop) ?? throw new ProblemException(Unknown());
        var body = end switch
        {
            ".json" => JsonSerializer.SerializeToUtf8Bytes(view, Json),
            ".rss" => StatusFeed.Of(view, new Uri($"{BaseOf(http)}{Folder}{view.Name}"), now),
            _ => Encoding.UTF8.GetBytes(StatusHtml.Of(view, now)),
        };
        return new(now, body, $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"");
    }

    // As whoever asks sees this server: the edge says by which way they came to it.
    private static string BaseOf(HttpContext http) =>
        Outside.Is(http) && http.Request.Headers["X-Forwarded-Proto"] is ["https"]
            ? $"https://{http.Request.Host}"
            : $"{http.Request.Scheme}://{http.Request.Host}";

    private static string EndOf(string asked) =>
        asked.EndsWith(".json", StringComparison.Ordinal) ? ".json"
        : asked.EndsWith(".rss", StringComparison.Ordinal) ? ".rss"
        : "";

    private static Problem Unknown() =>
        new(
            "status.unknown-page",
            What: "There is no such status page.",
            Why: "None of this name was made.",
            Fix: "See all: fairlead status page list"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
