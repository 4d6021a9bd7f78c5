using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>Opens repositories of restic, each once.</summary>
/// <param name="folder">Where Fairlead's own is, and the caches of all.</param>
/// <param name="keyFile">Holds the key of this state folder; made when it is first needed, for its owner alone.</param>
public sealed class ResticRepositories(string folder, string keyFile, World world) : IBackupRepositories
{
    private const string Own = "repository";

    private static readonly string[] Variables =
    [
        "AWS_",
        "B2_",
        "AZURE_",
        "GOOGLE_",
        "OS_",
        "ST_",
        "RCLONE_",
        "RESTIC_REST_",
    ];

    private readonly ConcurrentDictionary<string, ResticRepository> opened = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public IBackupRepository Open(Secret? settings, Secret? password)
    {
        var lines = (settings?.Reveal() ?? Path.Combine(folder, Own)).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !Variables.Any(known => line.StartsWith(known, StringComparison.Ordinal)))
            {
                throw new ProblemException(WrongLine());
            }
            env[line[..equals]] = line[(equals + 1)..];
        }
        if (lines.Length == 0)
        {
            throw new ProblemException(WrongLine());
        }
        env["RESTIC_PASSWORD"] = password?.Reveal() ?? OwnKey();
        var name = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [.. lines, env["RESTIC_PASSWORD"]])))
        );
        return opened.GetOrAdd(name, _ => new(lines[0], env, Path.Combine(folder, "cache"), world));
    }

    private string OwnKey()
    {
        lock (gate)
        {
            if (File.Exists(keyFile))
            {
                return File.ReadAllText(keyFile).Trim();
            }
            Directory.CreateDirectory(Path.GetDirectoryName(keyFile)!);
            var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (var file = new FileStream(keyFile, options))
            {
                file.Write(Encoding.UTF8.GetBytes(key));
                file.Flush(flushToDisk: true);
            }
            return key;
        }
    }

    private static Problem WrongLine() =>
        new(
            "backup.wrong-repository",
            What: "The repository's address cannot be used.",
            Why: $"The secret's first line is the address as restic has it; those below are variables of its server, such as AWS_ACCESS_KEY_ID=... ({string.Join(", ", Variables)}).",
            Fix: "printf '%s\\n' s3:https://s3.example.com/bucket AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... | fairlead secret set BACKUPS"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
