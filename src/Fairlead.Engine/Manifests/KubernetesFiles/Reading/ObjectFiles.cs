using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Reading;

/// <summary>
/// Reads objects of Kubernetes from a file, or from all files of a folder; a folder with a <c>kustomization.yaml</c> says itself which.
/// </summary>
internal sealed class ObjectFiles(IFileTree tree, Notes notes)
{
    private const int FilesMax = 300;
    private const int ObjectsMax = 2_000;
    private const int FoldersMax = 12;
    private const string List = "List";

    private readonly OrderedDictionary<(string Kind, string? Space, string Name), ClusterObject> objects = [];
    private readonly HashSet<string> visited = new(StringComparer.Ordinal);
    private int files;

    public IFileTree Tree => tree;

    public Notes Notes => notes;

    public IReadOnlyList<ClusterObject> Objects => [.. objects.Values];

    /// <param name="path">Of a file or a folder, as seen from the tree.</param>
    public void Read(string path, int depth = 0)
    {
        if (!tree.FolderExists(path))
        {
            File(path);
            return;
        }
        if (depth > FoldersMax || !visited.Add(path))
        {
            return; // Again, or through a link that leads back.
        }
        if (Array.Find(Kustomization.Names, name => tree.FileExists(Paths.Join(path, name)!)) is { } kustomization)
        {
            new Kustomization(this, path, depth).Read(Paths.Join(path, kustomization)!); // It is inside.
            return;
        }
        if (tree.FileExists(Paths.Join(path, "Chart.yaml")!))
        {
            notes.Fault(new(new(Paths.Join(path, "Chart.yaml")!, path), 1, 1), KubernetesFaults.Chart(path));
            return;
        }
        foreach (var name in tree.List(path).Where(static name => !name.StartsWith('.')))
        {
            var inside = Paths.Join(path, name.TrimEnd('/'))!; // It was listed there.
            if (name.EndsWith('/'))
            {
                Read(inside, depth + 1);
            }
            else if (IsYaml(name) && name != ManifestFile.Name)
            {
                File(inside);
            }
        }
    }

    public void Add(ClusterObject one)
    {
        var key = (one.Kind, one.Space, one.Name);
        if (objects.TryGetValue(key, out var first))
        {
            notes.Say(one.Place, KubernetesReports.Twice(one, first));
        }
        else if (objects.Count >= ObjectsMax)
        {
            notes.Fault(one.Place, KubernetesFaults.TooLarge($"There are more than {ObjectsMax} objects."));
        }
        else
        {
            objects.Add(key, one);
        }
    }

    /// <summary>All groups of a file, by documents; none when it cannot be read, with the reason among the faults.</summary>
    public IReadOnlyList<Piece.Group> Groups(string path)
    {
        var source = new ComposeSource(path, ComposeFolder.Parent(path));
        var first = new Place(source, 1, 1);
        if (++files > FilesMax)
        {
            notes.Fault(first, KubernetesFaults.TooLarge($"There are more than {FilesMax} files."));
            return [];
        }
        if (tree.ReadText(path) is not { } text)
        {
            notes.Fault(first, tree.FileExists(path) ? Faults.Unreadable(path) : Faults.Missing(path));
            return [];
        }
        return ComposeYaml.ReadAll(source, text, notes);
    }

    /// <summary>What a kustomization makes of the objects that it names, in the order in which they were found.</summary>
    public void Change(Func<ClusterObject, ClusterObject> change, int from)
    {
        foreach (var (key, one) in objects.Skip(from).ToList())
        {
            objects[key] = change(one);
        }
    }

    private void File(string path)
    {
        foreach (var group in Groups(path))
        {
            Document(group);
        }
    }

    private void Document(Piece.Group group, int depth = 0)
    {
        if (ClusterObject.Text(group, "kind")?.EndsWith(List, StringComparison.Ordinal) is true && depth == 0)
        {
            foreach (var item in ClusterObject.Rows(group, "items"))
            {
                Document(item, depth + 1);
            }
        }
        else if (ClusterObject.TryRead(group) is { } one)
        {
            Add(one);
        }
        else
        {
            notes.Say(group.Place, KubernetesReports.NoObject(group.Place.Source.Name));
        }
    }

    private static bool IsYaml(string name) =>
        name.EndsWith(".yaml", StringComparison.Ordinal)
        || name.EndsWith(".yml", StringComparison.Ordinal)
        || name.EndsWith(".json", StringComparison.Ordinal);
}
