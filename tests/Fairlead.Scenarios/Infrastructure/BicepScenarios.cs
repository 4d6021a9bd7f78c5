using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Infrastructure;

/// <summary>Code that is written in Bicep, judged by Microsoft's own compiler, which knows the types of all of Azure and needs no cloud.</summary>
public sealed class BicepScenarios : IDisposable
{
    private const string Broken = """
        resource wrong 'Microsoft.Storage/storageAccounts@2025-01-01' = {
          name: 'wrong'
          location: 'westeurope'
          kind: 'StorageV2'
          properties: {
            allowBlobPublicAcces: false
          }
        }
        """;

    private readonly string root = Directory.CreateTempSubdirectory("fairlead-bicep-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("storefront", 10)]
    [InlineData("everything", 100)]
    [InlineData("functions", 10)]
    [InlineData("closed", 10)]
    [InlineData("strange", 100)]
    public async Task The_compiler_and_its_linter_find_nothing_and_predict_what_would_be_there(
        string app,
        int resourcesMin
    )
    {
        Assert.SkipWhen(Program() is null, "Bicep is not installed (NuGet package Azure.Bicep.CommandLine.linux-x64)");
        Copy(app);

        Assert.Equal((0, "", ""), await BicepAsync("build", "main.bicep", "--outfile", "main.json"));
        Assert.Equal((0, "", ""), await BicepAsync("lint", "main.bicep"));
        var written = Texts();
        Assert.Equal((0, "", ""), await BicepAsync("format", "--pattern", "**/*.bicep"));
        Assert.Equal(written, Texts());
        var (code, _, complained) = await BicepAsync(
            "snapshot",
            "main.bicepparam",
            "--mode",
            "overwrite",
            "--subscription-id",
            "00000000-0000-0000-0000-000000000001",
            "--resource-group",
            "rg-test",
            "--location",
            "westeurope"
        );
        Assert.Equal((0, true), (code, !complained.Contains("rror", StringComparison.Ordinal)));
        var snapshot = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(root, "main.snapshot.json"), Stop))!;
        Assert.True(snapshot["predictedResources"]!.AsArray().Count >= resourcesMin);
    }

    [Fact]
    public async Task The_compiler_would_tell_of_a_word_that_Azure_does_not_know()
    {
        Assert.SkipWhen(Program() is null, "Bicep is not installed (NuGet package Azure.Bicep.CommandLine.linux-x64)");
        await File.WriteAllTextAsync(Path.Combine(root, "main.bicep"), Broken, Stop);

        var (_, _, complained) = await BicepAsync("build", "main.bicep", "--outfile", "main.json");

        Assert.Contains("BCP035", complained, StringComparison.Ordinal);
        Assert.Contains("\"allowBlobPublicAcces\" is not allowed", complained, StringComparison.Ordinal);
    }

    private void Copy(string app)
    {
        var golden = Path.Combine(
            Path.GetDirectoryName(Here())!,
            "../../Fairlead.Tests/Infrastructure/Bicep/Golden",
            app
        );
        foreach (var file in Directory.EnumerateFiles(golden, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(root, Path.GetRelativePath(golden, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    private string Texts() =>
        string.Concat(
            Directory
                .EnumerateFiles(root, "*.bicep", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(static file => $"{file}\n{File.ReadAllText(file)}")
        );

    private async Task<(int Code, string Said, string Complained)> BicepAsync(params string[] words)
    {
        var start = new ProcessStartInfo(Program()!, words)
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // What a pipeline says.
        start.Environment["MACHINE_KEY"] = "ssh-ed25519 AAAA";
        foreach (var database in (string[])["MAIN", "VAULT", "DATA"])
        {
            start.Environment[$"{database}_DATABASE_PASSWORD"] = "0123456789abcdef";
        }
        // Its only file unpacks itself.
        start.Environment["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = Path.Combine(Peers(), "unpacked");
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync(Stop);
        var complained = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await said, await complained);
    }

    private static string? Program()
    {
        var folder = Path.Combine(Peers(), "azure.bicep.commandline.linux-x64");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "bicep", SearchOption.AllDirectories).Order().LastOrDefault()
            : null;
    }

    private static string Peers() =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "fairlead-peers",
            "bicep"
        );

    private static string Here([CallerFilePath] string path = "") => path;
}
