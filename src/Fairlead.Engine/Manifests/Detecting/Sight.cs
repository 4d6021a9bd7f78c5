using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>A bounded look at one folder of a repository; what was read once is remembered.</summary>
/// <param name="tree">The repository; nothing outside it is ever seen.</param>
/// <param name="at">The folder, relative to the repository; <c>.</c> is the repository itself.</param>
internal sealed class Sight(IFileTree tree, string at)
{
    public const int DepthMax = 4;
    public const int FilesMax = 5_000;

    private const int TextLengthMax = 256 * 1024;
    private const int LineLengthMax = 2_000;

    // What tools make again, and what belongs to others.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "node_modules",
        "bower_components",
        "bin",
        "obj",
        "target",
        "vendor",
        "dist",
        "venv",
        "__pycache__",
        "site-packages",
    };

    private readonly Dictionary<string, IReadOnlyList<string>> lines = [];
    private readonly Dictionary<Type, object> known = [];
    private (IReadOnlyList<string> Files, IReadOnlyList<string> Folders)? survey;
    private IReadOnlyList<string>? names;

    public string At { get; } = Paths.Join(".", at) ?? ".";

    /// <summary>Names in the folder itself, folders ending in <c>/</c>.</summary>
    public IReadOnlyList<string> Names => names ??= tree.List(At);

    /// <summary>Files down to a depth of four folders, the nearest first, at most 5,000.</summary>
    public IReadOnlyList<string> Files => (survey ??= Survey()).Files;

    /// <summary>Folders down to the same depth.</summary>
    public IReadOnlyList<string> Folders => (survey ??= Survey()).Folders;

    /// <summary>The same look at another folder; null when it is not in the repository.</summary>
    public Sight? Other(string path) =>
        Paths.Join(At, path) is { } full && tree.FolderExists(full) ? new(tree, full) : null;

    public bool HasFile(string path) => Paths.Join(At, path) is { } full && tree.FileExists(full);

    public bool HasFolder(string path) => Paths.Join(At, path) is { } full && tree.FolderExists(full);

    /// <summary>The first of the files that is there.</summary>
    public string? First(params IEnumerable<string> paths) => paths.FirstOrDefault(HasFile);

    /// <summary>Files of the folder itself whose names end so.</summary>
    public IEnumerable<string> Top(params string[] endings) =>
        Names.Where(name => endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));

    public string Text(string path) => string.Join('\n', Lines(path));

    /// <summary>Lines of a text file; none when it is missing, not text or larger than what people write.</summary>
    public IReadOnlyList<string> Lines(string path)
    {
        if (lines.TryGetValue(path, out var known))
        {
            return known;
        }
        var text = Paths.Join(At, path) is { } full ? tree.ReadText(full) : null;
        return lines[path] =
            text is null || text.Length > TextLengthMax
                ? []
                :
                [
                    .. text.ReplaceLineEndings("\n")
                        .Split('\n')
                        .Select(line => line.Length > LineLengthMax ? "" : line),
                ];
    }

    /// <summary>Evidence of the first line that holds.</summary>
    public Evidence? Find(string path, Func<string, bool> holds, string says)
    {
        var text = Lines(path);
        for (var index = 0; index < text.Count; index++)
        {
            if (holds(text[index]))
            {
                return new(path, index + 1, says);
            }
        }
        return null;
    }

    public Evidence? Find(string path, string words, string says) =>
        Find(path, line => line.Contains(words, StringComparison.Ordinal), says);

    /// <summary>What a reader makes of this folder, made once.</summary>
    public T Know<T>(Func<Sight, T> read)
        where T : class
    {
        if (known.TryGetValue(typeof(T), out var made))
        {
            return (T)made;
        }
        var value = read(this);
        known[typeof(T)] = value;
        return value;
    }

    private (IReadOnlyList<string>, IReadOnlyList<string>) Survey()
    {
        List<string> files = [];
        List<string> folders = [];
        Queue<(string Path, int Depth)> ahead = new([("", 0)]);
        while (files.Count < FilesMax && folders.Count < FilesMax && ahead.TryDequeue(out var folder))
        {
            foreach (var name in folder.Path.Length == 0 ? Names : tree.List(Paths.Join(At, folder.Path)!))
            {
                var path = folder.Path + name;
                if (!name.EndsWith('/'))
                {
                    files.Add(path);
                }
                else if (!IsSkipped(name[..^1]))
                {
                    folders.Add(path[..^1]);
                    if (folder.Depth < DepthMax)
                    {
                        ahead.Enqueue((path, folder.Depth + 1));
                    }
                }
            }
        }
        return ([.. files.Take(FilesMax)], [.. folders.Take(FilesMax)]);
    }

    private static bool IsSkipped(string name) => name.StartsWith('.') || Skipped.Contains(name);
}
