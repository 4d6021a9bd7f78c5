using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Carries over a service that is only an image: what it is run with, where it is asked, and the rights without which it does not start.</summary>
internal static class ImageImport
{
    /// <summary>Why it stays behind, and what to do; null when it comes along.</summary>
    public static (string Why, string Fix)? LeftBehind(
        string name,
        string image,
        (Piece.Group Said, Siblings Siblings) of
    )
    {
        var service = of.Said;
        if (!Forms.ShapeForms.Of(Forms.Shape.Image).Accepts(image) || image == Model.Apps.ContainerSettings.HostBase)
        {
            return (
                "That is no name of an image that the manifest takes.",
                $"Write it by hand: {{ kind: worker, container: {{ image: NAME }} }}"
            );
        }
        if (Mounts(service).Any(static one => one.Kind == MountKind.Bind && IsSocket(one.Source)))
        {
            return (
                "It works on Docker itself, through the engine's socket: who has that is root on the machine, so no service of Fairlead gets it.",
                $"Where it is a proxy or restarts others, the edge and Fairlead do that. Else keep it running with Compose: docker compose up -d {name}"
            );
        }
        if (of.Siblings.IsToEnd(name))
        {
            return (
                "It does its work once and ends, as others wait for; a service of the manifest runs for ever.",
                $"Do it before each deployment, for example in CI: docker compose run --rm {name}"
            );
        }
        return service.Find("entrypoint") is not null and not Piece.Word { IsNothing: true }
            ? (
                "It is started by another program than the image's own, and 'run' gives a ready image arguments alone.",
                $"Run that program upon the image: {name}: {{ kind: worker, path: FOLDER, run: [...], container: {{ base: {Shown.Line(image)} }} }}; it is in /app then, with the folder's files"
            )
            : null;
    }

    public static void Apply(ServiceDraft draft, ImageService image)
    {
        draft.Container["image"] = image.Image;
        draft.Keys["kind"] = image.Kind;
        if (image.Port is { } port)
        {
            draft.Keys["port"] = port;
        }
        if (image.Known is null)
        {
            draft.Say(draft.Said.Place, Reports.Kind(draft.ComposeName, image.Kind, image.Why));
        }
        if (!draft.IsSecret("command", draft.Find("command")) && Command(draft) is { Count: > 0 } command)
        {
            draft.Keys["run"] = new JsonArray([.. command.Select(static word => (JsonNode)word)]);
        }
        Ports(draft, image);
    }

    /// <summary>What of it can only be said when all else is known.</summary>
    public static void Complete(ServiceDraft draft, ImageService image)
    {
        Rights(draft, image);
        var volumes = draft.Container["volumes"] as JsonObject ?? [];
        if (image.Known is { Data: { } data, What: var what } && volumes.Count == 0)
        {
            draft.Say(draft.Said.Place, Reports.Data(draft.ComposeName, what, data));
        }
        // Two at once would write to the same folder.
        if (image.IsWeb && volumes.Count > 0)
        {
            draft.Keys.TryAdd("deploy", "recreate");
        }
        if (image.Port is not null)
        {
            Health(draft);
        }
    }

    public static IEnumerable<Mount> Mounts(Piece.Group service) =>
        ((service.Find("volumes") as Piece.Row)?.Items ?? []).Select(Mount.Read).OfType<Mount>();

    private static bool IsSocket(string? source) =>
        source?.TrimEnd('/') is "/var/run/docker.sock" or "/run/docker.sock" or "/var/run" or "/run";

    private static IReadOnlyList<string> Command(ServiceDraft draft)
    {
        if (draft.Find("command") is not Piece.Word word)
        {
            return [.. draft.Words("command", draft.Find("command")).Select(static one => one.Text)];
        }
        if (ComposeValues.Words(word.Text) is { } words)
        {
            return words;
        }
        draft.Bad(word, "command", "a command whose quotes are closed");
        return [];
    }

    private static void Ports(ServiceDraft draft, ImageService image)
    {
        foreach (var item in draft.Find("ports") is Piece.Row row ? row.Items : [])
        {
            if (PortMapping.Read(item) is not { } port)
            {
                draft.Bad(item, "ports", "a port such as 8080:80 or 127.0.0.1:5353:53/udp");
            }
            else if (port.Protocol != "tcp" || port.Target != image.Port || port.TargetEnd != image.Port)
            {
                draft.NotTaken(
                    item.Place,
                    $"ports ({port})",
                    image.Port is { } own ? $"A service has one port, here {own}." : "A service has one port, of TCP.",
                    $"Services of the app reach it all the same, at {draft.Name}:{port.Target}; nothing leads there from outside."
                );
            }
            else if (port.Published is not null)
            {
                Published(draft, item.Place, port, image);
            }
        }
        if (
            (draft.Find("environment") as Piece.Group)?.Entries.FirstOrDefault(static one => one.Key == "PORT")
                is { } said
            && (said.Value as Piece.Word)?.Text != $"{image.Port}"
        )
        {
            draft.NotTaken(
                said.Place,
                "environment.PORT",
                $"Fairlead says in PORT at which port it is asked: {image.Port ?? Model.Apps.ContainerSettings.UsualPort}.",
                "Where the program listens elsewhere, write that: port: ..."
            );
        }
    }

    private static void Published(ServiceDraft draft, Place place, PortMapping port, ImageService image)
    {
        var isMachinesAlone = port.Host is "127.0.0.1" or "::1" or "localhost";
        var machines = isMachinesAlone ? "this machine alone" : "the machine";
        draft.Changed(
            place,
            $"ports ({port})",
            image.IsWeb
                ? $"Port {port.Published} of {machines} is not opened: the edge takes requests for the app's hosts, from wherever they come, and carries them to {port.Target} inside."
                : $"Port {port.Published} of {machines} is not opened: services of the app reach it by name, at {draft.Name}:{port.Target}, and nobody else does.",
            image.IsWeb
                ? isMachinesAlone
                    ? "Where only this machine may ask it, write: kind: worker"
                    : "Say which paths are its own where the usual ones are wrong: routes: [/]"
                : "Where it speaks HTTP and is for others too, write: kind: web. Else keep it running with Compose."
        );
    }

    private static void Rights(ServiceDraft draft, ImageService image)
    {
        var readOnly = draft.Find("read_only") is Piece.Word { Text: var yes } ? ComposeValues.Yes(yes) : null;
        if (readOnly is false || (readOnly is null && image.Known?.WritesEverywhere is not false))
        {
            draft.Container["writable"] = true;
        }
        if (image.Known is not { } known)
        {
            return;
        }
        var isSaid = draft.Container.ContainsKey("user");
        if (!isSaid && known.User is { } user && draft.Container.ContainsKey("volumes"))
        {
            draft.Container["user"] = user;
        }
        var dropsAll = draft
            .Words("cap_drop", draft.Find("cap_drop"))
            .Any(static one => one.Text.Equals("ALL", StringComparison.OrdinalIgnoreCase));
        var isRoot = !isSaid || draft.Container["user"]!.GetValue<string>().Split(':')[0] == "0"; // It is there.
        if (!dropsAll && isRoot && KnownImages.Capabilities(known) is { Count: > 0 } needed)
        {
            var kept = (draft.Container["capabilities"] as JsonArray ?? []).Select(static one =>
                one!.GetValue<string>()
            );
            draft.Container["capabilities"] = new JsonArray([
                .. needed.Union(kept).Order(StringComparer.Ordinal).Select(static one => (JsonNode)one),
            ]);
        }
    }

    /// <summary>Where nothing else tells whether it is well, its port does.</summary>
    private static void Health(ServiceDraft draft)
    {
        switch (draft.Keys["health"])
        {
            case null:
                draft.Keys["health"] = new JsonObject { ["tcp"] = true };
                break;
            case JsonObject said when !said.ContainsKey("http") && !said.ContainsKey("command"):
                said.Insert(0, "tcp", true);
                break;
            default:
                break;
        }
    }
}
