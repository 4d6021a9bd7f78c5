using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Reading;

/// <summary>
/// What a folder of Kustomize says: its resources and bases, namespace, images, numbers of replicas and generated ConfigMaps. Patches are
/// not applied, which is said.
/// </summary>
internal sealed class Kustomization(ObjectFiles files, string folder, int depth)
{
    public static readonly string[] Names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    /// <summary>Labels and notes upon objects change nothing that the manifest has a word for.</summary>
    private static readonly string[] Harmless =
    [
        "apiVersion",
        "kind",
        "metadata",
        "commonLabels",
        "commonAnnotations",
        "labels",
        "generatorOptions",
        "sortOptions",
        "buildMetadata",
    ];

    public void Read(string path)
    {
        var from = files.Objects.Count;
        foreach (var group in files.Groups(path))
        {
            foreach (var entry in group.Entries.Where(static one => one.Key is "resources" or "bases"))
            {
                Resources(entry);
            }
            foreach (var entry in group.Entries)
            {
                One(entry, from);
            }
        }
    }

    private void Resources(Piece.Entry entry)
    {
        foreach (var word in ClusterObject.Texts(entry.Value))
        {
            var isRemote =
                word.Text.Contains("://", StringComparison.Ordinal)
                || word.Text.Contains("?ref=", StringComparison.Ordinal)
                || word.Text.StartsWith("github.com/", StringComparison.Ordinal);
            if (isRemote)
            {
                files.Notes.Say(
                    word.Place,
                    KubernetesReports.NotTaken(
                        "the kustomization",
                        $"{entry.Key} ({word.Text})",
                        "It is elsewhere, and nothing is fetched by an import.",
                        Rendered
                    )
                );
            }
            else if (ComposeFolder.Inside(folder, word.Text) is { } inside)
            {
                files.Read(inside, depth + 1);
            }
            else
            {
                files.Notes.Fault(word.Place, KubernetesFaults.Outside(word.Text));
            }
        }
    }

    private void One(Piece.Entry entry, int from)
    {
        switch (entry)
        {
            case { Key: "resources" or "bases" }:
                break;
            case { Key: "namespace", Value: Piece.Word space }:
                files.Change(one => one with { Space = space.Text }, from);
                break;
            case { Key: "images", Value: Piece.Row images }:
                foreach (var image in images.Items.OfType<Piece.Group>())
                {
                    files.Change(one => one with { Root = (Piece.Group)Imaged(one.Root, image) }, from);
                }
                break;
            case { Key: "replicas", Value: Piece.Row numbers }:
                foreach (var number in numbers.Items.OfType<Piece.Group>())
                {
                    files.Change(one => Numbered(one, number), from);
                }
                break;
            case { Key: "configMapGenerator" or "secretGenerator", Value: Piece.Row made }:
                foreach (var group in made.Items.OfType<Piece.Group>())
                {
                    Generate(entry.Key == "secretGenerator" ? "Secret" : "ConfigMap", group);
                }
                break;
            default:
                Other(entry);
                break;
        }
    }

    private void Other(Piece.Entry entry)
    {
        if (!Harmless.Contains(entry.Key, StringComparer.Ordinal) && entry.Value is not Piece.Row { Items.Count: 0 })
        {
            files.Notes.Say(
                entry.Place,
                KubernetesReports.NotTaken(
                    "the kustomization",
                    entry.Key,
                    entry.Key is "namePrefix" or "nameSuffix"
                        ? "Names in the manifest are those of the files."
                        : "What Kustomize makes of objects by it is not done here.",
                    Rendered
                )
            );
        }
    }

    private string Rendered =>
        $"Let Kustomize do it, then import the result: kubectl kustomize {Shown.Line(folder)} > all.yaml && fairlead import kubernetes all.yaml";

    private static Piece Imaged(Piece piece, Piece.Group image) =>
        piece switch
        {
            Piece.Group group => new Piece.Group(
                group.Place,
                [
                    .. group.Entries.Select(one =>
                        one is { Key: "image", Value: Piece.Word word }
                        && NameOf(word.Text) == ClusterObject.Text(image, "name")
                            ? one with
                            {
                                Value = word with { Text = Renamed(word.Text, image) },
                            }
                            : one with
                            {
                                Value = Imaged(one.Value, image),
                            }
                    ),
                ]
            ),
            Piece.Row row => new Piece.Row(row.Place, [.. row.Items.Select(one => Imaged(one, image))]),
            _ => piece,
        };

    private static string NameOf(string image)
    {
        var name = image.Split('@')[0];
        return name.LastIndexOf(':') is > 0 and var colon && colon > name.LastIndexOf('/') ? name[..colon] : name;
    }

    private static string Renamed(string image, Piece.Group said)
    {
        var name = ClusterObject.Text(said, "newName") ?? NameOf(image);
        return ClusterObject.Text(said, "digest") is { } digest ? $"{name}@{digest}"
            : ClusterObject.Text(said, "newTag") is { } tag ? $"{name}:{tag}"
            : name + image[NameOf(image).Length..];
    }

    private static ClusterObject Numbered(ClusterObject one, Piece.Group number)
    {
        if (
            one.Kind == "Service"
            || one.Name != ClusterObject.Text(number, "name")
            || number.Find("count") is not { } count
        )
        {
            return one;
        }
        var spec = new Piece.Group(
            one.Spec.Place,
            [.. one.Spec.Entries.Where(static entry => entry.Key != "replicas"), new(count.Place, "replicas", count)]
        );
        return one with
        {
            Root = new Piece.Group(
                one.Root.Place,
                [.. one.Root.Entries.Select(entry => entry.Key == "spec" ? entry with { Value = spec } : entry)]
            ),
        };
    }

    private void Generate(string kind, Piece.Group said)
    {
        if (ClusterObject.Text(said, "name") is not { } name)
        {
            return;
        }
        // What comes later holds.
        OrderedDictionary<string, Piece.Entry> data = new(StringComparer.Ordinal);
        void Add(Place place, string key, string value) =>
            data[key] = new(place, key, new Piece.Word(place, value, IsPlain: false));
        foreach (var literal in ClusterObject.Texts(said.Find("literals")))
        {
            var parts = literal.Text.Split('=', 2);
            Add(literal.Place, parts[0], parts.Length > 1 ? parts[1].Trim('"', '\'') : "");
        }
        Piece.Word[] listed = [.. ClusterObject.Texts(said.Find("envs")), .. ClusterObject.Texts(said.Find("env"))];
        foreach (var list in listed)
        {
            var source = new ComposeSource(list.Text, folder);
            foreach (var (number, key, value) in Lines(TextOf(list)))
            {
                Add(new(source, number, 1), key, value);
            }
        }
        foreach (var file in ClusterObject.Texts(said.Find("files")))
        {
            var parts = file.Text.Split('=', 2);
            var path = parts[^1];
            Add(file.Place, parts.Length > 1 ? parts[0] : Paths.Name(path), TextOf(file with { Text = path }));
        }
        var root = new Piece.Group(
            said.Place,
            [new(said.Place, "data", new Piece.Group(said.Place, [.. data.Values]))]
        );
        files.Add(new(said.Place, kind, name, null, root));
    }

    private string TextOf(Piece.Word path)
    {
        if (ComposeFolder.Inside(folder, path.Text) is not { } inside)
        {
            files.Notes.Fault(path.Place, KubernetesFaults.Outside(path.Text));
        }
        else if (files.Tree.ReadText(inside) is { } text)
        {
            return text;
        }
        else
        {
            files.Notes.Fault(path.Place, Faults.Missing(inside));
        }
        return "";
    }

    private static IEnumerable<(int Number, string Key, string Value)> Lines(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n').Select(static line => line.TrimEnd('\r')))
        {
            number++;
            if (line.Length > 0 && line[0] != '#' && line.Split('=', 2) is [var key, var value])
            {
                yield return (number, key, value);
            }
        }
    }
}
