using System.IO.Enumeration;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Finds the files that tests are written in, by names that begin at a folder or at the root.</summary>
internal static class TestFiles
{
    /// <exception cref="ProblemException">There is no such file.</exception>
    public static string Read(EngineContext engine, string folder, string file) =>
        Find(engine, folder, file) is [{ Text: var text }]
            ? text
            : throw new ProblemException(
                new Problem(
                    "test.no-file",
                    What: $"There is no file '{file}' that could be read.",
                    Why: $"It was looked for from {folder}; files have at most 1 MiB of text.",
                    Fix: "Give the names of files with tests."
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );

    /// <summary>The folder that a file lies in.</summary>
    public static string FolderOf(string folder, string file) =>
        Path.GetDirectoryName(Path.GetFullPath(file, folder)) ?? folder;

    /// <summary>Files of a name, whose last part may be a pattern such as <c>*.yml</c>.</summary>
    public static IReadOnlyList<(string Name, string Text)> Find(EngineContext engine, string folder, string pattern)
    {
        var path = Path.GetFullPath(pattern, folder);
        var (inside, name) = (Path.GetDirectoryName(path) ?? folder, Path.GetFileName(path));
        var tree = engine.OpenFolder(inside);
        return
        [
            .. tree.List("")
                .Where(one => FileSystemName.MatchesSimpleExpression(name, one, ignoreCase: false))
                .Select(one =>
                    (Name: Path.Combine(Path.GetDirectoryName(pattern) ?? "", one), Text: tree.ReadText(one))
                )
                .Where(static one => one.Text is not null)
                .Select(static one => (one.Name, one.Text!)), // Those without are left out.
        ];
    }
}
