using Fairlead.Model.Ports;

namespace Fairlead.Tests.Fakes;

/// <summary>A folder in memory: paths with <c>/</c> and their text.</summary>
internal sealed class MemoryTree(IReadOnlyDictionary<string, string> files, string root = "/app") : IFileTree
{
    public string Root => root;

    public bool FolderExists(string path) =>
        Clean(path) is { } clean
        && (clean.Length == 0 || files.Keys.Any(file => file.StartsWith(clean + "/", StringComparison.Ordinal)));

    public bool FileExists(string path) => Clean(path) is { } clean && files.ContainsKey(clean);

    public string? ReadText(string path) => Clean(path) is { } clean ? files.GetValueOrDefault(clean) : null;

    public IReadOnlyList<string> List(string folder)
    {
        if (Clean(folder) is not { } clean)
        {
            return [];
        }
        var prefix = clean.Length == 0 ? "" : clean + "/";
        return
        [
            .. files
                .Keys.Where(file => file.StartsWith(prefix, StringComparison.Ordinal))
                .Select(file => file[prefix.Length..])
                .Select(rest =>
                    rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? rest[..(slash + 1)] : rest
                )
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    public IFileTree Inside(string folder)
    {
        var prefix = Clean(folder) is { Length: > 0 } clean ? clean + "/" : "";
        return new MemoryTree(
            files
                .Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(file => file.Key[prefix.Length..], file => file.Value),
            prefix.Length == 0 ? root : $"{root}/{prefix.TrimEnd('/')}"
        );
    }

    // As seen from the root; null when it leads outside.
    private static string? Clean(string path)
    {
        var full = Path.GetFullPath(path, "/tree");
        return full == "/tree" ? ""
            : full.StartsWith("/tree/", StringComparison.Ordinal) ? full["/tree/".Length..].TrimEnd('/')
            : null;
    }
}
