using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fairlead.Drivers.Dns.Messages;

/// <summary>Signs messages with a key that both sides know, and checks the answers (RFC 8945, hmac-sha256).</summary>
internal sealed class Tsig(string keyName, byte[] secret)
{
    private const string Algorithm = "hmac-sha256";

    /// <summary>How far the two clocks may be apart.</summary>
    private const ushort DriftSeconds = 300;
    private const int HeaderBytes = 12;
    private const int CountAt = 10;

    /// <returns>What to send, and the signature that the answer's builds on.</returns>
    public (byte[] Message, byte[] Signature) Sign(DnsMessage message, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        byte[] signed = [.. DnsWriter.Write(message), .. Variables(seconds, DriftSeconds, 0)];
        var signature = HMACSHA256.HashData(secret, signed);
        var data = new DnsWriter();
        data.Name(Algorithm);
        Time(data, seconds, DriftSeconds);
        data.Short((ushort)signature.Length);
        data.Bytes(signature);
        data.Short(message.Id);
        data.Short(0);
        data.Short(0);
        var record = new DnsRecord(keyName, DnsType.Tsig, DnsClass.Any, 0, data.ToArray());
        return (DnsWriter.Write(message with { Additional = [.. message.Additional, record] }), signature);
    }

    /// <summary>What is wrong with an answer's signature, in words; null when it is good.</summary>
    /// <param name="asked">The signature of what was asked.</param>
    /// <exception cref="InvalidDataException">Its signature cannot be read.</exception>
    public string? Fault(byte[] answer, DnsMessage read, byte[] asked, DateTimeOffset now)
    {
        if (read.Additional is not [.., { Type: DnsType.Tsig } record])
        {
            return "the answer is not signed";
        }
        var data = new DnsReader(record.Data);
        var algorithm = data.Name();
        var seconds = ((long)data.Short() << 32) | data.Long();
        var drift = data.Short();
        var signature = data.Bytes(data.Short()).ToArray();
        var (id, error) = (data.Short(), data.Short());
        var other = data.Bytes(data.Short()).ToArray();
        if (error != 0)
        {
            return Word(error);
        }
        if (!Same(record.Name, keyName) || !Same(algorithm, Algorithm))
        {
            return $"the answer is signed with the key {record.Name} by {algorithm}";
        }
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > DriftSeconds)
        {
            return "the server's clock is more than five minutes off";
        }
        var plain = answer[..record.At];
        BinaryPrimitives.WriteUInt16BigEndian(plain, id);
        BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan(CountAt), (ushort)(read.Additional.Count - 1));
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)asked.Length);
        byte[] signed = [.. length, .. asked, .. plain, .. Variables(seconds, drift, error, other)];
        return
            plain.Length >= HeaderBytes
            && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, signed), signature)
            ? null
            : "the answer's signature is wrong";
    }

    private byte[] Variables(long seconds, ushort drift, ushort error, byte[]? other = null)
    {
        var writer = new DnsWriter();
        writer.Name(keyName.ToLowerInvariant());
        writer.Short((ushort)DnsClass.Any);
        writer.Long(0);
        writer.Name(Algorithm);
        Time(writer, seconds, drift);
        writer.Short(error);
        writer.Short((ushort)(other?.Length ?? 0));
        writer.Bytes(other ?? []);
        return writer.ToArray();
    }

    private static void Time(DnsWriter writer, long seconds, ushort drift)
    {
        writer.Short((ushort)(seconds >> 32));
        writer.Long((uint)seconds);
        writer.Short(drift);
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Word(ushort error) =>
        error switch
        {
            16 => "the server says that the signature is wrong (BADSIG)",
            17 => "the server does not know the key (BADKEY)",
            18 => "the two clocks are too far apart (BADTIME)",
            _ => $"the server refused the signature with error {error}",
        };
}
