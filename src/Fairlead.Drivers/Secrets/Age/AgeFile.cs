using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Drivers.Secrets.Age;

/// <summary>
/// Files of age, version 1 (https://age-encryption.org/v1): a header in text with the file's key wrapped for each recipient, then the content in
/// sealed chunks of 64 KiB. Read as they are or in armor, written in armor.
/// </summary>
/// <remarks>
/// <code>
/// age-encryption.org/v1
/// -> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc
/// EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U
/// --- Vn+54jqiiUCE+WZcEVY3f1sqHjlu/z1LCQ/T7Xm7qI0
/// (nonce and chunks)
/// </code>
/// </remarks>
public static class AgeFile
{
    /// <summary>What is larger is no file of secrets.</summary>
    public const int BytesMax = 8 << 20;

    private const string Version = "age-encryption.org/v1";
    private const string Begin = "-----BEGIN AGE ENCRYPTED FILE-----";
    private const string End = "-----END AGE ENCRYPTED FILE-----";
    private const int Columns = 64;
    private const int LineLettersMax = 1024;
    private const int StanzasMax = 100;
    private const int ChunkBytes = 64 * 1024;
    private const int TagBytes = 16;
    private const int NonceBytes = 16;
    private const int MacBytes = 32;

    /// <summary>Whether bytes begin as a file of age does, in armor or not.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Encoding.ASCII.GetBytes(Version + "\n")) || IsArmored(bytes);

    /// <summary>Seals for recipients.</summary>
    /// <param name="recipients">Each <c>age1...</c>.</param>
    /// <exception cref="FormatException">One is none.</exception>
    public static string Seal(ReadOnlySpan<byte> content, IReadOnlyList<string> recipients)
    {
        var fileKey = RandomNumberGenerator.GetBytes(AgeKey.FileKeyBytes);
        return Sealed(
            content,
            fileKey,
            [
                .. recipients.Select(one =>
                    AgeKey.Wrap(
                        fileKey,
                        AgeKey.Recipient(one) ?? throw new FormatException($"'{one}' is no recipient.")
                    )
                ),
            ]
        );
    }

    /// <summary>Seals with a passphrase.</summary>
    public static string Seal(ReadOnlySpan<byte> content, string passphrase, int work = AgeKey.WorkMax)
    {
        var fileKey = RandomNumberGenerator.GetBytes(AgeKey.FileKeyBytes);
        return Sealed(content, fileKey, [AgeKey.Wrap(fileKey, passphrase, work)]);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="key">Identities, one a line and comments between them as <c>age-keygen</c> writes them, or a passphrase.</param>
    /// <exception cref="FormatException">It is no file of age, was changed, or the key does not open it.</exception>
    public static byte[] Open(ReadOnlySpan<byte> bytes, string key)
    {
        if (bytes.Length > BytesMax)
        {
            throw new FormatException($"It has {bytes.Length} bytes, and at most {BytesMax} are read.");
        }
        if (IsArmored(bytes))
        {
            bytes = Bared(bytes);
        }
        var (stanzas, header, mac, rest) = Header(bytes);
        var fileKey = FileKey(stanzas, key);
        if (!CryptographicOperations.FixedTimeEquals(Mac(fileKey, header), mac))
        {
            throw new FormatException("Its header was changed.");
        }
        return Content(bytes[rest..], fileKey);
    }

    internal static string Text(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Base64 without its filling, written in the one way that is right.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    internal static byte[] Bytes(string text)
    {
        var bytes =
            text.Contains('=', StringComparison.Ordinal) || text.Any(char.IsWhiteSpace)
                ? throw new FormatException("It holds base64 with what does not belong there.")
                : Convert.FromBase64String(text + new string('=', (4 - text.Length % 4) % 4));
        return Text(bytes) == text
            ? bytes
            : throw new FormatException("It holds base64 that could be written otherwise.");
    }

    private static byte[] FileKey(List<Stanza> stanzas, string key)
    {
        var identities = Identities(key);
        var isPassphrase = stanzas.Any(one => one.Words[0] == "scrypt");
        if (isPassphrase && stanzas.Count > 1)
        {
            throw new FormatException("It is sealed with a passphrase and for others as well, which age forbids.");
        }
        if (isPassphrase != (identities.Count == 0))
        {
            throw new FormatException(
                isPassphrase
                    ? "It is sealed with a passphrase, and an identity was given."
                    : "It is sealed for recipients, and no identity (AGE-SECRET-KEY-1...) was given."
            );
        }
        if (isPassphrase)
        {
            return AgeKey.Unwrap(stanzas[0], key)
                ?? throw new FormatException("The passphrase is not the one it was sealed with.");
        }
        foreach (var identity in identities)
        {
            foreach (var stanza in stanzas)
            {
                if (AgeKey.Unwrap(stanza, identity) is { } found)
                {
                    return found;
                }
            }
        }
        throw new FormatException("It was sealed for others: none of the identities opens it.");
    }

    private static List<byte[]> Identities(string key) =>
        [.. key.Split('\n', 100).Select(line => AgeKey.Identity(line.Trim())).OfType<byte[]>()];

    private static string Sealed(ReadOnlySpan<byte> content, byte[] fileKey, IReadOnlyList<Stanza> stanzas)
    {
        var header = new StringBuilder(Version).Append('\n');
        foreach (var stanza in stanzas)
        {
            header.Append("-> ").AppendJoin(' ', stanza.Words).Append('\n');
            var body = Text(stanza.Body);
            for (var at = 0; at <= body.Length; at += Columns)
            {
                // The last line is shorter than the others, and so may be empty.
                header.Append(body.AsSpan(at, Math.Min(Columns, body.Length - at))).Append('\n');
            }
        }
        header.Append("---");
        var head = Encoding.ASCII.GetBytes(header.ToString());
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        using var whole = new MemoryStream();
        whole.Write(head);
        whole.Write(Encoding.ASCII.GetBytes($" {Text(Mac(fileKey, head))}\n"));
        whole.Write(nonce);
        using var cipher = new ChaCha20Poly1305(Derived(fileKey, nonce, "payload"));
        var chunk = new byte[ChunkBytes + TagBytes];
        for (var number = 0; number == 0 || number * ChunkBytes < content.Length; number++)
        {
            var part = content[(number * ChunkBytes)..Math.Min((number + 1) * ChunkBytes, content.Length)];
            var isLast = (number + 1) * ChunkBytes >= content.Length;
            cipher.Encrypt(
                Nonce(number, isLast),
                part,
                chunk.AsSpan(0, part.Length),
                chunk.AsSpan(part.Length, TagBytes)
            );
            whole.Write(chunk.AsSpan(0, part.Length + TagBytes));
        }
        return Armored(whole.ToArray());
    }

    private static byte[] Content(ReadOnlySpan<byte> payload, byte[] fileKey)
    {
        if (payload.Length < NonceBytes + TagBytes)
        {
            throw Cut();
        }
        using var cipher = new ChaCha20Poly1305(Derived(fileKey, payload[..NonceBytes].ToArray(), "payload"));
        var chunks = payload[NonceBytes..];
        using var content = new MemoryStream();
        for (var number = 0; ; number++)
        {
            var size = Math.Min(ChunkBytes + TagBytes, chunks.Length);
            var isLast = size == chunks.Length;
            if (size < TagBytes || (size == TagBytes && number > 0))
            {
                throw Cut();
            }
            var part = new byte[size - TagBytes];
            try
            {
                cipher.Decrypt(Nonce(number, isLast), chunks[..part.Length], chunks[part.Length..size], part);
            }
            catch (AuthenticationTagMismatchException caught)
            {
                throw new FormatException("Its content was changed or cut off.", caught);
            }
            content.Write(part);
            if (isLast)
            {
                return content.ToArray();
            }
            chunks = chunks[size..];
        }
    }

    private static (List<Stanza> Stanzas, byte[] Header, byte[] Mac, int Length) Header(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        if (Line(bytes, ref at) != Version)
        {
            throw new FormatException($"It does not begin with '{Version}'.");
        }
        List<Stanza> stanzas = [];
        while (true)
        {
            var begin = at;
            var line = Line(bytes, ref at);
            if (line.StartsWith("--- ", StringComparison.Ordinal))
            {
                var mac = Bytes(line[4..]);
                return mac.Length == MacBytes && stanzas.Count > 0
                    ? (stanzas, bytes[..(begin + 3)].ToArray(), mac, at)
                    : throw new FormatException("Its header has no proof, or is for nobody.");
            }
            var words = line.Split(' ');
            if (
                words is not ["->", .. { Length: > 0 } said]
                || said.Any(one => one.Length == 0)
                || stanzas.Count == StanzasMax
            )
            {
                throw new FormatException("Its header is garbled.");
            }
            var body = new StringBuilder();
            string part;
            do
            {
                part = Line(bytes, ref at);
                if (part.Length > Columns)
                {
                    throw new FormatException("Its header is garbled.");
                }
                body.Append(part);
            } while (part.Length == Columns && body.Length < LineLettersMax);
            stanzas.Add(new(said, Bytes(body.ToString())));
        }
    }

    private static string Line(ReadOnlySpan<byte> bytes, ref int at)
    {
        var rest = bytes[at..];
        var length = rest[..Math.Min(rest.Length, LineLettersMax)].IndexOf((byte)'\n');
        if (length < 0 || rest[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            throw new FormatException("Its header is garbled or cut off.");
        }
        at += length + 1;
        return Encoding.ASCII.GetString(rest[..length]);
    }

    private static bool IsArmored(ReadOnlySpan<byte> bytes) =>
        bytes.TrimStart(" \t\r\n"u8).StartsWith(Encoding.ASCII.GetBytes(Begin));

    private static string Armored(byte[] bytes)
    {
        var text = Convert.ToBase64String(bytes);
        var armored = new StringBuilder(Begin).Append('\n');
        for (var at = 0; at < text.Length; at += Columns)
        {
            armored.Append(text.AsSpan(at, Math.Min(Columns, text.Length - at))).Append('\n');
        }
        return armored.Append(End).Append('\n').ToString();
    }

    private static byte[] Bared(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.ASCII.GetString(bytes).Trim().ReplaceLineEndings("\n").Split('\n');
        if (
            lines is not [Begin, .. var inner, End]
            || inner.Length == 0
            || inner.Any(line => line.Length is 0 or > Columns)
        )
        {
            throw new FormatException("Its armor is garbled or cut off.");
        }
        var bared = new byte[inner.Length * Columns];
        return
            inner[..^1].All(line => line.Length == Columns)
            && Convert.TryFromBase64String(string.Concat(inner), bared, out var count)
            ? bared[..count]
            : throw new FormatException("Its armor is garbled.");
    }

    private static byte[] Mac(byte[] fileKey, byte[] header) =>
        HMACSHA256.HashData(Derived(fileKey, [], "header"), header);

    private static byte[] Derived(byte[] fileKey, byte[] salt, string info) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, 32, salt, Encoding.ASCII.GetBytes(info));

    /// <summary>Eleven bytes that count the chunks, and one that says whether it is the last.</summary>
    private static byte[] Nonce(int number, bool isLast)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(nonce.AsSpan(7), number);
        nonce[11] = (byte)(isLast ? 1 : 0);
        return nonce;
    }

    private static FormatException Cut() => new("It was cut off.");
}
