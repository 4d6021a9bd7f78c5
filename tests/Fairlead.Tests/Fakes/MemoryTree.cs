using Fairlead.Model.Ports;

namespace Fairlead.Tests.Fakes;

/// <summary>A folder that exists only in a test.</summary>
/// <param name="files">Texts by path, such as <c>api/Program.cs</c>.</param>
public sealed class MemoryTree(IReadOnlyDictionary<string, string> files) : IFileTree
{
    public string Root { get; private init; } = "/app";

    public bool FolderExists(string path) => Plain(path) is var folder && (folder.Length == 0 || Below(folder).Any());

    public bool FileExists(string path) => files.ContainsKey(Plain(path));

    public string? ReadText(string path) => files.GetValueOrDefault(Plain(path));

    public IReadOnlyList<string> List(string folder) =>
        [
            .. Below(Plain(folder))
                .Select(file =>
                    file.IndexOf('/', StringComparison.Ordinal) is >= 0 and var end ? file[..(end + 1)] : file
                )
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    public IFileTree Inside(string folder)
    {
        var inner = Plain(folder);
        var cut = inner.Length == 0 ? 0 : inner.Length + 1;
        return new MemoryTree(
            Below(inner).ToDictionary(file => file, file => files[inner.Length == 0 ? file : $"{inner}/{file}"])
        )
        {
            Root = cut == 0 ? Root : $"{Root}/{inner}",
        };
    }

    /// <summary>Files in a folder at any depth, relative to it.</summary>
    private IEnumerable<string> Below(string folder) =>
        folder.Length == 0
            ? files.Keys
            : files
                .Keys.Where(file => file.StartsWith($"{folder}/", StringComparison.Ordinal))
                .Select(file => file[(folder.Length + 1)..]);

    private static string Plain(string path) =>
        string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));
}
