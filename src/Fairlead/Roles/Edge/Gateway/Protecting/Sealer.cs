using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Http;

namespace Fairlead.Roles.Edge.Gateway.Protecting;

/// <summary>Seals what a browser keeps for us, so that it can neither read nor change it: AES-256-GCM.</summary>
internal sealed class Sealer
{
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly Lazy<byte[]> key;

    /// <param name="folder">Where the key is kept; null makes one for the life of the process.</param>
    public Sealer(string? folder) => key = new(() => KeyOf(folder));

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

    private static byte[] KeyOf(string? folder)
    {
        if (folder is null)
        {
            return RandomNumberGenerator.GetBytes(KeyBytes);
        }
        var path = Path.Combine(folder, "gateway.key");
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyBytes } known)
        {
            return known;
        }
        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        Directory.CreateDirectory(folder);
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
