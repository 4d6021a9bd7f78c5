using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Carries over folders that outlive a pod and secrets that are files, and says what becomes of all other mounts.</summary>
internal sealed class VolumeImport(SecretNames secrets)
{
    private const string OursPrefix = "data-";
    private const string SecretsFolder = "/run/secrets";
    private const string UsualSize = "10Gi";

    private static readonly ScalarForm Inside = ShapeForms.Of(Shape.Inside);

    public void Apply(WorkloadDraft draft)
    {
        var volumes = new JsonObject();
        foreach (var mount in ClusterObject.Rows(draft.Said, "volumeMounts"))
        {
            if (ClusterObject.Text(mount, "name") is { } name && ClusterObject.Text(mount, "mountPath") is { } path)
            {
                One(draft, mount, (name, path.Length > 1 ? path.TrimEnd('/') : path), volumes);
            }
        }
        if (volumes.Count > 0)
        {
            draft.Container["volumes"] = volumes;
        }
    }

    private void One(WorkloadDraft draft, Piece.Group mount, (string Name, string Path) of, JsonObject volumes)
    {
        var shown = $"volumeMounts ({of.Name} at {of.Path})";
        var template = ClusterObject
            .Rows(draft.Object.Spec, "volumeClaimTemplates")
            .FirstOrDefault(one => ClusterObject.Text(ClusterObject.Group(one, "metadata"), "name") == of.Name);
        var volume = ClusterObject
            .Rows(draft.Pod, "volumes")
            .FirstOrDefault(one => ClusterObject.Text(one, "name") == of.Name);
        var kind = volume?.Entries.FirstOrDefault(static one => one.Key != "name");
        var claim = ClusterObject.Text(kind?.Value as Piece.Group, "claimName");
        if (template is not null || kind?.Key == "persistentVolumeClaim")
        {
            Data(draft, mount, (of.Name, of.Path, shown), volumes);
            Claim(draft, template, claim);
        }
        else if (kind?.Key is "secret" or "projected" && kind.Value is Piece.Group source)
        {
            foreach (var one in kind.Key == "secret" ? [source] : Projected(source))
            {
                Files(draft, mount.Place, (one, of.Path, shown));
            }
        }
        else if (kind?.Key == "emptyDir")
        {
            Empty(draft, mount, of.Path, shown);
        }
        else
        {
            draft.NotTaken(
                mount.Place,
                shown,
                kind?.Key switch
                {
                    "configMap" => "A ready image has its own files alone, and its volumes.",
                    "hostPath" => "A release sees no files of the machine.",
                    null => "No volume has this name.",
                    var other => $"Volumes of the manifest are claims; this one is '{Shown.Line(other)}'.",
                },
                kind?.Key == "configMap"
                    ? $"Make an image that has them: a folder with the files, and services.{draft.Name}: container: {{ base: {Shown.Line(draft.Image)} }}; or let the program read variables."
                    : "Keep this workload as it is where it needs that."
            );
        }
    }

    private static void Data(
        WorkloadDraft draft,
        Piece.Group mount,
        (string Name, string Path, string Shown) of,
        JsonObject volumes
    )
    {
        var name = EnvironmentImport
            .VariableName(
                draft.IsOurs && of.Name.StartsWith(OursPrefix, StringComparison.Ordinal)
                    ? of.Name[OursPrefix.Length..]
                    : of.Name
            )
            .ToLowerInvariant();
        if (!Inside.Accepts(of.Path) || ClusterObject.Text(mount, "readOnly") is "true")
        {
            draft.NotTaken(
                mount.Place,
                of.Shown,
                "The manifest's volumes belong to one service, which may write to them, at a plain path.",
                "Let the service that owns the data answer for it, or put the files into the image."
            );
            return;
        }
        // One volume may be mounted at two paths, by parts of it.
        for (var (own, number) = (name, 2); volumes.ContainsKey(name); number++)
        {
            name = $"{own}_{number}";
        }
        volumes[name] = of.Path;
        draft.Changed(
            mount.Place,
            of.Shown,
            $"It is the volume {name} now, a new, empty claim of {UsualSize}: what is in the one before stays there.",
            $"Copy it while neither runs: with 'kubectl cp' out of a pod that has the old claim, and into one that has the new one."
        );
        if (mount.Find("subPath") is { } part)
        {
            draft.Changed(
                part.Place,
                $"{of.Shown}.subPath",
                "The whole volume is there, not a part of it.",
                "Copy that part to its top."
            );
        }
    }

    private static void Claim(WorkloadDraft draft, Piece.Group? template, string? claimName)
    {
        var claim = claimName is null ? null : draft.Cast.Find("PersistentVolumeClaim", claimName, draft.Object.Space);
        if (claim is not null)
        {
            draft.Cast.Used.Add(claim);
        }
        var spec = claim?.Spec ?? ClusterObject.Group(template, "spec");
        var asked =
            ClusterObject.Group(ClusterObject.Group(spec, "resources"), "requests")?.Find("storage") as Piece.Word;
        if (asked is not null && asked.Text != UsualSize)
        {
            draft.Changed(
                asked.Place,
                "storage",
                $"Claims have {UsualSize}, here {Shown.Line(asked.Text)} were asked for.",
                "Make the claim by hand before the first deployment where it needs more: kubectl get pvc shows what Fairlead calls it."
            );
        }
        if (
            spec?.Find("accessModes") is Piece.Row modes
            && ClusterObject.Texts(modes).Any(static one => one.Text is not "ReadWriteOnce")
        )
        {
            draft.Changed(
                modes.Place,
                "accessModes",
                "Claims are ReadWriteOnce.",
                "Keep replicas on one machine, or let one service own the data."
            );
        }
        draft.Rest(spec, "volume", "resources", "accessModes", "volumeMode");
    }

    private static IEnumerable<Piece.Group> Projected(Piece.Group source) =>
        ClusterObject
            .Rows(source, "sources")
            .Select(static one => ClusterObject.Group(one, "secret"))
            .OfType<Piece.Group>();

    private void Files(WorkloadDraft draft, Place place, (Piece.Group Source, string Path, string Shown) of)
    {
        var held = ClusterObject.Text(of.Source, "secretName") ?? ClusterObject.Text(of.Source, "name") ?? "";
        var found = draft.Cast.Find("Secret", held, draft.Object.Space);
        if (found is not null)
        {
            draft.Cast.Used.Add(found);
        }
        (string Key, string Path)[] items =
        [
            .. ClusterObject
                .Rows(of.Source, "items")
                .Select(static one => (ClusterObject.Text(one, "key") ?? "", ClusterObject.Text(one, "path") ?? "")),
        ];
        if (items.Length == 0 && found is not null)
        {
            items = [.. VariableImport.Data(found).Select(static one => (one.Key, one.Key))];
        }
        if (items.Length == 0)
        {
            draft.NotTaken(
                place,
                of.Shown,
                $"The Secret {Shown.Quoted(held)} is not among the files, so nobody knows which files it brings.",
                $"Name them: services.{draft.Name}: secrets: {{ NAME: {{ file: true }} }}; see them with: kubectl describe secret {Shown.Line(held)}"
            );
        }
        foreach (var (key, path) in items)
        {
            File(draft, place, ((held, key), $"{of.Path}/{path}"));
        }
    }

    private void File(WorkloadDraft draft, Place place, ((string Object, string Key) Held, string Path) of)
    {
        // A variable may say already where it is.
        var telling = draft.Env.FirstOrDefault(one => one.Value?.GetValue<string>() == of.Path).Key;
        var name =
            telling is not null && telling.EndsWith("_FILE", StringComparison.Ordinal)
                ? telling[..^5]
                : EnvironmentImport.VariableName(of.Held.Key);
        var secret = secrets.Of(of.Held, name);
        draft.Secrets[name] =
            secret == name ? new JsonObject { ["file"] = true } : new JsonObject { ["from"] = secret, ["file"] = true };
        draft.Notes.Say(place, KubernetesReports.Secret(draft.Name, name, secret, of.Held));
        if (telling == $"{name}_FILE")
        {
            draft.Env.Remove(telling);
        }
        else if (of.Path != $"{SecretsFolder}/{name}")
        {
            draft.Changed(
                place,
                of.Path,
                $"The file is elsewhere; the variable {name}_FILE says where.",
                $"Let the program read the path in {name}_FILE."
            );
        }
    }

    private static void Empty(WorkloadDraft draft, Piece.Group mount, string path, string shown)
    {
        if (path == "/tmp" || path.StartsWith("/tmp/", StringComparison.Ordinal))
        {
            return; // Everybody has that.
        }
        draft.Container["writable"] = true;
        draft.Changed(
            mount.Place,
            shown,
            "It is a folder of the container itself, which may write everywhere for it, and begins empty with each pod.",
            "Let the program keep what may be lost below /tmp, and remove 'writable'."
        );
    }
}
