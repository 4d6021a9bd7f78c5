using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.ComposeFiles.Exporting;

/// <summary>How Compose asks whether a replica is well, by what most images have: wget, curl or bash.</summary>
internal static class HealthTest
{
    /// <summary>Null for a worker of which nothing is known but that it runs.</summary>
    public static JsonObject? Of(Service service, int port)
    {
        var health = service.Health;
        JsonArray? test = health switch
        {
            { Http: { } path } => new("CMD-SHELL", Http(port, path)),
            { Tcp: true } => new("CMD-SHELL", $"bash -c ': < /dev/tcp/127.0.0.1/{port}' || nc -z 127.0.0.1 {port}"),
            { Command.Count: > 0 } => new(["CMD", .. health.Command.Select(static word => (JsonNode)word)]),
            _ => null,
        };
        return test is null
            ? null
            : new JsonObject
            {
                ["test"] = test,
                ["interval"] = ComposeTime(health.Every),
                ["timeout"] = ComposeTime(health.Timeout),
                ["start_period"] = ComposeTime(health.StartGrace),
                ["retries"] = 3,
            };
    }

    /// <summary>Compose knows no days.</summary>
    public static string ComposeTime(TimeSpan time) =>
        time.TotalDays >= 1 && time.Ticks % TimeSpan.TicksPerHour == 0 ? $"{(long)time.TotalHours}h" : time.Text;

    private static string Http(int port, string path)
    {
        var url = $"http://127.0.0.1:{port}{path}";
        return $"if command -v wget > /dev/null; then wget -q -O /dev/null '{Quoted(url)}'; "
            + $"elif command -v curl > /dev/null; then curl -fsS -o /dev/null '{Quoted(url)}'; "
            + $"else bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port} && printf \"GET %s HTTP/1.0\\r\\n\\r\\n\" \"$0\" >&3 && head -n 1 <&3 | grep -q \" [23]\"' '{Quoted(path)}'; fi";
    }

    private static string Quoted(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal);
}
