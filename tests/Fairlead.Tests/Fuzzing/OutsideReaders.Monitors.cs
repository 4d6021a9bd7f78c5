using Fairlead.Drivers.Dns.Messages;
using Fairlead.Drivers.Monitoring;
using Fairlead.Model.Monitoring;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what is seen by monitors.</summary>
internal static partial class OutsideReaders
{
    private static IEnumerable<OutsideReader> Monitors()
    {
        var expecting = new MonitorSpec
        {
            Name = "api",
            Url = "http://x",
            Expect = new()
            {
                Matches = "(a+)+b",
                Json = new Dictionary<string, string> { ["checks[0].status"] = "ok" },
            },
        };
        yield return OutsideReader.OfText(
            "a body that a monitor judges",
            text => HttpJudge.FaultOf(expecting, new(200, new Dictionary<string, string>(), text, text.Length)),
            """{"checks":[{"status":"ok"}]}""",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaab"
        );
        yield return new OutsideReader(
            "an echo reply",
            [Pinger.Request(is6: false, 7)],
            bytes => Pinger.IsReply(bytes, is6: false, 7)
        );
        yield return new OutsideReader(
            "a gRPC health answer",
            [
                [0, 0, 0, 0, 2, 8, 1],
            ],
            bytes => GrpcMonitor.StateOf(bytes)
        );
        yield return new OutsideReader(
            "values of DNS records",
            [.. DnsAnswers()],
            bytes =>
            {
                var message = DnsReader.Read(bytes);
                foreach (var type in Enum.GetValues<DnsType>())
                {
                    DnsValues.Of(bytes, message, type);
                }
            }
        ).Refuses<InvalidDataException>();
        yield return OutsideReader.OfText(
            "name servers of the system",
            text => SystemNetwork.NameServersIn(text.Split('\n')),
            "# a comment\nnameserver 127.0.0.53\nnameserver fe80::1%eth0\n"
        );
        yield return OutsideReader.OfText(
            "gateways of the system",
            text => SystemNetwork.GatewaysIn(text.Split('\n')),
            "Iface\tDestination\tGateway\neth0\t00000000\t0102A8C0\t0003\n"
        );
    }

    internal static IEnumerable<byte[]> DnsAnswers()
    {
        (DnsType Type, byte[] Data)[] records =
        [
            (DnsType.A, [192, 0, 2, 1]),
            (DnsType.Aaaa, [0x20, 1, 0xd, 0xb8, .. new byte[11], 1]),
            (DnsType.Mx, [0, 10, 4, .. "mail"u8, 0xc0, 12]),
            (DnsType.Srv, [0, 1, 0, 2, 0, 80, 3, .. "www"u8, 0xc0, 12]),
            (DnsType.Txt, [5, .. "hello"u8]),
            (DnsType.Caa, [0, 5, .. "issue"u8, .. "letsencrypt.org"u8]),
            (DnsType.Soa, [0xc0, 12, 2, .. "me"u8, 0xc0, 12, 0, 0, 0, 7, .. new byte[16]]),
        ];
        foreach (var (type, data) in records)
        {
            yield return DnsWriter.Write(
                new(7, DnsMessage.Answer)
                {
                    Questions = [new("example.com", type)],
                    Answers = [new("example.com", type, DnsClass.In, 60, data)],
                }
            );
        }
    }
}
