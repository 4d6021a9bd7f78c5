using System.Buffers;
using System.Security.Cryptography;
using Fairlead.Model.Pipelines;
using ZstdSharp;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// All files of an entry as one thing to send: the bytes of each, once, one after the other in the order of the entry, compressed as Zstandard. It holds no
/// names, no lengths and no modes: those are in the entry, which is signed, so nothing in a pack can say where it is to be put or how large it becomes.
/// </summary>
internal static class SharedPack
{
    private const int Level = 3;
    private const int BufferBytes = 128 << 10;

    /// <summary>Files with bytes of their own, in the order in which a pack has them.</summary>
    public static IEnumerable<WorkFile> Order(IReadOnlyList<WorkFile> outputs) =>
        outputs.Where(static one => !one.IsLink).DistinctBy(static one => one.Digest, StringComparer.Ordinal);

    /// <param name="open">Gives a file's bytes.</param>
    /// <returns>Digest and length of what was written; null when the bytes of a file are not what its digest says.</returns>
    public static (string Digest, long Bytes)? Write(
        IReadOnlyList<WorkFile> outputs,
        Func<WorkFile, Stream> open,
        Stream to,
        CancellationToken stop
    )
    {
        using var sha = SHA256.Create();
        using var hashed = new CryptoStream(to, sha, CryptoStreamMode.Write, leaveOpen: true);
        using (var packed = new CompressionStream(hashed, Level, leaveOpen: true))
        {
            foreach (var file in Order(outputs))
            {
                stop.ThrowIfCancellationRequested();
                using var from = open(file);
                if (Copy(from, packed, file.Size) != file.Digest)
                {
                    return null;
                }
            }
        }
        hashed.FlushFinalBlock();
        return (Convert.ToHexStringLower(sha.Hash!), to.Position);
    }

    /// <param name="make">Takes a file's bytes, and is disposed of when it has all of them.</param>
    /// <returns>Whether it held exactly these files; otherwise what was made of it must not be used.</returns>
    public static bool Read(
        IReadOnlyList<WorkFile> outputs,
        Stream from,
        Func<WorkFile, Stream> make,
        CancellationToken stop
    )
    {
        try
        {
            using var plain = new DecompressionStream(from, leaveOpen: true);
            foreach (var file in Order(outputs))
            {
                stop.ThrowIfCancellationRequested();
                using var to = make(file);
                if (Copy(plain, to, file.Size) != file.Digest)
                {
                    return false;
                }
            }
            return plain.ReadByte() < 0;
        }
        catch (Exception caught) when (caught is ZstdException or EndOfStreamException)
        {
            return false;
        }
    }

    /// <returns>The digest of so many bytes, or of as many as there were.</returns>
    private static string Copy(Stream from, Stream to, long bytes)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (bytes > 0)
            {
                var count = from.Read(buffer, 0, (int)Math.Min(buffer.Length, bytes));
                if (count == 0)
                {
                    break;
                }
                sha.AppendData(buffer, 0, count);
                to.Write(buffer, 0, count);
                bytes -= count;
            }
            return Convert.ToHexStringLower(sha.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
