using System.Text;

namespace Fairlead.Drivers.Builds;

/// <summary>
/// The <c>.gitignore</c> and <c>.fairleadignore</c> of a folder and of those above it. The nearest folder decides; in one
/// folder <c>.fairleadignore</c> decides over <c>.gitignore</c>, so it can bring back what Git need not know.
/// </summary>
/// <remarks>Rules outside the tree (<c>.git/info/exclude</c>, a person's own) are not read: they differ between machines.</remarks>
internal sealed class IgnoreRules
{
    private const int BytesMax = 1024 * 1024;
    private const int FoldersUpMax = 40;

    // The one that decides comes first.
    private static readonly string[] Names = [".fairleadignore", ".gitignore"];

    private readonly IgnoreRules? above;
    private readonly IReadOnlyList<Gitignore> files;

    // How many parts of an asked path lead to this folder.
    private readonly int depth;

    private IgnoreRules(IgnoreRules? above, IReadOnlyList<Gitignore> files, int depth) =>
        (this.above, this.files, this.depth) = (above, files, depth);

    /// <summary>The rules that hold in a folder: its own and those of its repository above it.</summary>
    /// <returns>The rules, and the folder's path in the repository, with which every asked path begins.</returns>
    public static (IgnoreRules Rules, IReadOnlyList<string> Prefix) Of(string folder)
    {
        var parts = new List<string>();
        var root = new DirectoryInfo(folder);
        while (root is not null && parts.Count < FoldersUpMax && !Path.Exists(Path.Combine(root.FullName, ".git")))
        {
            parts.Insert(0, root.Name);
            root = root.Parent;
        }
        if (root is null || parts.Count == FoldersUpMax)
        {
            return (new(null, Read(folder), 0), []);
        }
        var rules = new IgnoreRules(null, Read(root.FullName), 0);
        var path = root.FullName;
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            rules = rules.Inside(path);
        }
        return (rules, parts);
    }

    public IgnoreRules Inside(string folder) => new(this, Read(folder), depth + 1);

    public bool Ignores(ReadOnlySpan<string> path, bool isFolder)
    {
        for (var rules = this; rules is not null; rules = rules.above)
        {
            foreach (var file in rules.files)
            {
                if (file.Ignores(path[rules.depth..], isFolder) is { } answer)
                {
                    return answer;
                }
            }
        }
        return false;
    }

    private static IReadOnlyList<Gitignore> Read(string folder) =>
        [.. Names.Select(name => Path.Combine(folder, name)).Where(IsFile).Select(Parse)];

    private static bool IsFile(string path) => Posix.Stat(path) is { Kind: FileKind.File, Size: <= BytesMax };

    private static Gitignore Parse(string path) => Gitignore.Parse(File.ReadAllText(path, Encoding.UTF8));
}
