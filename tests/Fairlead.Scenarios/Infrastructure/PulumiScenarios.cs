using System.Diagnostics;
using System.Runtime.CompilerServices;
using Fairlead.Scenarios.Certificates;

namespace Fairlead.Scenarios.Infrastructure;

/// <summary>Programs that are written for Pulumi, judged by the compiler with Pulumi's own types, and run under its own mocks.</summary>
public sealed class PulumiScenarios : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("fairlead-pulumi-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("storefront")]
    [InlineData("everything")]
    [InlineData("functions")]
    [InlineData("closed")]
    public async Task The_compiler_finds_nothing_and_the_test_that_comes_with_the_program_passes(string app)
    {
        var modules = Path.Combine(Peers(), "pulumi", "node_modules");
        Assert.SkipUnless(
            PebbleUnderTest.Program("node") is not null && Directory.Exists(Path.Combine(modules, "@pulumi/aws")),
            "Pulumi's SDK for AWS is not installed (npm package @pulumi/aws)"
        );
        var golden = Path.Combine(
            Path.GetDirectoryName(Here())!,
            "../../Fairlead.Tests/Infrastructure/Pulumi/Golden",
            app
        );
        foreach (var file in Directory.EnumerateFiles(golden))
        {
            File.Copy(file, Path.Combine(root, Path.GetFileName(file)));
        }
        Directory.CreateSymbolicLink(Path.Combine(root, "node_modules"), modules);

        Assert.Equal((0, ""), await NodeAsync("node_modules/typescript/bin/tsc"));
        var (code, said) = await NodeAsync("--test", "--test-reporter", "tap", "bin/");
        Assert.True(code == 0, said);
        Assert.Contains("# pass 3", said, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Said)> NodeAsync(params string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo("node", words)
            {
                WorkingDirectory = root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var said = process.StandardOutput.ReadToEndAsync(Stop);
        var complained = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await said + await complained);
    }

    private static string Peers() =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "fairlead-peers"
        );

    private static string Here([CallerFilePath] string path = "") => path;
}
