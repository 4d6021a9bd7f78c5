using System.Diagnostics;
using Fairlead.Scenarios.Certificates;

namespace Fairlead.Scenarios.Infrastructure;

/// <summary>The real Terraform, with the provider of AWS from a folder of this machine: nothing is fetched.</summary>
internal sealed class TerraformUnderTest : IDisposable
{
    private const string Provider = "registry.terraform.io/hashicorp/aws";
    private readonly string root = Directory.CreateTempSubdirectory("fairlead-terraform-").FullName;

    private TerraformUnderTest(string mirror)
    {
        Settings = Path.Combine(root, "terraform.rc");
        File.WriteAllText(
            Settings,
            $$"""
            disable_checkpoint = true
            provider_installation {
              filesystem_mirror {
                path    = "{{mirror}}"
                include = ["registry.terraform.io/*/*"]
              }
            }

            """
        );
    }

    /// <summary>What tells Terraform where providers are, by TF_CLI_CONFIG_FILE.</summary>
    public string Settings { get; }

    public static TerraformUnderTest Open()
    {
        Assert.SkipWhen(
            PebbleUnderTest.Program("terraform") is null,
            "terraform is not installed (releases.hashicorp.com)"
        );
        var mirror = Mirrors().FirstOrDefault(static one => Directory.Exists(Path.Combine(one, Provider)));
        Assert.SkipWhen(
            mirror is null,
            $"no folder with Terraform's provider of AWS ({Provider}) below /opt or ~/.terraform.d"
        );
        return new(mirror!);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>A copy of a folder, in which Terraform may write.</summary>
    public string Copy(string folder)
    {
        var copy = Path.Combine(root, Path.GetFileName(folder));
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return copy;
    }

    /// <summary>What it says, and 0 when it is content.</summary>
    public async Task<(int Code, string Said)> RunAsync(string folder, params string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo("terraform", words)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["TF_CLI_CONFIG_FILE"] = Settings, ["TF_IN_AUTOMATION"] = "1" },
            }
        )!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await said + await complained);
    }

    private static IEnumerable<string> Mirrors()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] usual = [Path.Combine(home, ".terraform.d/plugins"), "/usr/local/share/terraform/plugins"];
        return Directory.Exists("/opt") ? usual.Concat(Directory.EnumerateDirectories("/opt")) : usual;
    }
}
