using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.State;

/// <summary>Seals what others keep for us, a browser or a disk, so that they can neither read nor change it: AES-256-GCM.</summary>
public sealed class Sealer
{
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly Lazy<byte[]> key;

    /// <param name="keyFile">Where the key is kept, made when missing; null makes one for the life of the process.</param>
    /// <param name="isPrecious">Whether a damaged key is told and never replaced, since what it sealed is nowhere else.</param>
    public Sealer(string? keyFile, bool isPrecious = false) => key = new(() => KeyOf(keyFile, isPrecious));

    private Sealer(byte[] bytes) => key = new(bytes);

    /// <summary>One whose key is kept elsewhere.</summary>
    /// <param name="key">As <see cref="MakeKey"/> made it.</param>
    public static Sealer Of(Secret key) => new(Convert.FromHexString(key.Reveal()));

    /// <summary>A key for <see cref="Of"/>.</summary>
    public static Secret MakeKey() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)));

    /// <summary>Seals a value as base64url text.</summary>
    /// <param name="purpose">What it is for: it opens for nothing else.</param>
    public string Seal<T>(T value, string purpose)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(value, Wire.Json);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key.Value, TagBytes);
        cipher.Encrypt(
            box.AsSpan(0, NonceBytes),
            plain,
            box.AsSpan(NonceBytes, plain.Length),
            box.AsSpan(NonceBytes + plain.Length),
            Encoding.UTF8.GetBytes(purpose)
        );
        return Base64Url.EncodeToString(box);
    }

    /// <summary>What was sealed; null when it was not by us, or for another purpose.</summary>
    public T? Open<T>(string text, string purpose)
        where T : class
    {
        if (!Base64Url.IsValid(text))
        {
            return null;
        }
        var box = Base64Url.DecodeFromChars(text);
        var length = box.Length - NonceBytes - TagBytes;
        if (length < 0)
        {
            return null;
        }
        var plain = new byte[length];
        using var cipher = new AesGcm(key.Value, TagBytes);
        try
        {
            cipher.Decrypt(
                box.AsSpan(0, NonceBytes),
                box.AsSpan(NonceBytes, length),
                box.AsSpan(NonceBytes + length),
                plain,
                Encoding.UTF8.GetBytes(purpose)
            );
            return JsonSerializer.Deserialize<T>(plain, Wire.Json);
        }
        catch (Exception caught) when (caught is AuthenticationTagMismatchException or JsonException)
        {
            return null;
        }
    }

    private static byte[] KeyOf(string? path, bool isPrecious)
    {
        if (path is null)
        {
            return RandomNumberGenerator.GetBytes(KeyBytes);
        }
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyBytes } known)
        {
            return known;
        }
        if (isPrecious && File.Exists(path))
        {
            throw new ProblemException(
                new Problem(
                    "key.damaged",
                    What: $"The key {path} is damaged.",
                    Why: $"It does not have {KeyBytes} bytes. A new one would not open what this one sealed.",
                    Fix: "Put the file back from a backup. Remove it only if what it sealed may be lost."
                )
            );
        }
        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerAlone,
        };
        using (var file = new FileStream(beside, options))
        {
            file.Write(made);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
        return made;
    }
}
