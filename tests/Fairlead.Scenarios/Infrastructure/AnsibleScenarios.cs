using System.Diagnostics;
using Fairlead.Engine.Infrastructure.Code.Ansible;
using Fairlead.Model.Apps;
using Fairlead.Model.Resources;

namespace Fairlead.Scenarios.Infrastructure;

/// <summary>The real Ansible with the playbooks that are written, on this machine, in a folder that stands for a disk.</summary>
public sealed class AnsibleScenarios : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-ansible-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Ansible_reads_the_playbooks_and_a_second_run_changes_nothing()
    {
        Assert.SkipUnless(
            IsThere("ansible-playbook"),
            "ansible-playbook is not installed (Debian package ansible-core)"
        );
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "files of root are written by root alone");
        Write();

        var syntax = await RunAsync(["site.yml", "--syntax-check"]);
        var first = await RunAsync(Real());
        var second = await RunAsync(Real());

        Assert.True(syntax.Code == 0, syntax.Said);
        Assert.True(first.Code == 0, first.Said);
        Assert.Contains("changed=9", first.Said, StringComparison.Ordinal);
        Assert.True(second.Code == 0, second.Said);
        Assert.Contains("changed=0", second.Said, StringComparison.Ordinal);
        var disk = Path.Combine(folder, "disk");
        Assert.Contains(
            "ip saddr 10.0.0.0/8 tcp dport { 8080 } accept",
            await File.ReadAllTextAsync(Path.Combine(disk, "etc/nftables.conf"), Stop),
            StringComparison.Ordinal
        );
        Assert.Equal("program", await File.ReadAllTextAsync(Path.Combine(disk, "usr/local/bin/fairlead"), Stop));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(disk, "etc/ssh/sshd_config.d/60-fairlead.conf"))
        );
    }

    [Fact]
    public async Task A_language_that_nobody_knows_is_refused_before_anything_is_installed()
    {
        Assert.SkipUnless(
            IsThere("ansible-playbook"),
            "ansible-playbook is not installed (Debian package ansible-core)"
        );
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "files of root are written by root alone");
        Write();

        var (code, said) = await RunAsync([.. Real(), "-e", """{"runtime_languages":["cobol"]}"""]);

        Assert.NotEqual(0, code);
        Assert.Contains("Known are java, nodejs, php, python, ruby.", said, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(one => File.Exists(Path.Combine(one, program)));

    private void Write()
    {
        var log = new LogGroup("api-log", 30);
        var graph = new ResourceGraph(
            new Site("shop", "production"),
            new(CloudKind.Aws, "eu-central-1"),
            [
                new MachineGroup(
                    "api",
                    MachineSize.SmallMachine,
                    8080,
                    new(new("api-identity", ActorKind.Machines, []), log)
                )
                {
                    Scaling = new(1, 1, null),
                },
            ]
        );
        foreach (var file in new AnsibleFormat().Write(graph, new()).Files)
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Text);
        }
        Directory.CreateDirectory(Path.Combine(folder, "files"));
        File.WriteAllText(Path.Combine(folder, "files", "fairlead"), "program");
        File.WriteAllText(
            Path.Combine(folder, "inventory.yml"),
            "---\nmachines:\n  hosts:\n    localhost:\n      ansible_connection: local\n"
        );
    }

    // Packages and services of this machine stay as they are.
    private string[] Real() =>
        [
            "site.yml",
            "--skip-tags",
            "packages,services",
            "-e",
            "ansible_become=false",
            "-e",
            $"hardening_root={folder}/disk",
            "-e",
            $"fairlead_root={folder}/disk",
        ];

    private async Task<(int Code, string Said)> RunAsync(IEnumerable<string> words)
    {
        var start = new ProcessStartInfo("ansible-playbook", words)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ANSIBLE_CONFIG"] = Path.Combine(folder, "ansible.cfg");
        start.Environment["ANSIBLE_LOCAL_TEMP"] = Path.Combine(folder, ".tmp");
        start.Environment["ANSIBLE_REMOTE_TEMP"] = Path.Combine(folder, ".remote");
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        try
        {
            var (output, errors) = (
                process.StandardOutput.ReadToEndAsync(limit.Token),
                process.StandardError.ReadToEndAsync(limit.Token)
            );
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
