using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Dns.Messages;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Asks name servers: <c>dns://1.1.1.1/shop.example.com?type=MX</c>, or <c>dns:///shop.example.com</c> for the system's own. By the
/// messages that the ACME challenges use already, because libraries for it bring a resolver and a cache, and a look must have neither.
/// </summary>
/// <param name="systems">The system's name servers.</param>
internal sealed class DnsMonitor(Dialer dialer, Func<IReadOnlyList<IPEndPoint>> systems, World world) : IMonitorProbe
{
    private const int UsualPort = 53;
    private const int DatagramBytesMax = 4096;
    private const int Missing = 3;

    public IReadOnlyList<string> Ways { get; } = ["dns"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url) = (new LookNotes(world, spec), new Uri(spec.Url));
        var (name, type) = QuestionOf(url);
        try
        {
            var servers =
                url.Host.Length > 0
                    ?
                    [
                        new IPEndPoint(
                            (await dialer.AddressesAsync(url.Host, notes, stop))[0],
                            url.Port > 0 ? url.Port : UsualPort
                        ),
                    ]
                    : systems();
            if (servers.Count == 0)
            {
                return MonitorLook.Unable("This machine has no name servers: /etc/resolv.conf names none.");
            }
            var (message, answer) = await AskAsync(servers, name, type, stop);
            notes.Over("request");
            notes.Phases("probe_dns_duration_seconds");
            notes.Note("probe_dns_query_succeeded", answer.Code == 0 ? 1 : 0);
            notes.Note("probe_dns_answer_rrs", answer.Answers.Count);
            return Judge(spec, (name, type), answer.Code, DnsValues.Of(message, answer, type)) is { } fault
                ? notes.Down(fault)
                : notes.Up($"{name} is {Short(DnsValues.Of(message, answer, type))}.");
        }
        catch (Exception caught)
            when (caught is UnreachedException or SocketException or IOException or InvalidDataException)
        {
            notes.Note("probe_dns_query_succeeded", 0);
            return notes.Down(
                caught is SocketException ? $"The name server does not answer: {caught.Message}." : caught.Message
            );
        }
    }

    /// <summary>What is asked for.</summary>
    internal static (string Name, DnsType Type) QuestionOf(Uri url)
    {
        var type = System.Web.HttpUtility.ParseQueryString(url.Query)["type"];
        return (
            Uri.UnescapeDataString(url.AbsolutePath.Trim('/')).TrimEnd('.'),
            Enum.TryParse<DnsType>(type, ignoreCase: true, out var known) ? known : DnsType.A
        );
    }

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    internal static string? Judge(
        MonitorSpec spec,
        (string Name, DnsType Type) asked,
        int code,
        IReadOnlyList<string> values
    )
    {
        var kind = asked.Type.ToString().ToUpperInvariant();
        if (code != 0)
        {
            return code == Missing
                ? $"There is no {asked.Name}."
                : string.Create(CultureInfo.InvariantCulture, $"The name server answers with fault {code}.");
        }
        var expected = spec.Expect?.Answer ?? [];
        return values.Count == 0 ? $"{asked.Name} has no {kind} record."
            : expected.FirstOrDefault(one => !values.Contains(one.TrimEnd('.'), StringComparer.OrdinalIgnoreCase))
                is { } missing
                ? $"{asked.Name} is {Short(values)}, not {missing}."
            : null;
    }

    private static string Short(IReadOnlyList<string> values)
    {
        const int shown = 5;
        return string.Join(", ", values.Take(shown)) + (values.Count > shown ? ", …" : "");
    }

    private async Task<(byte[] Message, DnsMessage Answer)> AskAsync(
        IReadOnlyList<IPEndPoint> servers,
        string name,
        DnsType type,
        CancellationToken stop
    )
    {
        var id = (ushort)world.Random.Next(ushort.MaxValue + 1);
        var question = DnsWriter.Write(new(id, DnsMessage.Recursion) { Questions = [new(name, type)] });
        for (var at = 0; ; at++)
        {
            try
            {
                var bytes = await DatagramAsync(servers[at], question, stop);
                var answer = DnsReader.Read(bytes);
                if (answer.IsCut)
                {
                    bytes = await DnsExchange.AskAsync(
                        servers[at].Address.ToString(),
                        servers[at].Port,
                        question,
                        stop
                    );
                    answer = DnsReader.Read(bytes);
                }
                return answer.Id == id && answer.IsAnswer
                    ? (bytes, answer)
                    : throw new InvalidDataException("The name server answers another question.");
            }
            catch (SocketException) when (at + 1 < servers.Count)
            {
                // The next one is asked, as the system would.
            }
        }
    }

    private static async Task<byte[]> DatagramAsync(IPEndPoint server, byte[] question, CancellationToken stop)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, stop);
        await socket.SendAsync(question, stop);
        var buffer = new byte[DatagramBytesMax];
        var count = await socket.ReceiveAsync(buffer, stop);
        return buffer[..count];
    }
}
