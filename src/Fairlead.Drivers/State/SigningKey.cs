using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.State;

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
                return key ??= Open();
            }
        }
    }

    private ECDsa Open()
    {
        var opened = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            if (File.Exists(path))
            {
                opened.ImportFromPem(File.ReadAllText(path));
            }
            else
            {
                Keep(opened.ExportPkcs8PrivateKeyPem());
            }
            return opened;
        }
        catch (Exception caught)
            when (caught is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            opened.Dispose();
            // Never made anew by itself: what was signed with the old one could not be proven any more.
            throw new ProblemException(
                new Problem(
                    "signing.no-key",
                    What: "The key that signs the journal and the artifacts cannot be used.",
                    Why: $"{path}: {caught.Message}",
                    Fix: $"Restore it from a backup. Without one: mv {path} {path}.broken; what it signed can still be checked by its public half, and artifacts are proven again once they are built again."
                ),
                caught
            );
        }
    }

    // Whole or absent: half a key would be none for ever.
    private void Keep(string pem)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var beside = path + ".new";
        using (
            var file = new FileStream(
                beside,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerAlone,
                }
            )
        )
        {
            file.Write(Encoding.ASCII.GetBytes(pem));
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path);
        DurableFile.SyncFolder(folder);
    }
}
