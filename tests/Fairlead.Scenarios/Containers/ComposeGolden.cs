using System.Runtime.CompilerServices;
using Fairlead.Drivers.State;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;

namespace Fairlead.Scenarios.Containers;

/// <summary>Compose files in the manner of well-known projects, as the unit tests have them, in folders of their own.</summary>
/// <param name="Files">Compose files that are read, as seen from the folder.</param>
internal sealed record ComposeGolden(
    string Name,
    string Folder,
    IReadOnlyList<string> Files,
    IReadOnlyDictionary<string, string> Variables,
    IReadOnlyList<string> Profiles
)
{
    private static readonly string Samples = Path.GetFullPath(
        Path.Combine(Here(), "../../Fairlead.Tests/Manifests/ComposeFiles")
    );

    public static async Task<IReadOnlyList<ComposeGolden>> AllAsync(
        string kind,
        DirectoryInfo folder,
        CancellationToken stop
    )
    {
        List<ComposeGolden> all = [];
        foreach (var sample in Directory.EnumerateFiles(Path.Combine(Samples, kind), "*.txt").Order())
        {
            var name = Path.GetFileNameWithoutExtension(sample);
            var place = folder.CreateSubdirectory(name).FullName;
            var text = await File.ReadAllTextAsync(sample, stop);
            foreach (var part in text.Split("\n----------\n")[0].Split("\n==> ").Skip(1))
            {
                var path = Path.Combine(place, part.Split('\n')[0]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(
                    path,
                    part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..] + "\n",
                    stop
                );
            }
            var head = text.Split('\n')[0].Split(' ');
            string[] files = [.. head.TakeWhile(static word => !word.StartsWith("--", StringComparison.Ordinal))];
            var variables = head.Where(static word => word.Contains('=', StringComparison.Ordinal))
                .ToDictionary(static word => word.Split('=')[0], static word => word.Split('=')[1]);
            string[] profiles =
            [
                .. head.Zip(head.Skip(1))
                    .Where(static pair => pair.First == "--profile")
                    .Select(static pair => pair.Second),
            ];
            all.Add(new(name, place, files, variables, profiles));
        }
        return all;
    }

    /// <summary>The app that it becomes, with its manifest in its folder.</summary>
    public async Task<LoadedApp> ImportedAsync(CancellationToken stop)
    {
        var answer = ComposeImport.Run(
            FolderTree.Open(Folder),
            new(Files) { Variables = Variables, Profiles = Profiles }
        );
        await File.WriteAllTextAsync(Path.Combine(Folder, ManifestFile.Name), answer.Manifest, stop);
        return Load(Folder);
    }

    public static LoadedApp Load(string folder)
    {
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        return new ManifestLoader(Detection.DetectService, Detection.DetectApp, _ => abilities).Load(
            FolderTree.Open(folder)
        );
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
