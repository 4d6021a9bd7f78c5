using System.Runtime.CompilerServices;
using Fairlead.Engine.Infrastructure;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Model.Resources;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Infrastructure;

/// <summary>Apps whose infrastructure is written by all tools, and kept in files that a person can read.</summary>
internal static class CloudApps
{
    private static bool IsWriting => Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write";

    public static string Manifest(string app) => File.ReadAllText(Path.Combine(Here(), "Apps", $"{app}.yaml"));

    /// <summary>The same app at Azure: nothing but the cloud is said otherwise.</summary>
    public static string OnAzure(string app) =>
        Manifest(app)
            .Replace("cloud: aws", "cloud: azure", StringComparison.Ordinal)
            .Replace("us-east-1", "westeurope", StringComparison.Ordinal);

    public static ResourceGraph Graph(string manifest)
    {
        var tree = new MemoryTree(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["fairlead.yaml"] = manifest,
                ["build.sh"] = "",
                ["api"] = "",
                ["worker"] = "",
            }
        );
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        var loader = new ManifestLoader(Detection.DetectService, Detection.DetectApp, _ => abilities);
        return GraphMaker.Of(loader.Load(tree, null));
    }

    /// <summary>Compares files with those of a folder, or takes them as the new ones.</summary>
    public static void Same(string folder, CodeFiles written)
    {
        foreach (var file in written.Files)
        {
            var path = Path.Combine(folder, file.Path);
            if (IsWriting)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Text);
            }
            Assert.Equal(File.ReadAllText(path), file.Text);
        }
        Assert.Equal(
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path))
                .Order(),
            written.Files.Select(static one => one.Path).Order()
        );
    }

    public static string Text(CodeFiles files) =>
        string.Join('\n', files.Files.Select(static one => $"{one.Path}\n{one.Text}").Concat(files.Notes));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
