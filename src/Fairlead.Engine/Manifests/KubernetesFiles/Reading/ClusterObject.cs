using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Reading;

/// <summary>An object as a file says it.</summary>
/// <param name="Place">Where its name is.</param>
/// <param name="Space">Its namespace; null where none is said.</param>
internal sealed record ClusterObject(Place Place, string Kind, string Name, string? Space, Piece.Group Root)
{
    /// <summary>Such as <c>Deployment/web</c>.</summary>
    public string Shown => $"{Kind}/{Manifests.Reading.Shown.Line(Name)}";

    public Piece.Group Spec => Group(Root, "spec") ?? new Piece.Group(Place, []);

    /// <summary>Labels of its own, or below a path such as <c>spec.template</c>.</summary>
    public static IReadOnlyDictionary<string, string> Labels(Piece.Group? of, string key = "labels") =>
        Words(Group(Group(of, "metadata"), key));

    public static IReadOnlyDictionary<string, string> Words(Piece.Group? group) =>
        (group?.Entries ?? [])
            .Where(static one => one.Value is Piece.Word)
            .ToDictionary(static one => one.Key, static one => ((Piece.Word)one.Value).Text, StringComparer.Ordinal);

    public static Piece.Group? Group(Piece.Group? of, string key) => of?.Find(key) as Piece.Group;

    public static string? Text(Piece.Group? of, string key) =>
        of?.Find(key) is Piece.Word { IsNothing: false } word ? word.Text : null;

    /// <summary>The groups of a list; what is no group in it means nothing to anybody.</summary>
    public static IEnumerable<Piece.Group> Rows(Piece.Group? of, string key) =>
        (of?.Find(key) as Piece.Row)?.Items.OfType<Piece.Group>() ?? [];

    public static IReadOnlyList<Piece.Word> Texts(Piece? piece) =>
        piece switch
        {
            Piece.Word { IsNothing: false } word => [word],
            Piece.Row row => [.. row.Items.OfType<Piece.Word>()],
            _ => [],
        };

    /// <summary>Null for what is none, such as a file of settings beside the objects.</summary>
    public static ClusterObject? TryRead(Piece.Group root)
    {
        var meta = Group(root, "metadata");
        return (Text(root, "apiVersion"), Text(root, "kind"), Text(meta, "name") ?? Text(meta, "generateName")) switch
        {
            (not null, { } kind, { } name) => new(
                meta!.Entries.First(static one => one.Key is "name" or "generateName").Place, // It has one of them.
                kind,
                name,
                Text(meta, "namespace"),
                root
            ),
            _ => null,
        };
    }
}
