using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Data.Backups;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Brings a whole Fairlead back on a machine that has none, and starts it.</summary>
public static class RestorePlatform
{
    public sealed record Input
    {
        [Description("The repository, as restic has it: a folder, sftp:user@host:/path, s3:https://host/bucket.")]
        [Positional]
        public string? From { get; init; }

        [Description("A file of the repository's address and variables of its server, instead of --from.")]
        public string? Settings { get; init; }

        [Description("The passphrase that it was saved with.")]
        [Confidential]
        public required Secret Passphrase { get; init; }

        [Description("The backup's id; the newest when left out.")]
        public string? Backup { get; init; }
    }

    public sealed record Output(string Backup, string SavedAt, string Folder, double Seconds, string Next);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "restore.platform",
            "Bring a whole Fairlead back into an empty state folder, and start it.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead restore platform /mnt/backup/fairlead --file passphrase.txt"],
            Needs = Need.OfAll(Permission.Govern),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var ports = engine.Platform;
        var began = engine.World.Clock.GetTimestamp();
        var repository = PlatformRepository.Open(
            ports,
            BackUpPlatform.Address(engine, input.From, input.Settings),
            input.Passphrase
        );
        var kept = await PlatformRepository.ChooseAsync(repository, input.Backup, stop);
        var facts = await PlatformRepository.ReadAsync(repository, kept, ports.Files.RestoreAsync, stop);
        var took = engine.World.Clock.GetElapsedTime(began);
        engine.Say(
            string.Create(CultureInfo.InvariantCulture, $"{facts.Things} files are back in {took.TotalSeconds:0.0} s")
        );
        return new(
            kept.Id,
            kept.Tags.GetValueOrDefault("at", ""),
            ports.Files.Root,
            Math.Round(took.TotalSeconds, 2),
            "Its apps start now: fairlead status. Databases that were lost too: fairlead database remake NAME --app APP where Fairlead ran them, then fairlead backup restore APP --switch"
        );
    }
}
