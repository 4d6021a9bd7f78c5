using System.Globalization;
using Fairlead.Scenarios.Aws;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Data;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Repositories that are elsewhere: over SSH, and in buckets.</summary>
public sealed class RepositoryScenarios : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-elsewhere-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task A_platform_is_saved_over_SFTP_and_into_a_bucket_and_read_back_from_there()
    {
        _ = RealPeer.Find("restic", "restic");
        await using var ssh = await SshAsync();
        await using var moto = await MotoUnderTest.StartAsync();
        await using var platform = await Platform.StartAsync(
            new Dictionary<string, string>
            {
                ["PATH"] = $"{root.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            }
        );
        await File.WriteAllTextAsync(In("passphrase"), "correct horse battery", Stop);

        var user = Environment.UserName;
        await SavedAsync(platform, $"sftp://{user}@127.0.0.1:{ssh.Port}/{In("over-ssh")}");
        Assert.True(File.Exists(Path.Combine(In("over-ssh"), "config")));

        var bucket = $"s3:{moto.Env["AWS_ENDPOINT_URL"]}/fairlead-backups";
        await File.WriteAllLinesAsync(
            In("settings"),
            [
                bucket,
                "AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY=not-checked",
                "AWS_DEFAULT_REGION=us-east-1",
            ],
            Stop
        );
        await SavedAsync(platform, "--settings", In("settings"));

        // A server that is away is no empty repository.
        await ssh.DisposeAsync();
        var away = await platform.RunAsync(
            "backup",
            "platform",
            $"sftp://{user}@127.0.0.1:{ssh.Port}/{In("other")}",
            "--file",
            In("passphrase")
        );
        Assert.NotEqual(0, away.Code);
    }

    private async Task SavedAsync(Platform platform, params string[] to)
    {
        var saved = await platform.RunAsync(["backup", "platform", .. to, "--file", In("passphrase"), "--json"]);
        Assert.True(saved.Code == 0, saved.ToString());
        Assert.Contains("provenSeconds", saved.Output, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(root.FullName, name);

    // restic runs the 'ssh' that it finds: this one knows the test's key and host, and nobody's own files are touched.
    private async Task<Sshd> SshAsync()
    {
        var (sshd, keygen) = (RealPeer.Find("sshd", "openssh-server"), RealPeer.Find("ssh-keygen", "openssh-client"));
        var port = RealPeer.FreePort();
        await RealPeer.RunAsync(keygen, ["-q", "-t", "ed25519", "-N", "", "-f", In("host")]);
        await RealPeer.RunAsync(keygen, ["-q", "-t", "ed25519", "-N", "", "-f", In("key")]);
        File.Copy(In("key.pub"), In("authorized"));
        var known = (await File.ReadAllTextAsync(In("host.pub"), Stop)).Trim();
        await File.WriteAllTextAsync(In("known"), $"[127.0.0.1]:{port} {known}\n", Stop);
        await File.WriteAllLinesAsync(
            In("config"),
            [
                string.Create(CultureInfo.InvariantCulture, $"Port {port}"),
                "ListenAddress 127.0.0.1",
                $"HostKey {In("host")}",
                $"AuthorizedKeysFile {In("authorized")}",
                $"PidFile {In("pid")}",
                "StrictModes no",
                "UsePAM no",
                "PermitRootLogin prohibit-password",
                "PasswordAuthentication no",
                "Subsystem sftp internal-sftp",
            ],
            Stop
        );
        await File.WriteAllTextAsync(
            In("ssh"),
            $"#!/bin/sh\nexec /usr/bin/ssh -F /dev/null -i '{In("key")}' -o UserKnownHostsFile='{In("known")}' -o IdentitiesOnly=yes -o BatchMode=yes \"$@\"\n",
            Stop
        );
        File.SetUnixFileMode(In("ssh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory("/run/sshd"); // Its place of privilege separation, which its package makes at boot.
        var folder = RealPeer.NewFolder();
        var peer = await RealPeer.StartAsync(
            (sshd, ["-D", "-e", "-f", In("config")]),
            folder,
            () => RealPeer.ListensAsync(port)
        );
        return new(peer, port);
    }

    private sealed class Sshd(RealPeer peer, int port) : IAsyncDisposable
    {
        private bool isEnded;

        public int Port => port;

        public async ValueTask DisposeAsync()
        {
            if (!isEnded)
            {
                isEnded = true;
                await peer.DisposeAsync();
            }
        }
    }
}
