using System.Runtime.CompilerServices;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.KubernetesFiles.Importing;
using Fairlead.Model.Problems;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Manifests.KubernetesFiles;

/// <summary>
/// Folders with objects of Kubernetes, each as one text: which path is imported, then every file of the folder below its name, as
/// <c>==&gt; name &lt;==</c> without the end.
/// </summary>
internal static class KubernetesSample
{
    private const string Head = "\n==> ";

    public const string Line = "\n----------\n";

    public static string Folder { get; } = Path.Combine(Here(), "Golden");

    public static IReadOnlyList<string> Names { get; } =
    [.. Directory.EnumerateFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order()];

    public static string Input(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.txt")).Split(Line)[0];

    public static ComposeImport.Answer Import(string text)
    {
        var parts = text.Split(Head);
        var files = parts
            .Skip(1)
            .ToDictionary(
                static part => part.Split('\n')[0],
                static part => $"{part[(part.IndexOf('\n') + 1)..].TrimEnd('\n')}\n"
            );
        return KubernetesImport.Run(new MemoryTree(files, "/srv/shop"), parts[0].Trim(), null);
    }

    /// <summary>What a person sees: the manifest with all findings, or all faults.</summary>
    public static string Answer(string text)
    {
        try
        {
            var answer = Import(text);
            return $"{answer.Manifest}\n{string.Join('\n', answer.Findings)}\n";
        }
        catch (ProblemException found)
        {
            return $"{string.Join('\n', found.Problems)}\n";
        }
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
