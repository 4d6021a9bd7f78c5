using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Carries over folders that outlive a container, and says what becomes of all other files that it saw.</summary>
internal static class MountImport
{
    private static readonly ScalarForm Inside = ShapeForms.Of(Shape.Inside);

    public static void Apply(ServiceDraft draft)
    {
        var volumes = new JsonObject();
        foreach (var item in draft.Find("volumes") is Piece.Row row ? row.Items : [])
        {
            if (Mount.Read(item) is not { } mount)
            {
                draft.Bad(item, "volumes", "a volume such as data:/var/lib/data or ./conf:/etc/app:ro");
                continue;
            }
            One(draft, item.Place, mount, volumes);
        }
        if (volumes.Count > 0)
        {
            draft.Container["volumes"] = volumes;
        }
        foreach (var word in draft.Find("tmpfs") is Piece.Row tmpfs ? draft.Words("tmpfs", tmpfs) : [])
        {
            if (word.Text.Split(':')[0] is not ("/tmp" or "/run"))
            {
                Tmpfs(draft, word.Place, word.Text.Split(':')[0]);
            }
        }
        foreach (var item in draft.Find("configs") is Piece.Row configs ? configs.Items : [])
        {
            Config(draft, item);
        }
    }

    private static void One(ServiceDraft draft, Place place, Mount mount, JsonObject volumes)
    {
        var shown = Shown.Line($"{mount.Source ?? "(no name)"} at {mount.Target}");
        switch (mount.Kind)
        {
            case MountKind.Volume when mount.Source is { } name && !mount.IsReadOnly && Inside.Accepts(mount.Target):
                Volume(draft, place, (name, mount.Target), volumes);
                break;
            case MountKind.Volume:
                draft.NotTaken(
                    place,
                    $"volumes ({shown})",
                    mount.Source is null
                        ? "A volume without a name is empty for each new container."
                        : "The manifest's volumes belong to one service, which may write to them.",
                    mount.Source is null
                        ? $"Nothing where it is a cache; else give it a name: container: {{ volumes: {{ data: {Shown.Line(mount.Target)} }} }}"
                        : "Let the service that owns the data answer for it, or put the files into its folder."
                );
                break;
            case MountKind.Bind when mount.Source is "/var/run/docker.sock" or "/run/docker.sock":
                draft.NotTaken(
                    place,
                    $"volumes ({shown})",
                    "Who has the engine's socket is root on the machine; no service of Fairlead gets it.",
                    "Keep what needs it running with Compose."
                );
                break;
            case MountKind.Bind:
                Bind(draft, place, mount, shown);
                break;
            case MountKind.Tmpfs:
                Tmpfs(draft, place, mount.Target);
                break;
            default:
                draft.NotTaken(
                    place,
                    $"volumes ({shown})",
                    "The manifest knows volumes with a name alone.",
                    "Keep this service running with Compose where it needs it."
                );
                break;
        }
    }

    private static void Volume(ServiceDraft draft, Place place, (string Name, string Target) volume, JsonObject volumes)
    {
        var name = EnvironmentFile.IsName(volume.Name)
            ? volume.Name
            : EnvironmentImport.VariableName(volume.Name).ToLowerInvariant();
        if (name != volume.Name)
        {
            draft.Say(place, Reports.Name("The volume", volume.Name, name));
        }
        if (volumes.ContainsKey(name))
        {
            draft.NotTaken(
                place,
                $"volumes ({volume.Name} at {volume.Target})",
                "A volume is at one place.",
                "Let the program use the other place."
            );
            return;
        }
        volumes[name] = volume.Target;
        draft.Changed(
            place,
            $"volumes ({volume.Name})",
            "It is a new, empty folder of Fairlead's state: what is in Docker's volume stays there.",
            $"Copy it while neither runs: docker run --rm -v PROJECT_{volume.Name}:/from -v STATE/volumes/APP/ENVIRONMENT/{name}:/to alpine cp -a /from/. /to/"
        );
        if (draft.Scope.File.DeclaredAs("volumes", volume.Name) is { } declared)
        {
            foreach (
                var entry in declared.Entries.Where(static entry =>
                    entry.Key is "driver" or "driver_opts" or "external"
                )
            )
            {
                draft.NotTaken(
                    entry.Place,
                    $"volumes.{volume.Name}.{entry.Key}",
                    "Volumes of Fairlead are folders of this machine.",
                    "Mount what lies elsewhere at STATE/volumes/APP/ENVIRONMENT/NAME before the first deployment."
                );
            }
        }
    }

    private static void Bind(ServiceDraft draft, Place place, Mount mount, string shown)
    {
        var source = mount.Source ?? "";
        var isOwn = source.StartsWith('.') && ComposeFolder.Inside(place.Source.Folder, source) is not null;
        draft.NotTaken(
            place,
            $"volumes ({shown})",
            isOwn
                ? "Files of the app are in what is built, at /app; they are not seen as they change."
                : "A release sees no files of the machine: they would not be the same for the next one.",
            isOwn
                ? $"Nothing where it only shows the source while developing; else read it from the service's folder (inputs: [{Shown.Line(source)}])."
                : "Put the files into the service's folder, or give it a volume with a name."
        );
    }

    private static void Tmpfs(ServiceDraft draft, Place place, string target) =>
        draft.NotTaken(
            place,
            $"tmpfs ({Shown.Line(target)})",
            "In memory is /tmp alone, which may be written to.",
            "Let the program use /tmp, or write: container: { writable: true }"
        );

    private static void Config(ServiceDraft draft, Piece item)
    {
        var source = (item is Piece.Group group ? group.Find("source") : item) as Piece.Word;
        if (source is null || !draft.Scope.File.Declares("configs", source.Text))
        {
            draft.Scope.Notes.Fault(
                item.Place,
                source is null
                    ? Faults.BadValue("configs", "names of configs")
                    : Faults.Unknown("config", source.Text, null)
            );
            return;
        }
        var file = (draft.Scope.File.DeclaredAs("configs", source.Text)?.Find("file") as Piece.Word)?.Text;
        var target = ((item as Piece.Group)?.Find("target") as Piece.Word)?.Text ?? $"/{source.Text}";
        draft.NotTaken(
            item.Place,
            $"configs ({Shown.Line(source.Text)})",
            $"Files of the app are in what is built, at /app; nothing is put to {Shown.Line(target)}.",
            $"Put {(file is null ? "its content" : Shown.Line(file))} into the service's folder, and let the program read it there."
        );
    }
}
