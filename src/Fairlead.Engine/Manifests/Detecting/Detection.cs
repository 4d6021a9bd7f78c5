using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>Recognises what a repository is by its files alone. Nothing is run, and no input makes it fail or take long.</summary>
public static class Detection
{
    /// <summary>What one folder is; null when nothing tells. Nothing above the folder is seen.</summary>
    public static Detected? DetectService(IFileTree folder) => DetectService(folder, ".");

    /// <summary>
    /// What a folder of a repository is; null when nothing tells. What lies above the folder is seen too: locks of a
    /// workspace, projects that it references. Prefer it where the repository is at hand.
    /// </summary>
    /// <param name="path">The folder, relative to the repository.</param>
    public static Detected? DetectService(IFileTree root, string path)
    {
        if (Paths.Join(".", path) is not { } at)
        {
            return null;
        }
        var sight = new Sight(root, at);
        return Trial.Decide(sight, Trial.All(sight));
    }

    /// <summary>What a repository is.</summary>
    public static DetectedApp DetectApp(IFileTree root) =>
        new(
            AppName(root),
            [.. AppSearch.Run(root).Taken.Select(one => new DetectedService(one.Name!, one.Path, one.Detected))]
        );

    /// <summary>Why it is taken for that, what came close, and what looked like a service but is none.</summary>
    public static Explanation ExplainApp(IFileTree root)
    {
        var (taken, refused) = AppSearch.Run(root);
        return new(AppName(root), [.. taken.Select(Explanation.Of)], [.. refused.Select(one => one.ToString())]);
    }

    /// <summary>The same as lines for people.</summary>
    public static IReadOnlyList<string> Explain(IFileTree root) => ExplainApp(root).Lines();

    private static string AppName(IFileTree root) => Naming.Slug(Paths.Name(root.Root.TrimEnd('/'))) ?? "app";
}
