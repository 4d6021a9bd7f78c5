using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Carries over folders that outlive a container, and says what becomes of all other files that it saw.</summary>
internal static class MountImport
{
    private const string NothingAdded =
        "A ready image has its own files alone, and its volumes: a release sees no files of the machine.";

    private static readonly string[] Settings = ["/docker-entrypoint", "/etc/", "/usr/"];

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
            if (word.Text.Split(':')[0] is not "/tmp" and var place && (place != "/run" || draft.Image is not null))
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
            case MountKind.Bind
                when draft.Image is { } image
                    && !mount.IsReadOnly
                    && Inside.Accepts(mount.Target)
                    && (IsData(mount, image) || IsAbsent(draft, place, mount)):
                Kept(draft, place, mount, volumes);
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
        Shared(draft, place, volume.Name);
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

    private static bool IsData(Mount mount, ImageService image) =>
        image.Known?.Data is { } data
        && (mount.Target == data || data.StartsWith($"{mount.Target}/", StringComparison.Ordinal));

    /// <summary>Whether nothing is in the app's folder where it is to be: it is where the program writes, and no file of the app.</summary>
    /// <remarks>An empty folder in place of settings would only hide those of the image.</remarks>
    private static bool IsAbsent(ServiceDraft draft, Place place, Mount mount) =>
        mount.Source is ['.', ..] source
        && !Array.Exists(Settings, one => mount.Target.StartsWith(one, StringComparison.Ordinal))
        && !Paths.Name(mount.Target).Contains('.', StringComparison.Ordinal)
        && ComposeFolder.Inside(place.Source.Folder, source) is { } path
        && !draft.Scope.Tree.FileExists(path)
        && !draft.Scope.Tree.FolderExists(path);

    /// <summary>A folder beside the file into which the program writes is a volume but for its name.</summary>
    private static void Kept(ServiceDraft draft, Place place, Mount mount, JsonObject volumes)
    {
        // Volumes of one name are one folder, whichever service has them.
        var last = Paths.Name(mount.Target.TrimEnd('/'));
        var name = EnvironmentImport.VariableName($"{draft.Name}_{last}").ToLowerInvariant();
        if (!volumes.TryAdd(name, mount.Target))
        {
            draft.NotTaken(
                place,
                $"volumes ({Shown.Line($"{mount.Source} at {mount.Target}")})",
                $"The volume {name} is at another place already.",
                $"Give it another name: container: {{ volumes: {{ {name}_2: {mount.Target} }} }}"
            );
            return;
        }
        draft.Changed(
            place,
            $"volumes ({Shown.Line($"{mount.Source} at {mount.Target}")})",
            $"It is the volume {name} now, a new, empty folder of Fairlead's state: what is in {Shown.Line(mount.Source ?? "")} stays there.",
            $"Copy it while neither runs: cp -a {Shown.Line(mount.Source ?? "")}/. STATE/volumes/APP/ENVIRONMENT/{name}/"
        );
    }

    private static void Shared(ServiceDraft draft, Place place, string volume)
    {
        string[] others =
        [
            .. draft
                .Scope.Siblings.SharersOf(volume)
                .Where(one => one != draft.ComposeName)
                .Select(draft.Scope.Names.GetValueOrDefault)
                .OfType<string>(),
        ];
        if (others.Length > 0)
        {
            draft.Changed(
                place,
                $"volumes ({volume}, shared)",
                $"On target docker it is one folder with that of {string.Join(", ", others)}, of the user of whoever starts first; in a cluster each would have its own.",
                "Let all of them run as the same user: container: { user: \"1000\" }"
            );
        }
    }

    private static void Bind(ServiceDraft draft, Place place, Mount mount, string shown)
    {
        var source = mount.Source ?? "";
        var isOwn = source.StartsWith('.') && ComposeFolder.Inside(place.Source.Folder, source) is not null;
        if (draft.Image is { } image)
        {
            BindOfImage(draft, place, mount, image);
            return;
        }
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

    private static void BindOfImage(ServiceDraft draft, Place place, Mount mount, ImageService image)
    {
        var shown = Shown.Line($"{mount.Source} at {mount.Target}");
        var source = mount.Source ?? "";
        if (source.StartsWith('/') && !IsData(mount, image))
        {
            draft.NotTaken(
                place,
                $"volumes ({shown})",
                NothingAdded,
                source is "/etc/localtime" or "/etc/timezone"
                    ? "Say the time zone: env: { TZ: Europe/Berlin }"
                    : $"Where it works on the machine itself, keep it running with Compose: docker compose up -d {draft.ComposeName}"
            );
            return;
        }
        draft.NotTaken(place, $"volumes ({shown})", NothingAdded, Within(image, source, mount.Target));
    }

    /// <summary>How a file comes into a ready image.</summary>
    private static string Within(ImageService image, string? source, string target) =>
        image.Known is { Image: "nginx" or "httpd", What: var what }
        && target is "/usr/share/nginx/html" or "/usr/local/apache2/htdocs"
            ? $"Files need no {what}, since the edge serves them itself: write in its place {{ kind: web, path: {Shown.Line(source ?? "FOLDER")}, output: . }}"
            : $"Make an image that has it (FROM {Shown.Line(image.Image)}, COPY {Shown.Line(source ?? "...")} {Shown.Line(target)}), and name that; or let a volume with a name hold it.";

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
        if (draft.Image is { } image)
        {
            draft.NotTaken(
                item.Place,
                $"configs ({Shown.Line(source.Text)})",
                NothingAdded,
                Within(image, file, target)
            );
            return;
        }
        draft.NotTaken(
            item.Place,
            $"configs ({Shown.Line(source.Text)})",
            $"Files of the app are in what is built, at /app; nothing is put to {Shown.Line(target)}.",
            $"Put {(file is null ? "its content" : Shown.Line(file))} into the service's folder, and let the program read it there."
        );
    }
}
