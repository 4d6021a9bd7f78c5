using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Dns.Messages;
using Fairlead.Model.Ports;

namespace Fairlead.Scenarios.Certificates;

/// <summary>A name server on loopback: every name is at 127.0.0.1, and texts are as they were set.</summary>
internal sealed class DnsUnderTest : IDnsZones, IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Name, string Text), bool> texts = new();
    private readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource ending = new();
    private readonly Task answering;

    public DnsUnderTest() => answering = AnswerAsync(ending.Token);

    public int Port => ((IPEndPoint)socket.Client.LocalEndPoint!).Port;

    /// <summary>Everything that is set, sorted.</summary>
    public IReadOnlyList<string> Texts => [.. texts.Keys.Select(key => $"{key.Name} {key.Text}").Order()];

    public Task AddTextAsync(string name, string value, CancellationToken stop)
    {
        texts[(name, value)] = true;
        return Task.CompletedTask;
    }

    public Task RemoveTextAsync(string name, string value, CancellationToken stop)
    {
        texts.TryRemove((name, value), out _);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await answering;
        socket.Dispose();
        ending.Dispose();
    }

    private async Task AnswerAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var asked = await socket.ReceiveAsync(stop);
                var answer = Answer(DnsReader.Read(asked.Buffer));
                await socket.SendAsync(DnsWriter.Write(answer), asked.RemoteEndPoint, stop);
            }
        }
        catch (OperationCanceledException) { }
    }

    private DnsMessage Answer(DnsMessage asked)
    {
        var question = asked.Questions[0];
        return new(asked.Id, DnsMessage.Answer | DnsMessage.Authoritative)
        {
            Questions = asked.Questions,
            Answers = question.Type switch
            {
                DnsType.A => [new(question.Name, DnsType.A, DnsClass.In, 0, [127, 0, 0, 1])],
                DnsType.Txt =>
                [
                    .. texts
                        .Keys.Where(key => key.Name.Equals(question.Name, StringComparison.OrdinalIgnoreCase))
                        .Select(key => new DnsRecord(
                            question.Name,
                            DnsType.Txt,
                            DnsClass.In,
                            0,
                            DnsWriter.Text(key.Text)
                        )),
                ],
                _ => [],
            },
        };
    }
}
