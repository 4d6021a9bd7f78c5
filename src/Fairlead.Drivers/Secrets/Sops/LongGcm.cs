using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fairlead.Drivers.Secrets.Sops;

/// <summary>Opens AES-GCM (NIST SP 800-38D) with nonces of any length: SOPS takes 32 bytes, .NET only 12.</summary>
internal static class LongGcm
{
    private const int Block = 16;

    /// <summary>The content; null when it, what goes with it, the nonce or the key is not what was sealed.</summary>
    /// <param name="bound">What it was bound to.</param>
    public static byte[]? Open(byte[] key, byte[] nonce, byte[] sealedBytes, byte[] tag, byte[] bound)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var hashKey = BinaryPrimitives.ReadUInt128BigEndian(aes.EncryptEcb(new byte[Block], PaddingMode.None));
        var first = nonce.Length == 12 ? [.. nonce, 0, 0, 0, 1] : Hash(hashKey, [], nonce);
        var proof = Hash(hashKey, bound, sealedBytes);
        var mask = aes.EncryptEcb(first, PaddingMode.None);
        for (var at = 0; at < Block; at++)
        {
            proof[at] ^= mask[at];
        }
        if (!CryptographicOperations.FixedTimeEquals(proof, tag))
        {
            return null;
        }
        var counters = new byte[(sealedBytes.Length + Block - 1) / Block * Block];
        var count = BinaryPrimitives.ReadUInt32BigEndian(first.AsSpan(12));
        for (var at = 0; at < counters.Length; at += Block)
        {
            first.AsSpan(0, 12).CopyTo(counters.AsSpan(at));
            BinaryPrimitives.WriteUInt32BigEndian(counters.AsSpan(at + 12), ++count);
        }
        var stream = aes.EncryptEcb(counters, PaddingMode.None);
        var content = new byte[sealedBytes.Length];
        for (var at = 0; at < content.Length; at++)
        {
            content[at] = (byte)(sealedBytes[at] ^ stream[at]);
        }
        return content;
    }

    /// <summary>GHASH over two parts, each filled up to whole blocks, and their lengths in bits.</summary>
    private static byte[] Hash(UInt128 key, byte[] bound, byte[] content)
    {
        var sum = Part(key, Part(key, UInt128.Zero, bound), content);
        sum = Times(sum ^ (((UInt128)(ulong)(bound.Length * 8L) << 64) | (ulong)(content.Length * 8L)), key);
        var bytes = new byte[Block];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, sum);
        return bytes;
    }

    private static UInt128 Part(UInt128 key, UInt128 sum, byte[] part)
    {
        var block = new byte[Block];
        for (var at = 0; at < part.Length; at += Block)
        {
            Array.Clear(block);
            part.AsSpan(at, Math.Min(Block, part.Length - at)).CopyTo(block);
            sum = Times(sum ^ BinaryPrimitives.ReadUInt128BigEndian(block), key);
        }
        return sum;
    }

    /// <summary>Multiplies in GF(2^128), whose bits GCM counts from the left.</summary>
    private static UInt128 Times(UInt128 left, UInt128 right)
    {
        var product = UInt128.Zero;
        for (var bit = 127; bit >= 0; bit--)
        {
            // Without branches, so that time says nothing of the key.
            product ^= right & (UInt128.Zero - ((left >> bit) & 1));
            right = (right >> 1) ^ (((UInt128)0xe1 << 120) & (UInt128.Zero - (right & 1)));
        }
        return product;
    }
}
