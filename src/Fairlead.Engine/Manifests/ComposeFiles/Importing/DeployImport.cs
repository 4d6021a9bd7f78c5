using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>How many run, with what, and how they are replaced.</summary>
internal static class DeployImport
{
    public static void Apply(ServiceDraft draft)
    {
        var limits = new JsonObject();
        Old(draft, limits);
        if (draft.Find("deploy") is Piece.Group deploy)
        {
            foreach (var entry in deploy.Entries.Where(static one => one.Value is not Piece.Word { IsNothing: true }))
            {
                One(draft, entry, limits);
            }
        }
        if (draft.Find("scale") is Piece.Word scale)
        {
            Replicas(draft, scale);
        }
        if (limits.Count > 0)
        {
            draft.Keys["limits"] = limits;
        }
        Restart(draft, draft.Find("restart") as Piece.Word);
        Stop(draft);
    }

    private static void Old(ServiceDraft draft, JsonObject limits)
    {
        foreach (var (key, name) in new[] { ("cpus", "cpu"), ("mem_limit", "memory"), ("pids_limit", "pids") })
        {
            if (draft.Find(key) is Piece.Word word)
            {
                Limit(draft, word, (key, name), limits);
            }
        }
    }

    private static void One(ServiceDraft draft, Piece.Entry entry, JsonObject limits)
    {
        switch (entry)
        {
            case { Key: "replicas", Value: Piece.Word word }:
                Replicas(draft, word);
                break;
            case { Key: "resources", Value: Piece.Group resources }:
                Resources(draft, resources, limits);
                break;
            case { Key: "update_config", Value: Piece.Group update }:
                Update(draft, update);
                break;
            case { Key: "restart_policy", Value: Piece.Group policy }:
                Restart(draft, policy.Find("condition") as Piece.Word);
                foreach (var one in policy.Entries.Where(static one => one.Key != "condition"))
                {
                    draft.NotTaken(
                        one.Place,
                        $"deploy.restart_policy.{one.Key}",
                        "Fairlead starts what ended again after a growing pause, without end.",
                        "Nothing is to be done."
                    );
                }
                break;
            case { Key: "mode", Value: Piece.Word { Text: "replicated" } }:
                break;
            default:
                if (!entry.Key.StartsWith("x-", StringComparison.Ordinal))
                {
                    draft.NotTaken(
                        entry.Place,
                        $"deploy.{entry.Key}",
                        "It is for a swarm of machines, or for Compose itself.",
                        "Nothing is to be done on one machine."
                    );
                }
                break;
        }
    }

    private static void Replicas(ServiceDraft draft, Piece.Word word)
    {
        switch (ComposeValues.Whole(word.Text))
        {
            case 0:
                draft.NotTaken(
                    word.Place,
                    "replicas",
                    "A service of the manifest runs; with 'min: 0' it sleeps while nobody asks for it.",
                    "Leave the service out, or write: replicas: { min: 0, max: 1 }"
                );
                break;
            case <= 100 and var number:
                // One is what the manifest takes where it says nothing.
                draft.Keys.Remove("replicas");
                if (number > 1)
                {
                    draft.Keys["replicas"] = number;
                }
                break;
            case { }:
                draft.NotTaken(word.Place, "replicas", "At most 100 run.", "Write: replicas: 100");
                break;
            default:
                draft.Bad(word, "replicas", "a whole number");
                break;
        }
    }

    private static void Resources(ServiceDraft draft, Piece.Group resources, JsonObject limits)
    {
        foreach (var entry in (resources.Find("limits") as Piece.Group)?.Entries ?? [])
        {
            (string, string)? names = entry.Key switch
            {
                "cpus" => ("deploy.resources.limits.cpus", "cpu"),
                "memory" => ("deploy.resources.limits.memory", "memory"),
                "pids" => ("deploy.resources.limits.pids", "pids"),
                _ => null,
            };
            if (names is { } known && entry.Value is Piece.Word word)
            {
                Limit(draft, word, known, limits);
            }
            else
            {
                draft.NotTaken(
                    entry.Place,
                    $"deploy.resources.limits.{entry.Key}",
                    "Limits are cpu, memory and pids.",
                    "Nothing is to be done unless it must be held."
                );
            }
        }
        foreach (var entry in (resources.Find("reservations") as Piece.Group)?.Entries ?? [])
        {
            var isDevice = entry.Key == "devices";
            draft.NotTaken(
                entry.Place,
                $"deploy.resources.reservations.{entry.Key}",
                isDevice
                    ? "Containers of Fairlead get no devices such as GPUs."
                    : "Nothing is kept free for a service; only limits hold.",
                isDevice
                    ? "Run it on target 'local', where it is a process of the machine, or keep it running with Compose."
                    : "Give the others limits that leave enough."
            );
        }
    }

    private static void Limit(ServiceDraft draft, Piece.Word word, (string Key, string Name) names, JsonObject limits)
    {
        var (key, name) = names;
        JsonNode? value = name switch
        {
            "cpu" => ComposeValues.Number(word.Text) is >= 0.01 and <= 1024 and var cores ? cores : null,
            "memory" => ComposeValues.Size(word.Text) is { } size ? size : null,
            _ => ComposeValues.Whole(word.Text) is >= 1 and <= 1_000_000 and var pids ? pids : null,
        };
        if (value is not null)
        {
            limits[name] = value;
        }
        else if (word.Text is not ("0" or "-1" or "0.0"))
        {
            draft.Bad(word, key, name == "memory" ? "a size such as 512m" : "a number");
        }
    }

    private static void Update(ServiceDraft draft, Piece.Group update)
    {
        var parallelism = update.Find("parallelism") is Piece.Word word ? ComposeValues.Whole(word.Text) ?? 1 : 1;
        var surge = Math.Clamp(parallelism == 0 ? 100 : parallelism, 1, 100);
        var startsFirst = update.Find("order") is Piece.Word { Text: "start-first" };
        var deploy = new JsonObject { ["strategy"] = "rolling" };
        deploy["maxSurge"] = startsFirst ? surge : 0;
        if (!startsFirst)
        {
            deploy["maxUnavailable"] = surge;
        }
        if (
            update.Find("delay") is Piece.Word delay
            && ComposeValues.Time(delay.Text) is { } hold
            && hold > TimeSpan.Zero
        )
        {
            deploy["hold"] = hold.Text;
        }
        draft.Keys["deploy"] = deploy;
        foreach (
            var entry in update.Entries.Where(static one =>
                one.Key is "failure_action" or "monitor" or "max_failure_ratio"
            )
        )
        {
            draft.Changed(
                entry.Place,
                $"deploy.update_config.{entry.Key}",
                "Whatever fails is taken back to the release before; what counts as a failure is said by gates.",
                "Say them: deploy: { strategy: rolling, gates: [error-rate < 1%] }"
            );
        }
    }

    private static void Restart(ServiceDraft draft, Piece.Word? policy)
    {
        if (policy is null || policy.Text is "always" or "unless-stopped" or "any")
        {
            return;
        }
        draft.Changed(
            policy.Place,
            "restart",
            policy.Text.StartsWith("on-failure", StringComparison.Ordinal)
                ? "Fairlead starts again whatever ends, also when it ended well."
                : "Fairlead starts again whatever ends; a program that does its work and ends is no service.",
            policy.Text.StartsWith("on-failure", StringComparison.Ordinal)
                ? "Nothing is to be done for a program that runs for ever."
                : "Run what ends before a deployment, for example from CI: docker compose run --rm NAME"
        );
    }

    private static void Stop(ServiceDraft draft)
    {
        if (draft.Find("stop_grace_period") is Piece.Word grace)
        {
            if (ComposeValues.Time(grace.Text) is { } time)
            {
                draft.Keys["stopGrace"] = time.Text;
            }
            else
            {
                draft.Bad(grace, "stop_grace_period", "a time such as 30s or 1m30s");
            }
        }
        if (draft.Find("stop_signal") is Piece.Word signal && signal.Text is not ("SIGTERM" or "TERM" or "15"))
        {
            draft.Changed(
                signal.Place,
                "stop_signal",
                "It is told to end by SIGTERM.",
                $"Let the program end on SIGTERM as it does on {Manifests.Reading.Shown.Line(signal.Text)}."
            );
        }
    }
}
