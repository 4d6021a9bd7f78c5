using System.Runtime.CompilerServices;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Model.Problems;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Manifests.ComposeFiles;

/// <summary>
/// Folders with Compose files, each as one text: which files are read, then every file of the folder below its name, as
/// <c>==&gt; name &lt;==</c> without the end.
/// </summary>
internal static class ComposeSample
{
    private const string Head = "==> ";

    public const string Line = "\n----------\n";

    public static string Folder { get; } = Path.Combine(Here(), "Golden");

    public static IReadOnlyList<string> Names { get; } =
    [.. Directory.EnumerateFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order()];

    public static string Input(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.txt")).Split(Line)[0];

    public static (ComposeImport.Question Question, IReadOnlyDictionary<string, string> Files) Read(string text)
    {
        var parts = $"\n{text}".Split($"\n{Head}");
        var words = parts[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var files = parts
            .Skip(1)
            .ToDictionary(
                static part => part.Split('\n')[0],
                static part => $"{part[(part.IndexOf('\n') + 1)..].TrimEnd('\n')}\n"
            );
        string[] named = [.. words.TakeWhile(static word => !word.StartsWith("--", StringComparison.Ordinal))];
        return (
            new(named)
            {
                Profiles = [.. After(words, "--profile")],
                Variables = After(words, "--variable")
                    .Select(static one => one.Split('=', 2))
                    .ToDictionary(static one => one[0], static one => one[1]),
            },
            files
        );
    }

    /// <summary>What a person sees: the manifest with all findings, or all faults.</summary>
    public static string Answer(string text)
    {
        var (question, files) = Read(text);
        try
        {
            var answer = ComposeImport.Run(new MemoryTree(files, "/srv/shop"), question);
            return $"{answer.Manifest}\n{string.Join('\n', answer.Findings)}\n";
        }
        catch (ProblemException found)
        {
            return $"{string.Join('\n', found.Problems)}\n";
        }
    }

    /// <summary>The codes of all faults; none when it is taken.</summary>
    public static IReadOnlyList<string> Faults(params (string Path, string Text)[] files)
    {
        try
        {
            ComposeImport.Run(
                new MemoryTree(files.ToDictionary(static one => one.Path, static one => one.Text), "/srv/shop"),
                new([files[0].Path])
            );
            return [];
        }
        catch (ProblemException found)
        {
            return [.. found.Problems.Select(static one => $"{one.Where} {one.Code}")];
        }
    }

    public static ComposeFile Load(params (string Path, string Text)[] files) => Load(files, []);

    /// <param name="others">Files of the folder that are only read where they are named.</param>
    public static ComposeFile Load((string Path, string Text)[] files, params (string Path, string Text)[] others)
    {
        var tree = new MemoryTree(
            files.Concat(others).ToDictionary(static one => one.Path, static one => one.Text),
            "/srv/shop"
        );
        string[] paths = [.. files.Select(static one => one.Path)];
        return ComposeLoader.Load(tree, paths, null, new Dictionary<string, string>(), new Notes()).File;
    }

    private static IEnumerable<string> After(string[] words, string option) =>
        words.Zip(words.Skip(1)).Where(pair => pair.First == option).Select(static pair => pair.Second);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
