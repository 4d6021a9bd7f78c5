using System.Security.Cryptography;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Scanners.Signing;

/// <summary>An ECDSA key on P-256 in a file that its owner alone may read; made when it is first used.</summary>
/// <param name="path">The file, absolute.</param>
public sealed class SigningKey(string path) : ISigner
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Lock gate = new();
    private ECDsa? key;

    public string KeyId => Convert.ToHexStringLower(SHA256.HashData(Key.ExportSubjectPublicKeyInfo()));

    public string PublicPem => Key.ExportSubjectPublicKeyInfoPem();

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        lock (gate)
        {
            return Key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        lock (gate)
        {
            return Key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    private ECDsa Key
    {
        get
        {
            lock (gate)
            {
                return key ??= File.Exists(path) ? Read() : Make();
            }
        }
    }

    private ECDsa Read()
    {
        var known = ECDsa.Create();
        try
        {
            known.ImportFromPem(File.ReadAllText(path));
            return known;
        }
        catch (Exception caught)
            when (caught is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            known.Dispose();
            // Never made anew by itself: what was signed with the old one could not be proven any more.
            throw new ProblemException(
                new Problem(
                    "provenance.key",
                    What: "The key that signs provenance cannot be read.",
                    Why: $"{path}: {caught.Message}",
                    Fix: $"Bring it back from a backup. Without one: mv {path} {path}.broken, then deploy again so that all is built and signed anew."
                ),
                caught
            );
        }
    }

    private ECDsa Make()
    {
        var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".new";
        File.Delete(beside);
        using (
            var file = new FileStream(
                beside,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerAlone,
                }
            )
        )
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem()));
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: false);
        DurableFile.SyncFolder(Path.GetDirectoryName(path)!);
        return made;
    }
}
