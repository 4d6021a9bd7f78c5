using System.Runtime.CompilerServices;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.ComposeFiles.Exporting;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Manifests.ComposeFiles;

/// <summary>Manifests, a line of dashes, and the Compose file that each becomes. To take new answers, run once with FAIRLEAD_GOLDEN=write.</summary>
public sealed class ComposeExportTests
{
    private static readonly string Folder = Path.Combine(Here(), "Exports");

    public static TheoryData<string> Names =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.txt")
                .Select(Path.GetFileNameWithoutExtension)
                .OfType<string>()
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_app_becomes_a_compose_file(string name)
    {
        var path = Path.Combine(Folder, $"{name}.txt");
        var parts = File.ReadAllText(path).Split(ComposeSample.Line);
        var answer = Export(parts[0]);
        var text = $"{answer.Compose}\n{string.Join('\n', answer.Warnings)}\n";
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, parts[0] + ComposeSample.Line + text);
            return;
        }
        Assert.Equal(parts.ElementAtOrDefault(1), text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_is_read_again(string name)
    {
        var input = File.ReadAllText(Path.Combine(Folder, $"{name}.txt")).Split(ComposeSample.Line)[0];
        var (app, tree) = Load(input);
        // A secret that is a variable must be set, or Compose starts nothing.
        var variables = string.Concat(
            app.Services.SelectMany(static one => one.Service.Secrets ?? []).Select(static one => $"{one.Secret}=x\n")
        );
        var file = ComposeSample.Load([("compose.yaml", ComposeExport.Run(app, tree).Compose)], (".env", variables));
        Assert.All(app.Services, one => Assert.True(file.Services.ContainsKey(one.Service.Name)));
    }

    private static ComposeExport.Answer Export(string input)
    {
        var (app, tree) = Load(input);
        return ComposeExport.Run(app, tree);
    }

    private static (LoadedApp App, IFileTree Tree) Load(string input)
    {
        var tree = new MemoryTree(ComposeSample.Read(input).Files, "/srv/shop");
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        return (new ManifestLoader(Detection.DetectService, Detection.DetectApp, _ => abilities).Load(tree), tree);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
