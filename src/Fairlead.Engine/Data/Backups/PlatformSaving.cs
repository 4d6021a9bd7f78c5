using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Backups;

/// <summary>Saves a whole Fairlead once, and reads back what was saved.</summary>
internal static class PlatformSaving
{
    /// <param name="kept">Told when it is written and not yet read back.</param>
    /// <exception cref="ProblemException">It could not be saved, or other bytes came back.</exception>
    public static async Task<SavedPlatform> SaveAsync(
        PlatformPorts ports,
        IBackupRepository repository,
        World world,
        Action<string> kept,
        CancellationToken stop
    )
    {
        var (at, bytes, began) = (world.Now, 0L, world.Clock.GetTimestamp());
        var tags = new Dictionary<string, string>
        {
            ["kind"] = PlatformRepository.Kind,
            ["at"] = at.ToString("O", CultureInfo.InvariantCulture),
        };
        var id = await repository.KeepAsync(
            tags,
            async (stream, end) =>
            {
                await using var hashing = new HashingStream(stream);
                await ports.Files.SaveAsync(hashing, end);
                bytes = hashing.Bytes;
                return new Dictionary<string, string> { ["sha256"] = hashing.Digest };
            },
            kibPerSecondMax: null,
            stop
        );
        var took = world.Clock.GetElapsedTime(began);
        kept(id);
        began = world.Clock.GetTimestamp();
        var found = await PlatformRepository.ChooseAsync(repository, id, stop);
        await PlatformRepository.ReadAsync(repository, found, ports.Files.TryAsync, stop);
        return new(id, at, bytes, took, world.Clock.GetElapsedTime(began));
    }
}

/// <param name="Bytes">Before compression.</param>
/// <param name="Took">How long saving took.</param>
/// <param name="Proven">How long it took to read all of it back.</param>
internal sealed record SavedPlatform(string Id, DateTimeOffset At, long Bytes, TimeSpan Took, TimeSpan Proven);
