using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Three probes become one: whether it is well.</summary>
internal static class ProbeImport
{
    private const string Ready = "readinessProbe";
    private const string Alive = "livenessProbe";
    private const string Started = "startupProbe";

    private static readonly ScalarForm Addresses = ShapeForms.Of(Shape.Address);

    public static readonly string[] Keys = [Ready, Alive, Started];

    public static void Apply(WorkloadDraft draft)
    {
        var (ready, alive, started) = (Of(draft, Ready), Of(draft, Alive), Of(draft, Started));
        var health = new JsonObject();
        if ((ready ?? alive ?? started) is { } chosen)
        {
            How(draft, chosen, health);
            Time(health, "every", ClusterObject.Text(chosen.Said, "periodSeconds"));
            Time(health, "timeout", ClusterObject.Text(chosen.Said, "timeoutSeconds"));
            Grace(health, started, alive, ready);
            foreach (var other in new[] { ready, alive, started }.OfType<Probe>())
            {
                Others(draft, chosen, other);
            }
        }
        if (draft.Port is not null && !health.ContainsKey("http") && !health.ContainsKey("command"))
        {
            health.Insert(0, "tcp", true); // Where nothing else tells whether it is well, its port does.
        }
        if (health.Count > 0)
        {
            draft.Keys["health"] = health is { Count: 1 } && health["http"] is { } alone ? alone.DeepClone() : health;
        }
    }

    private sealed record Probe(string Key, Place Place, Piece.Group Said);

    private static Probe? Of(WorkloadDraft draft, string key) =>
        draft.Said.Entries.FirstOrDefault(one => one.Key == key) is { Value: Piece.Group said } entry
            ? new(key, entry.Place, said)
            : null;

    private static void How(WorkloadDraft draft, Probe probe, JsonObject health)
    {
        var said = probe.Said;
        if (ClusterObject.Group(said, "httpGet") is { } get)
        {
            Http(draft, (probe, get), health);
        }
        else if (ClusterObject.Group(said, "exec") is { } exec)
        {
            health["command"] = new JsonArray([
                .. ClusterObject.Texts(exec.Find("command")).Select(static one => (JsonNode)one.Text),
            ]);
        }
        else if (said.Find("grpc") is { } grpc)
        {
            draft.Changed(
                grpc.Place,
                $"{probe.Key}.grpc",
                "It is well when its port accepts connections.",
                "Where that tells too little: health: { command: [/bin/grpc_health_probe, \"-addr=:8080\"] }, with the program in the image."
            );
        }
        draft.Rest(
            said,
            probe.Key,
            "httpGet",
            "exec",
            "grpc",
            "tcpSocket",
            "periodSeconds",
            "timeoutSeconds",
            "initialDelaySeconds",
            "failureThreshold",
            "successThreshold"
        );
    }

    private static void Http(WorkloadDraft draft, (Probe Probe, Piece.Group Get) of, JsonObject health)
    {
        var (probe, get) = of;
        var path = ClusterObject.Text(get, "path") ?? "/";
        var port = Ports.Number(draft.Said, ClusterObject.Text(get, "port"));
        if (ClusterObject.Text(get, "scheme") is "HTTPS" || port != draft.Port || !Addresses.Accepts(path))
        {
            draft.Changed(
                probe.Place,
                probe.Key,
                $"It is well when port {draft.Port} accepts connections; it was asked at port {port}{(ClusterObject.Text(get, "scheme") is "HTTPS" ? " by HTTPS" : "")}.",
                "Let the port that takes requests answer whether it is well, by HTTP, and write: health: /healthz"
            );
            return;
        }
        health["http"] = path;
        draft.Rest(get, $"{probe.Key}.httpGet", "path", "port", "scheme");
    }

    /// <summary>How long a start may take: as a startup probe says it, else as long as others wait before they look.</summary>
    private static void Grace(JsonObject health, params ReadOnlySpan<Probe?> probes)
    {
        foreach (var probe in probes)
        {
            var isStart = probe?.Key == Started;
            var delay = Whole(probe, "initialDelaySeconds", 0);
            var patience = isStart ? Whole(probe, "periodSeconds", 10) * Whole(probe, "failureThreshold", 3) : 0;
            var seconds = delay + patience;
            // As long as is usual is not worth saying.
            if (isStart ? seconds > 0 : seconds > 60)
            {
                Time(health, "startGrace", $"{seconds}");
                return;
            }
        }
    }

    private static int Whole(Probe? probe, string key, int usual) =>
        Math.Min(3600, ComposeValues.Whole(ClusterObject.Text(probe?.Said, key) ?? "") ?? usual);

    private static void Time(JsonObject health, string name, string? text)
    {
        if (Quantity.Seconds(text) is { } time)
        {
            health[name] = time;
        }
    }

    private static void Others(WorkloadDraft draft, Probe chosen, Probe other)
    {
        if (other.Key != chosen.Key && other.Key != Started && Asks(other) != Asks(chosen))
        {
            draft.Changed(
                other.Place,
                other.Key,
                $"One look tells both whether it takes requests and whether it is started again: that of {chosen.Key}.",
                "Let that one tell what matters to both."
            );
        }
    }

    private static string Asks(Probe probe) =>
        string.Join(
            ' ',
            probe
                .Said.Entries.Where(static one => one.Key is "httpGet" or "exec" or "tcpSocket" or "grpc")
                .Select(static one =>
                    one is { Key: "httpGet", Value: Piece.Group get }
                        ? $"{one.Key} {ClusterObject.Text(get, "path")} {ClusterObject.Text(get, "port")}"
                        : $"{one.Key} {Words(one.Value)}"
                )
        );

    private static string Words(Piece piece) =>
        piece switch
        {
            Piece.Word word => word.Text,
            Piece.Row row => string.Join(' ', row.Items.Select(Words)),
            Piece.Group group => string.Join(' ', group.Entries.Select(static one => $"{one.Key} {Words(one.Value)}")),
            _ => "",
        };
}
