using System.Runtime.CompilerServices;
using System.Text;

namespace Fairlead.Tests.Manifests.Detecting;

/// <summary>
/// A repository as text and what it is taken for. A golden file holds many: <c>==== title</c>, then each file under
/// <c>---- path</c>, then <c>----------</c> and what is expected.
/// </summary>
internal sealed record GoldenCase(string Title, IReadOnlyDictionary<string, string> Files, string Expected)
{
    private const string Head = "==== ";
    private const string FileHead = "---- ";
    private const string Divider = "----------";

    public static string Folder { get; } = Path.Combine(Here(), "Golden");

    public static IReadOnlyList<GoldenCase> Read(string path) =>
        [.. ("\n" + File.ReadAllText(path)).Split("\n" + Head).Skip(1).Select(Parse)];

    public static string Text(IEnumerable<GoldenCase> cases) => string.Join('\n', cases.Select(one => one.Text()));

    private static GoldenCase Parse(string text)
    {
        var lines = text.Split('\n');
        Dictionary<string, string> files = [];
        var expected = new StringBuilder();
        (string? path, var isExpected) = (null, false);
        foreach (var line in lines.Skip(1))
        {
            if (isExpected)
            {
                expected.Append(line).Append('\n');
            }
            else if (line == Divider)
            {
                isExpected = true;
            }
            else if (line.StartsWith(FileHead, StringComparison.Ordinal))
            {
                path = line[FileHead.Length..];
                files[path] = "";
            }
            else if (path is not null)
            {
                files[path] += line + "\n";
            }
        }
        return new(lines[0], files, expected.ToString().Trim('\n'));
    }

    private string Text() =>
        $"{Head}{Title}\n{string.Concat(Files.Select(file => $"{FileHead}{file.Key}\n{file.Value}"))}{Divider}\n{Expected}\n";

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
