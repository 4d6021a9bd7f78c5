using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>What a service is made of and started with: its folder, and what its Dockerfile says of the image.</summary>
internal static class BuildImport
{
    public static void Apply(ServiceDraft draft)
    {
        if (draft.Scope.Siblings.BuildOf(draft.Said) is not { } said)
        {
            return;
        }
        if (said is not Piece.Group build)
        {
            draft.Bad(said, "build", "a folder, or keys such as context");
            return;
        }
        var context = build.Find("context") as Piece.Word;
        var place = context?.Place ?? build.Place;
        if (context is not null && IsForeign(context.Text))
        {
            draft.NotTaken(
                place,
                "build.context",
                "It is fetched from elsewhere; an app's source is in its folder.",
                "Clone it into a folder, and write its path."
            );
            draft.Keys["path"] = draft.ComposeName;
            return;
        }
        if (ComposeFolder.Inside(place.Source.Folder, context?.Text ?? ".") is not { } folder)
        {
            draft.Scope.Notes.Fault(place, Faults.Outside(context?.Text ?? "."));
            return;
        }
        if (!draft.Scope.Tree.FolderExists(folder))
        {
            draft.Scope.Notes.Fault(place, Faults.Missing(folder));
            return;
        }
        draft.Keys["path"] = folder;
        var source = folder == "." ? draft.Scope.Tree : draft.Scope.Tree.Inside(folder);
        var image = Image(draft, build, folder);
        var detected = Detection.DetectService(source);
        Start(draft, image, detected);
        Ports(draft, image, detected);
        Others(draft, build);
        if (draft.Find("image") is { } name)
        {
            draft.NotTaken(
                name.Place,
                "image",
                "It names what Compose builds; Fairlead names artifacts by their content.",
                "Nothing is to be done."
            );
        }
    }

    private static bool IsForeign(string context) =>
        context.Contains("://", StringComparison.Ordinal) || context.StartsWith("git@", StringComparison.Ordinal);

    private static Dockerfile? Image(ServiceDraft draft, Piece.Group build, string folder)
    {
        var target = (build.Find("target") as Piece.Word)?.Text;
        var inline = build.Find("dockerfile_inline") as Piece.Word;
        var named = build.Find("dockerfile") as Piece.Word;
        var file = ComposeFolder.Inside(folder, named?.Text ?? "Dockerfile");
        if (file is null)
        {
            draft.Scope.Notes.Fault(named!.Place, Faults.Outside(named.Text)); // The usual name leads nowhere else.
            return null;
        }
        var place = (inline ?? named)?.Place ?? build.Place;
        if ((inline?.Text ?? draft.Scope.Tree.ReadText(file)) is not { } text)
        {
            if (named is not null)
            {
                draft.NotTaken(
                    place,
                    "build.dockerfile",
                    $"{Shown.Quoted(file)} is not there, or cannot be read.",
                    "Say how it starts: run: ..., and container: { base: IMAGE }"
                );
            }
            return null;
        }
        var image = Dockerfile.Read(text, target);
        draft.Changed(
            place,
            "build",
            $"{(inline is null ? Shown.Quoted(file) : "The Dockerfile within")} builds nothing here: Fairlead builds the folder by what it recognises in it (see 'fairlead plan'), and puts it on {image?.Base ?? "this machine's own programs"}.",
            "Where its RUN lines do more, say that: build: [...]"
        );
        if (image?.Base is { } name && Forms.ShapeForms.Of(Forms.Shape.Image).Accepts(name))
        {
            draft.Container["base"] = name;
        }
        return image;
    }

    private static void Start(ServiceDraft draft, Dockerfile? image, Detected? detected)
    {
        var entrypoint = Command(draft, "entrypoint");
        var command = Command(draft, "command");
        var run = (entrypoint, command) switch
        {
            (null, null) => detected?.Recipe.Run.Count > 0 || image is null
                ? []
                : [.. image.Entrypoint, .. image.Command],
            (null, { } words) => [.. image?.Entrypoint ?? [], .. words],
            ({ } first, null) => first,
            ({ } first, { } rest) => [.. first, .. rest],
        };
        if (run.Count > 0)
        {
            draft.Keys["run"] = new JsonArray([.. run.Select(static word => (JsonNode)word)]);
        }
    }

    private static IReadOnlyList<string>? Command(ServiceDraft draft, string key)
    {
        switch (draft.Find(key))
        {
            case null:
                return null;
            case { } secret when draft.IsSecret(key, secret):
                return null;
            case Piece.Word word:
                if (ComposeValues.Words(word.Text) is { } words)
                {
                    return words;
                }
                draft.Bad(word, key, "a command whose quotes are closed");
                return null;
            case { } list:
                return [.. draft.Words(key, list).Select(static word => word.Text)];
        }
    }

    private static void Ports(ServiceDraft draft, Dockerfile? image, Detected? detected)
    {
        var ports = new List<int>();
        foreach (var item in draft.Find("ports") is Piece.Row row ? row.Items : [])
        {
            if (PortMapping.Read(item) is not { } port)
            {
                draft.Bad(item, "ports", "a port such as 8080:80 or 127.0.0.1:5353:53/udp");
                continue;
            }
            if (port.Protocol != "tcp" || ports.Count > 0 || port.Target != port.TargetEnd)
            {
                draft.NotTaken(
                    item.Place,
                    $"ports ({port})",
                    "A service has one port, and the edge carries HTTP to it.",
                    "Part it into services, one for each port, or keep this one running with Compose."
                );
            }
            else if (port.Published is not null)
            {
                draft.Changed(
                    item.Place,
                    $"ports ({port})",
                    $"Port {port.Published} of the machine is not opened: the edge takes requests for the app's hosts and carries them to {port.Target} inside.",
                    "Say which paths are its own where the usual ones are wrong: routes: [/]"
                );
            }
            if (port.Protocol == "tcp")
            {
                ports.Add(port.Target);
            }
        }
        foreach (var word in draft.Words("expose", draft.Find("expose")))
        {
            if (ComposeValues.Whole(word.Text.Split('/', '-')[0]) is { } port and > 0 and <= 65535)
            {
                ports.Add(port);
            }
        }
        var environment = draft.Find("environment") as Piece.Group;
        var variable = environment?.Find("PORT") as Piece.Word;
        if (variable is not null)
        {
            draft.NotTaken(
                environment!.Entries.First(static entry => entry.Key == "PORT").Place, // It is there.
                "environment.PORT",
                "Fairlead chooses the port and says it in PORT.",
                "Nothing is to be done: the program reads it as before."
            );
        }
        var listens = ports.Count > 0 ? ports[0] : image?.Port;
        var obeys = variable is not null && (listens is null || variable.Text == $"{listens}");
        // What is recognised in the source knows better than a Dockerfile whether it obeys PORT.
        if (listens is { } said && !obeys && (ports.Count > 0 || detected is null))
        {
            draft.Keys["port"] = said;
        }
        Kind(draft, detected, listens is not null || obeys);
    }

    private static void Kind(ServiceDraft draft, Detected? detected, bool listens)
    {
        if (draft.Scope.Siblings.RunsBeside(draft.Said))
        {
            draft.Keys["kind"] = "worker";
            draft.Keys.Remove("port");
            draft.Kind = Model.Apps.Kind.Worker;
            draft.Say(
                draft.Said.Place,
                Reports.Kind(
                    draft.ComposeName,
                    "worker",
                    "It runs a command of its own in what another service is built to, and that one has the port."
                )
            );
            return;
        }
        if (detected is { Kind: Model.Apps.Kind.Web or Model.Apps.Kind.Worker } || (detected is not null && listens))
        {
            draft.Kind = detected.Kind;
            return;
        }
        draft.Kind = listens ? Model.Apps.Kind.Api : Model.Apps.Kind.Worker;
        var kind = listens ? "api" : "worker";
        draft.Keys["kind"] = kind;
        draft.Say(
            draft.Said.Place,
            Reports.Kind(
                draft.ComposeName,
                kind,
                listens
                    ? "It has a port, and its folder does not tell whether its answers are pages."
                    : "It publishes and exposes no port, so nobody is known to ask it anything."
            )
        );
    }

    private static void Others(ServiceDraft draft, Piece.Group build)
    {
        foreach (
            var entry in build.Entries.Where(static entry =>
                entry.Key is not ("context" or "dockerfile" or "dockerfile_inline" or "target")
            )
        )
        {
            if (entry.Key.StartsWith("x-", StringComparison.Ordinal) || entry.Value is Piece.Word { IsNothing: true })
            {
                continue;
            }
            draft.NotTaken(
                entry.Place,
                $"build.{entry.Key}",
                "It is for the build of an image, and none is built.",
                entry.Key == "args"
                    ? "Where the build needs a value, put it into its command: build: [...]"
                    : "Nothing is to be done unless the build needs it."
            );
        }
    }
}
