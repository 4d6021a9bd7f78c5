using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>
/// Reads Compose files with all that they name: files over files, <c>include</c>, <c>extends</c>, <c>.env</c>. Source of the rules: the
/// Compose specification as of version 2.40 of Docker's Compose.
/// </summary>
internal sealed class ComposeLoader
{
    private const int DepthMax = 16;
    private const int ServicesMax = 500;

    /// <summary>Pieces of all services once they were extended and merged.</summary>
    private const long PiecesMax = 300_000;

    private static readonly string[] Kinds = ["volumes", "networks", "secrets", "configs"];

    private static readonly string[] TopKeys = ["version", "name", "services", "include", "models", .. Kinds];

    private readonly ComposeFolder folder;
    private readonly Notes notes;
    private readonly IReadOnlyDictionary<string, string> given;

    private ComposeLoader(IFileTree tree, IReadOnlyDictionary<string, string> given, Notes notes) =>
        (folder, this.given, this.notes) = (new(tree, notes), given, notes);

    /// <param name="files">As seen from the tree; each is laid over those before.</param>
    /// <param name="environmentFile">Variables for <c>${NAME}</c>; null for <c>.env</c> beside the first file, if it is there.</param>
    /// <param name="given">Variables that go before those of that file.</param>
    /// <exception cref="ProblemException">The files mean nothing: all faults that were found.</exception>
    public static (ComposeFile File, IReadOnlyDictionary<string, string> Variables) Load(
        IFileTree tree,
        IReadOnlyList<string> files,
        string? environmentFile,
        IReadOnlyDictionary<string, string> given,
        Notes notes
    )
    {
        var loader = new ComposeLoader(tree, given, notes);
        var source = new ComposeSource(files[0], ComposeFolder.Parent(files[0]));
        var first = new Place(source, 1, 1);
        var variables = loader.Variables(first, source.Folder, environmentFile is null ? [] : [environmentFile]);
        var whole = loader.Files(first, files, variables, []);
        notes.ThrowIfFaulty();
        var file = loader.Finish(first, whole);
        notes.ThrowIfFaulty();
        return (file, variables);
    }

    private Dictionary<string, string> Variables(Place place, string home, List<string> named)
    {
        var values = new Dictionary<string, string>(given, StringComparer.Ordinal);
        var usual = ComposeFolder.Inside(home, ".env")!; // It begins inside.
        IReadOnlyList<string> paths =
            named.Count > 0 ? named
            : folder.Tree.FileExists(usual) ? [usual]
            : [];
        foreach (var path in paths)
        {
            if (folder.Text(place, path) is not { } text)
            {
                continue;
            }
            var source = new ComposeSource(path, home);
            foreach (var line in EnvironmentFile.Read(text, given, number => new(source, number, 1), notes))
            {
                if (line.Value is { } value && !given.ContainsKey(line.Name))
                {
                    values[line.Name] = value;
                }
            }
        }
        return values;
    }

    /// <summary>Files laid over each other, with what they include.</summary>
    /// <param name="way">Files that led here.</param>
    private Piece.Group Files(
        Place place,
        IReadOnlyList<string> paths,
        IReadOnlyDictionary<string, string> variables,
        IReadOnlyList<string> way
    )
    {
        var whole = new Piece.Group(place, []);
        foreach (var path in paths)
        {
            if (way.Contains(path) || way.Count > DepthMax)
            {
                notes.Fault(place, Faults.Circle("files", string.Join(" -> ", way.Append(path))));
                continue;
            }
            var source = new ComposeSource(path, place.Source.Folder);
            if (folder.Text(place, path) is not { } text)
            {
                continue;
            }
            if (ComposeYaml.Read(source, text, new Interpolation(variables), notes) is not { } file)
            {
                continue;
            }
            Piece.Group[] parts = [.. Included(file, variables, [.. way, path])];
            var extended = new Extending(folder, variables, notes).Apply(path, Canonical(file));
            whole = (Piece.Group)Merging.Merge("", whole, extended)!; // Two groups make a group.
            whole = parts.Aggregate(whole, Beside);
        }
        return whole;
    }

    internal static Piece.Group Canonical(Piece.Group file) =>
        new(
            file.Place,
            [
                .. file.Entries.Select(static entry =>
                    entry is { Key: "services", Value: Piece.Group services }
                        ? entry with
                        {
                            Value = new Piece.Group(
                                services.Place,
                                [
                                    .. services.Entries.Select(static one =>
                                        one.Value is Piece.Group service
                                            ? one with
                                            {
                                                Value = Canon.Service(service),
                                            }
                                            : one
                                    ),
                                ]
                            )
                            {
                                Mark = services.Mark,
                            },
                        }
                        : entry
                ),
            ]
        );

    private IEnumerable<Piece.Group> Included(
        Piece.Group file,
        IReadOnlyDictionary<string, string> variables,
        IReadOnlyList<string> way
    )
    {
        if (file.Find("include") is not { } include || include is Piece.Word { IsNothing: true })
        {
            yield break;
        }
        foreach (var item in include is Piece.Row row ? row.Items : [include])
        {
            var paths = Paths(item is Piece.Group group ? group.Find("path") : item, item);
            if (paths.Count == 0)
            {
                continue;
            }
            var home =
                item is Piece.Group { } said && said.Find("project_directory") is Piece.Word directory
                    ? folder.Resolve(directory.Place, directory.Text)
                    : ComposeFolder.Parent(paths[0]);
            if (home is null)
            {
                continue;
            }
            var environment = (item as Piece.Group)?.Find("env_file") is { } named ? Paths(named, named) : [];
            var source = new ComposeSource(item.Place.Source.Name, home);
            var inner = Variables(item.Place, home, environment);
            foreach (var (name, value) in variables)
            {
                // What is set outside goes before what the included part says itself.
                inner[name] = value;
            }
            yield return Files(item.Place with { Source = source }, paths, inner, way);
        }
    }

    /// <summary>Paths in one text or a list, as seen from the app's folder.</summary>
    private List<string> Paths(Piece? piece, Piece at)
    {
        List<string> paths = [];
        foreach (
            var item in piece is Piece.Row row ? row.Items
            : piece is null ? [at]
            : [piece]
        )
        {
            if (item is Piece.Word { IsNothing: false } word)
            {
                if (folder.Resolve(word.Place, word.Text) is { } path)
                {
                    paths.Add(path);
                }
            }
            else
            {
                notes.Fault(item.Place, Faults.BadValue("A path", "the path of a file"));
            }
        }
        return paths;
    }

    /// <summary>What was included stands beside what the file says itself, and never says the same differently.</summary>
    private Piece.Group Beside(Piece.Group file, Piece.Group part)
    {
        var entries = new OrderedDictionary<string, Piece.Entry>(StringComparer.Ordinal);
        foreach (var entry in file.Entries)
        {
            entries[entry.Key] = entry;
        }
        foreach (
            var entry in part.Entries.Where(entry => entry.Key == "services" || Array.IndexOf(Kinds, entry.Key) >= 0)
        )
        {
            if (entries.GetValueOrDefault(entry.Key)?.Value is not Piece.Group own)
            {
                entries[entry.Key] = entry;
                continue;
            }
            var things = new OrderedDictionary<string, Piece.Entry>(StringComparer.Ordinal);
            foreach (var one in own.Entries.Concat((entry.Value as Piece.Group)?.Entries ?? []))
            {
                if (!things.TryAdd(one.Key, one) && entry.Key == "services")
                {
                    notes.Fault(things[one.Key].Place, Faults.Twice($"{entry.Key}.{one.Key}", one.Place));
                }
            }
            entries[entry.Key] = entries[entry.Key] with { Value = new Piece.Group(own.Place, [.. things.Values]) };
        }
        return new(file.Place, [.. entries.Values]);
    }

    private ComposeFile Finish(Place first, Piece.Group whole)
    {
        foreach (
            var entry in whole.Entries.Where(entry =>
                Array.IndexOf(TopKeys, entry.Key) < 0 && !entry.Key.StartsWith("x-", StringComparison.Ordinal)
            )
        )
        {
            notes.Fault(entry.Place, Faults.Unknown("key", entry.Key, Nearest.To(entry.Key, TopKeys)));
        }
        var services = Groups(whole.Find("services"), "services");
        if (services.Count == 0 && !notes.HasFaults)
        {
            notes.Fault(whole.Find("services")?.Place ?? first, Faults.NoServices(first.Source.Name));
        }
        if (services.Count > ServicesMax || services.Values.Sum(static one => one.Size) > PiecesMax)
        {
            notes.Fault(
                first,
                Faults.TooLarge($"More than {ServicesMax} services, or {PiecesMax} values in them, are not read.")
            );
        }
        else
        {
            DependencyOrder.Check(services, notes);
        }
        return new ComposeFile
        {
            Place = first,
            Name = (whole.Find("name") as Piece.Word)?.Text,
            Services = services,
            Declared = Kinds
                .Where(kind => whole.Find(kind) is Piece.Group)
                .ToDictionary(kind => kind, kind => (Piece.Group)whole.Find(kind)!), // As asked before.
        };
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private OrderedDictionary<string, Piece.Group> Groups(Piece? piece, string key)
    {
        var groups = new OrderedDictionary<string, Piece.Group>(StringComparer.Ordinal);
        if (piece is not (null or Piece.Group or Piece.Word { IsNothing: true }))
        {
            notes.Fault(piece.Place, Faults.BadValue(key, "services by their names"));
        }
        foreach (var entry in (piece as Piece.Group)?.Entries ?? [])
        {
            if (entry.Key.StartsWith("x-", StringComparison.Ordinal) && entry.Value is not Piece.Group)
            {
                continue;
            }
            if (!IsName(entry.Key))
            {
                notes.Fault(
                    entry.Place,
                    Faults.BadValue(entry.Key, "letters, digits, dots, dashes and underscores, at most 100")
                );
            }
            else if (entry.Value is Piece.Group group)
            {
                groups[entry.Key] = group;
            }
            else
            {
                notes.Fault(entry.Place, Faults.BadValue($"{key}.{entry.Key}", "keys such as image or build"));
            }
        }
        return groups;
    }
}
