using System.Security.Cryptography;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Secrets;

/// <summary>Master keys in files that only their owner can read, made at the first need. Keep a copy elsewhere than the store's backups.</summary>
/// <param name="folder">Absolute.</param>
public sealed class FileKeys(string folder, World world) : HeldKeys
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public override string Kind => "file";

    public override Task<MasterKey> MakeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken stop)
    {
        // Not from World: a key that can be replayed from a seed is none.
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        try
        {
            Directory.CreateDirectory(folder, OwnerAlone | UnixFileMode.UserExecute);
            var beside = PathOf(id) + ".new";
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerAlone,
            };
            using (var file = new FileStream(beside, options))
            {
                file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, PathOf(id));
            DurableFile.SyncFolder(folder);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Gone(id, caught.Message), caught);
        }
        return Task.FromResult(new MasterKey(id, Kind, new Dictionary<string, string>(), world.Now));
    }

    public override Task ForgetAsync(MasterKey key, CancellationToken stop)
    {
        File.Delete(PathOf(key.Id));
        return Task.CompletedTask;
    }

    protected override byte[] BytesOf(MasterKey key)
    {
        try
        {
            var path = PathOf(key.Id);
            if ((File.GetUnixFileMode(path) & ~OwnerAlone) != UnixFileMode.None)
            {
                throw new ProblemException(TooOpen(path));
            }
            return File.ReadAllBytes(path) is { Length: KeyBytes } bytes
                ? bytes
                : throw new ProblemException(Gone(key.Id, $"It does not have {KeyBytes} bytes."));
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Gone(key.Id, caught.Message), caught);
        }
    }

    private string PathOf(string id) => Path.Combine(folder, $"{id}.key");

    private Problem Gone(string id, string why) =>
        new(
            "secret.key-file",
            What: $"The master key {id} cannot be had from {PathOf(id)}.",
            Why: why,
            Fix: "Put the file back from its backup. Without it the secrets under it cannot be opened by anybody."
        );

    private static Problem TooOpen(string path) =>
        new(
            "secret.key-open",
            What: $"The master key {path} is not used.",
            Why: "Others than its owner may read or change it.",
            Fix: $"chmod 600 {path}, and if somebody else could have read it: fairlead secret rekey"
        );
}
