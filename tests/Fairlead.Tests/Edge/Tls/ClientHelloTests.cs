using System.Buffers;
using System.Net.Security;
using Fairlead.Roles.Edge.Tls;

namespace Fairlead.Tests.Edge.Tls;

public sealed class ClientHelloTests
{
    private static readonly byte[] Acme = "acme-tls/1"u8.ToArray();

    [Fact]
    public async Task A_real_hello_says_what_it_offers()
    {
        var hello = await HelloAsync(new SslApplicationProtocol("acme-tls/1"));
        Assert.True(ClientHello.Offers(new(hello), Acme));
        Assert.False(ClientHello.IsPart(new(hello)));
        Assert.False(ClientHello.Offers(new(await HelloAsync(SslApplicationProtocol.Http2)), Acme));
        Assert.True(
            ClientHello.Offers(
                new(await HelloAsync(SslApplicationProtocol.Http2, new SslApplicationProtocol("acme-tls/1"))),
                Acme
            )
        );
    }

    [Fact]
    public async Task Every_beginning_of_a_hello_is_a_part_and_offers_nothing()
    {
        var hello = await HelloAsync(new SslApplicationProtocol("acme-tls/1"));
        for (var length = 0; length < hello.Length; length++)
        {
            var part = new ReadOnlySequence<byte>(hello.AsMemory(0, length));
            Assert.True(ClientHello.IsPart(part));
            Assert.False(ClientHello.Offers(part, Acme));
        }
    }

    [Fact]
    public void What_is_no_hello_offers_nothing()
    {
        foreach (var text in new[] { "GET / HTTP/1.1\r\n\r\n", "\u0016", "\u0016\u0003\u0001\u0000\u0001x" })
        {
            var bytes = new ReadOnlySequence<byte>(System.Text.Encoding.Latin1.GetBytes(text));
            Assert.False(ClientHello.Offers(bytes, Acme));
        }
        Assert.False(ClientHello.IsPart(new("GET "u8.ToArray())));
    }

    [Fact]
    public async Task No_bytes_make_it_fail()
    {
        var random = new Random(42);
        var hello = await HelloAsync(new SslApplicationProtocol("acme-tls/1"), SslApplicationProtocol.Http2);
        for (var round = 0; round < 20_000; round++)
        {
            var changed = (byte[])hello.Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }
            var bytes = new ReadOnlySequence<byte>(changed.AsMemory(0, random.Next(changed.Length + 1)));
            _ = ClientHello.IsPart(bytes);
            _ = ClientHello.Offers(bytes, Acme);
        }
    }

    private static async Task<byte[]> HelloAsync(params IReadOnlyList<SslApplicationProtocol> protocols)
    {
        using var said = new MemoryStream();
        await using var tls = new SslStream(new Mouth(said));
        await Record.ExceptionAsync(() =>
            tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "shop.example",
                    ApplicationProtocols = [.. protocols],
                },
                TestContext.Current.CancellationToken
            )
        );
        return said.ToArray()[..(5 + (said.ToArray()[3] << 8) + said.ToArray()[4])];
    }

    /// <summary>Hears everything and says nothing.</summary>
    private sealed class Mouth(Stream said) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => said.Write(buffer, offset, count);

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Flush() => said.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
