using System.Buffers.Binary;
using System.Security.Cryptography;
using Fairlead.Drivers.Dns.Messages;

namespace Fairlead.Tests.Drivers.Dns;

public sealed class TsigTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Secret = [1, 2, 3, 4];

    private readonly Tsig tsig = new("key.example", Secret);

    [Fact]
    public void An_answer_signed_with_the_key_is_good() => Assert.Null(Fault(Signed(Secret, Now), Now));

    [Fact]
    public void A_changed_answer_is_not()
    {
        var answer = Signed(Secret, Now);
        answer[3] ^= 1;

        Assert.Equal("the answer's signature is wrong", Fault(answer, Now));
    }

    [Fact]
    public void One_signed_with_another_key_is_not() =>
        Assert.Equal("the answer's signature is wrong", Fault(Signed([9, 9], Now), Now));

    [Fact]
    public void One_from_another_time_is_not() =>
        Assert.Equal("the server's clock is more than five minutes off", Fault(Signed(Secret, Now), Now.AddMinutes(6)));

    [Fact]
    public void One_without_a_signature_is_not() =>
        Assert.Equal("the answer is not signed", Fault(DnsWriter.Write(new(7, DnsMessage.Answer)), Now));

    private string? Fault(byte[] answer, DateTimeOffset now) =>
        tsig.Fault(answer, DnsReader.Read(answer), [5, 5, 5], now);

    /// <summary>What a server does, by RFC 8945, section 5.3: it signs the request's signature, its answer and the key's names.</summary>
    private static byte[] Signed(byte[] secret, DateTimeOffset now)
    {
        var answer = new DnsMessage(7, DnsMessage.Answer);
        var time = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, (now.ToUnixTimeSeconds() << 16) | 300);
        byte[] algorithm = [11, .. "hmac-sha256"u8, 0];
        byte[] signed =
        [
            0,
            3,
            5,
            5,
            5,
            .. DnsWriter.Write(answer),
            3,
            .. "key"u8,
            7,
            .. "example"u8,
            0,
            0,
            255,
            0,
            0,
            0,
            0,
            .. algorithm,
            .. time,
            0,
            0,
            0,
            0,
        ];
        var mac = HMACSHA256.HashData(secret, signed);
        byte[] data = [.. algorithm, .. time, 0, 32, .. mac, 0, 7, 0, 0, 0, 0];
        return DnsWriter.Write(answer with { Additional = [new("key.example", DnsType.Tsig, DnsClass.Any, 0, data)] });
    }
}
