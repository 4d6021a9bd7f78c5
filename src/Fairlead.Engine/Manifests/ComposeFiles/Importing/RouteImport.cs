using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Resolving;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Compose has a port of the machine for each service; the edge has paths. Says whose each is where images have some.</summary>
internal static class RouteImport
{
    private const string Root = "/";

    public static void Apply(IReadOnlyList<ServiceDraft> drafts)
    {
        List<ServiceDraft> asked =
        [
            .. drafts.Where(static one => one.Image?.IsWeb ?? one.Kind is not (null or Kind.Worker)),
        ];
        List<ServiceDraft> built = [.. asked.Where(static one => one.Image is null)];
        if (built.Count == asked.Count)
        {
            return;
        }
        // Stable: among equals, the first one of the file.
        var root = asked.Where(one => one.Image is not null || Usual(one, built).Contains(Root)).OrderBy(Rank).First(); // There is an image.
        foreach (var draft in asked.Where(one => one != root))
        {
            if (draft.Image is not null || Usual(draft, built).Contains(Root))
            {
                Move(draft, root);
            }
            else
            {
                Keep(draft, Usual(draft, built), Usual(draft, asked));
            }
        }
        Keep(root, [Root], Usual(root, asked));
    }

    /// <summary>Whose pages are the app's first ones: who has the web's own port, then what is built; never a proxy that others stand behind.</summary>
    private static int Rank(ServiceDraft draft) =>
        draft.Image switch
        {
            null when ImageService.HasWebPort(draft.Said) => 0,
            { IsFirst: true, Known: not { IsProxy: true } } => 1,
            null => 2,
            { Known.IsProxy: true } => 4,
            _ => 3,
        };

    private static IReadOnlyList<string> Usual(ServiceDraft draft, IReadOnlyList<ServiceDraft> among) =>
        Routes.Default(draft.Name, KindOf(draft), [.. among.Select(KindOf)]);

    private static Kind KindOf(ServiceDraft draft) => draft.Kind ?? Kind.Web;

    private static void Move(ServiceDraft draft, ServiceDraft root)
    {
        draft.Keys["routes"] = new JsonArray($"/{draft.Name}");
        draft.Changed(
            draft.Said.Place,
            "ports",
            $"Compose has a port for each; here it answers at /{draft.Name}, since all other paths are those of '{root.Name}'.",
            $"Tell the program that its paths begin at /{draft.Name}, or make it an app of its own with its own hosts."
        );
    }

    /// <summary>What an image has takes nothing from others.</summary>
    private static void Keep(ServiceDraft draft, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        if (!before.SequenceEqual(after))
        {
            draft.Keys["routes"] = new JsonArray([.. before.Select(static one => (JsonNode)one)]);
        }
    }
}
