using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Turns one service into its words of the manifest, and says all that did not come along.</summary>
internal static class ServiceImport
{
    /// <summary>In the order in which people read them.</summary>
    private static readonly string[] Order =
    [
        "kind",
        "path",
        "build",
        "run",
        "port",
        "health",
        "routes",
        "replicas",
        "uses",
        "env",
        "secrets",
        "limits",
        "stopGrace",
        "deploy",
        "container",
    ];

    private static readonly ScalarForm Users = ShapeForms.Of(Shape.User);
    private static readonly ScalarForm Capabilities = ShapeForms.Of(Shape.Capability);

    /// <summary>Fills the draft.</summary>
    public static void Apply(ServiceDraft draft)
    {
        if (draft.Image is { } image)
        {
            ImageImport.Apply(draft, image);
        }
        else
        {
            BuildImport.Apply(draft);
        }
        EnvironmentImport.Apply(draft);
        MountImport.Apply(draft);
        DeployImport.Apply(draft);
        Uses(draft);
        if (draft.Find("healthcheck") is not null)
        {
            HealthImport.Apply(draft, draft.Said.Entries.First(static entry => entry.Key == "healthcheck"));
        }
        User(draft);
        Kept(draft);
        Folder(draft);
        Others(draft);
        if (draft.Image is { } ready)
        {
            ImageImport.Complete(draft, ready);
        }
    }

    /// <summary>What stands in the manifest.</summary>
    public static JsonObject Finished(ServiceDraft draft)
    {
        if (draft.Env.Count > 0)
        {
            draft.Keys["env"] = draft.Env;
        }
        if (draft.Secrets.Count > 0)
        {
            draft.Keys["secrets"] = draft.Secrets.All(static one => one.Value is JsonObject { Count: 0 })
                ? new JsonArray([.. draft.Secrets.Select(static one => (JsonNode)one.Key)])
                : draft.Secrets;
        }
        if (draft.Container.Count > 0)
        {
            draft.Keys["container"] =
                draft.Container is { Count: 1 } && draft.Container["image"] is { } alone
                    ? alone.DeepClone()
                    : draft.Container;
        }
        if (draft.Keys["path"]?.GetValue<string>() == draft.Name)
        {
            draft.Keys.Remove("path"); // It is the usual one.
        }
        var service = new JsonObject();
        foreach (var key in Order.Where(draft.Keys.ContainsKey))
        {
            service[key] = draft.Keys[key]!.DeepClone(); // It was asked for.
        }
        return service;
    }

    private static void Uses(ServiceDraft draft)
    {
        var uses = new List<string>();
        foreach (var entry in DependencyOrder.Of(draft.Said))
        {
            var group = entry.Value as Piece.Group;
            var condition = (group?.Find("condition") as Piece.Word)?.Text ?? "service_started";
            if (condition is not ("service_started" or "service_healthy" or "service_completed_successfully"))
            {
                draft.Bad(
                    entry.Value,
                    "depends_on",
                    "the conditions service_started, service_healthy and service_completed_successfully"
                );
            }
            else if (condition == "service_completed_successfully")
            {
                draft.NotTaken(
                    entry.Place,
                    $"depends_on.{entry.Key}",
                    $"It waits until '{entry.Key}' did its work and ended; the manifest has no work that is done once before a release.",
                    $"Do it before each deployment, for example in CI: docker compose run --rm {entry.Key}"
                );
            }
            else if (draft.Scope.Names.TryGetValue(entry.Key, out var used))
            {
                uses.Add(used);
            }
            else
            {
                draft.NotTaken(
                    entry.Place,
                    $"depends_on.{entry.Key}",
                    $"'{entry.Key}' is not a service of the manifest, so nobody waits for it.",
                    "Start it before, and let the program try again while it is not there."
                );
            }
            foreach (
                var one in group?.Entries.Where(static one =>
                    one.Key == "restart" && one.Value is Piece.Word { Text: "true" }
                ) ?? []
            )
            {
                draft.NotTaken(
                    one.Place,
                    $"depends_on.{entry.Key}.restart",
                    "Services are replaced each by itself.",
                    "Let the program connect anew."
                );
            }
        }
        if (uses.Count > 0)
        {
            draft.Keys["uses"] = new JsonArray([.. uses.Select(static one => (JsonNode)one)]);
        }
    }

    private static void User(ServiceDraft draft)
    {
        if (draft.Find("user") is Piece.Word user)
        {
            var isRoot = user.Text is "0" or "0:0" or "root";
            if (isRoot && draft.Image is not null)
            {
                draft.Container["user"] = user.Text == "root" ? "0" : user.Text;
            }
            else if (isRoot)
            {
                draft.Changed(
                    user.Place,
                    "user",
                    "It runs as a user without any rights, not as root.",
                    "Where it must be: container: { user: \"0\" }"
                );
            }
            else if (Users.Accepts(user.Text))
            {
                draft.Container["user"] = user.Text;
            }
            else
            {
                draft.NotTaken(
                    user.Place,
                    "user",
                    "Users are said by number, since names are the image's.",
                    "Look it up with: docker run --rm IMAGE id NAME; then write: container: { user: \"1000\" }"
                );
            }
        }
    }

    private static void Kept(ServiceDraft draft)
    {
        var kept = new JsonArray();
        foreach (var word in draft.Words("cap_add", draft.Find("cap_add")))
        {
            var name = word.Text.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? word.Text[4..] : word.Text;
            if (
                name.Equals("ALL", StringComparison.OrdinalIgnoreCase) || !Capabilities.Accepts(name.ToUpperInvariant())
            )
            {
                draft.NotTaken(
                    word.Place,
                    "cap_add",
                    "Capabilities are named one by one.",
                    "Write those that it needs: container: { capabilities: [NET_BIND_SERVICE] }"
                );
            }
            else
            {
                kept.Add(name.ToUpperInvariant());
            }
        }
        if (kept.Count > 0)
        {
            draft.Container["capabilities"] = kept;
        }
    }

    private static void Folder(ServiceDraft draft)
    {
        if (draft.Find("working_dir") is Piece.Word own && draft.Image is not null)
        {
            draft.NotTaken(
                own.Place,
                "working_dir",
                "A ready image starts in the folder that it says itself.",
                "Let its commands and paths begin at /."
            );
        }
        else if (draft.Find("working_dir") is Piece.Word folder && folder.Text.TrimEnd('/') != "/app")
        {
            draft.Changed(
                folder.Place,
                "working_dir",
                "It starts in the folder of what was built, /app.",
                "Let commands and paths begin there."
            );
        }
    }

    private static void Others(ServiceDraft draft)
    {
        foreach (var entry in draft.Said.Entries)
        {
            if (
                entry.Key.StartsWith("x-", StringComparison.Ordinal)
                || entry.Value is Piece.Word { IsNothing: true }
                || OtherKeys.Taken.Contains(entry.Key)
            )
            {
                continue;
            }
            if (OtherKeys.Known.TryGetValue(entry.Key, out var words))
            {
                if (
                    entry
                    is not {
                        Key: "networks",
                        Value: Piece.Group { Entries: [{ Key: "default", Value: Piece.Word { IsNothing: true } }] }
                    }
                )
                {
                    draft.NotTaken(entry.Place, entry.Key, words.Meaning, words.Fix);
                }
            }
            else
            {
                var near = Nearest.To(entry.Key, OtherKeys.Known.Keys.Concat(OtherKeys.Taken));
                draft.Say(entry.Place, Reports.UnknownKey(draft.ComposeName, entry.Key, near));
            }
        }
    }
}
