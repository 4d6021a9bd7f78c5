using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Data.Backups;

/// <summary>Backups of whole Fairleads in a repository that a passphrase opens: the keys are among what is saved, so none of them can be the key to it.</summary>
internal static class PlatformRepository
{
    public const string Kind = "platform";
    private const int PassphraseCharsMin = 12;

    /// <exception cref="ProblemException">The passphrase is too short, or the address cannot be used.</exception>
    public static IBackupRepository Open(PlatformPorts ports, Secret? address, Secret? passphrase)
    {
        if (passphrase is null || passphrase.Reveal().Length < PassphraseCharsMin)
        {
            throw new ProblemException(
                new Problem(
                    "platform.passphrase",
                    What: "The platform is not saved without a passphrase.",
                    Why: $"Whoever has the repository has all keys: it needs at least {PassphraseCharsMin} letters, and is asked for on the day when all else is lost.",
                    Fix: "Write it into a file that you keep apart, and name it: --file PASSPHRASE-FILE"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        return ports.Repositories.Open(address, passphrase);
    }

    /// <summary>The newest, or the one of this id.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static async Task<KeptBackup> ChooseAsync(
        IBackupRepository repository,
        string? id,
        CancellationToken stop
    ) =>
        (await repository.ListAsync(stop)).LastOrDefault(one =>
            one.Tags.GetValueOrDefault("kind") == Kind && (id is null || one.Id == id)
        )
        ?? throw new ProblemException(
            new Problem(
                "backup.unknown",
                What: "There is no such backup of a platform in the repository.",
                Why: id is null ? "None was ever finished there." : $"None has the id {id}.",
                Fix: "fairlead backup platform --to REPOSITORY --file PASSPHRASE-FILE"
            )
            {
                Trouble = Trouble.NotFound,
            }
        );

    /// <summary>Reads a backup to its end and compares every byte with what was written.</summary>
    public static Task<DataFacts> ReadAsync(
        IBackupRepository repository,
        KeptBackup kept,
        Func<Stream, CancellationToken, Task<DataFacts>> read,
        CancellationToken stop
    ) =>
        repository.ReadAsync(
            kept.Id,
            async (stream, end) =>
            {
                await using var hashing = new HashingStream(stream);
                var facts = await read(hashing, end);
                await hashing.CopyToAsync(Stream.Null, end);
                return hashing.Digest == kept.Tags.GetValueOrDefault("sha256")
                    ? facts
                    : throw new ProblemException(
                        new Problem(
                            "backup.other-bytes",
                            What: $"The backup {kept.Id} is not what was written.",
                            Why: "Other bytes came back than went there.",
                            Fix: "Bring back an older one: --backup ID"
                        )
                    );
            },
            stop
        );
}
