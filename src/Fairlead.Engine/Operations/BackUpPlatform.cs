using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Data.Backups;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Saves all of this Fairlead, also while it runs, and reads it back at once to prove it.</summary>
public static class BackUpPlatform
{
    public sealed record Input
    {
        [Description("The repository, as restic has it: a folder, sftp:user@host:/path, s3:https://host/bucket.")]
        [Positional]
        public string? To { get; init; }

        [Description("A file of the repository's address and variables of its server, instead of --to.")]
        public string? Settings { get; init; }

        [Description("The passphrase that opens it again.")]
        [Confidential]
        public required Secret Passphrase { get; init; }
    }

    /// <param name="Runbook">What to do on the day when all is lost, with the times that were measured.</param>
    public sealed record Output(
        string Backup,
        long Bytes,
        double Seconds,
        double ProvenSeconds,
        IReadOnlyList<string> Runbook
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "backup.platform",
            "Save this Fairlead: journal, keys, certificates, routes and what apps run.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead backup platform /mnt/backup/fairlead --file passphrase.txt"],
            Needs = Need.OfAll(Permission.Govern),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var ports = engine.Platform;
        var repository = PlatformRepository.Open(ports, Address(engine, input.To, input.Settings), input.Passphrase);
        var saved = await PlatformSaving.SaveAsync(
            ports,
            repository,
            engine.World,
            id => engine.Say($"{id} is kept; it is read back to prove it"),
            stop
        );
        return new(
            saved.Id,
            saved.Bytes,
            Seconds(saved.Took),
            Seconds(saved.Proven),
            Runbook(ports.Files.Root, input, (saved.Id, saved.At, saved.Bytes, saved.Proven))
        );
    }

    /// <summary>The address, from the option or a file, never both.</summary>
    internal static Secret Address(EngineContext engine, string? said, string? file) =>
        (said, file) switch
        {
            ({ Length: >= Secret.CharsMin }, null) => new(said),
            (null, { } path) => new(string.Join('\n', engine.OpenLines(path, 4096))),
            _ => throw CheckOpenApi.Wrong(
                "backup.wrong-repository",
                "Nothing says which repository is meant.",
                "It takes an address of at least 6 letters, or a file with one and its server's variables, and not both.",
                "fairlead backup platform /mnt/backup --file PASSPHRASE-FILE"
            ),
        };

    private static string[] Runbook(
        string root,
        Input input,
        (string Id, DateTimeOffset At, long Bytes, TimeSpan Proven) of
    ) =>
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"1. On an empty machine: install fairlead and restic 0.14 or later, and what apps need to run."
            ),
            string.Create(
                CultureInfo.InvariantCulture,
                $"2. fairlead restore platform {(input.To is { } to ? $"'{to}'" : $"--settings {input.Settings}")} --file PASSPHRASE-FILE --state {root}   ({of.Bytes / 1_000_000.0:0.0} MB, read back in {of.Proven.TotalSeconds:0.0} s at {of.At:u})"
            ),
            "3. It starts Fairlead; every app that was live is started again. See: fairlead status",
            "4. For each database that was lost too: fairlead backup restore APP --switch; of one that Fairlead ran, before: fairlead database remake NAME --app APP",
            "5. Lead names (DNS) to the new machine; certificates came along.",
        ];

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}
