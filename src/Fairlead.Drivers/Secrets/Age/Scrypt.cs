using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Fairlead.Drivers.Secrets.Age;

/// <summary>scrypt (RFC 7914) with 8 blocks and one lane, as age uses it; libsodium's takes no salt of age's length.</summary>
internal static class Scrypt
{
    private const int Blocks = 8;
    private const int BlockWords = 32 * Blocks;

    /// <param name="logN">Costs 1 KiB of memory times two to the power of this.</param>
    public static byte[] Derive(byte[] passphrase, byte[] salt, int logN, int length)
    {
        var mixed = Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, 1, HashAlgorithmName.SHA256, BlockWords * sizeof(uint));
        var words = new uint[BlockWords];
        for (var at = 0; at < words.Length; at++)
        {
            words[at] = BinaryPrimitives.ReadUInt32LittleEndian(mixed.AsSpan(at * sizeof(uint)));
        }
        Mix(words, 1 << logN);
        for (var at = 0; at < words.Length; at++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(mixed.AsSpan(at * sizeof(uint)), words[at]);
        }
        return Rfc2898DeriveBytes.Pbkdf2(passphrase, mixed, 1, HashAlgorithmName.SHA256, length);
    }

    private static void Mix(uint[] block, int count)
    {
        // One array of 1 GiB and more would be refused; rows are not.
        var rows = new uint[count][];
        var next = new uint[BlockWords];
        for (var row = 0; row < count; row++)
        {
            rows[row] = (uint[])block.Clone();
            Step(block, next);
        }
        for (var turn = 0; turn < count; turn++)
        {
            var other = rows[block[(2 * Blocks - 1) * 16] & (uint)(count - 1)];
            for (var at = 0; at < BlockWords; at++)
            {
                block[at] ^= other[at];
            }
            Step(block, next);
        }
    }

    /// <summary>scryptBlockMix: the even results come first, then the odd ones.</summary>
    private static void Step(uint[] block, uint[] next)
    {
        Span<uint> state = stackalloc uint[16];
        block.AsSpan((2 * Blocks - 1) * 16, 16).CopyTo(state);
        for (var part = 0; part < 2 * Blocks; part++)
        {
            for (var at = 0; at < 16; at++)
            {
                state[at] ^= block[part * 16 + at];
            }
            Salsa(state);
            state.CopyTo(next.AsSpan((part / 2 + (part % 2 == 0 ? 0 : Blocks)) * 16));
        }
        next.CopyTo(block, 0);
    }

    private static void Salsa(Span<uint> state)
    {
        Span<uint> x = stackalloc uint[16];
        state.CopyTo(x);
        for (var round = 0; round < 4; round++)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }
        for (var at = 0; at < 16; at++)
        {
            state[at] += x[at];
        }
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
