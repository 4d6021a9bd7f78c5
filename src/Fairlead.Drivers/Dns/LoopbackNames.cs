using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fairlead.Drivers.Dns.Messages;

namespace Fairlead.Drivers.Dns;

/// <summary>A name server on loopback that says of every name that it is here, and can fall silent: what drills of names need.</summary>
public sealed class LoopbackNames : IDisposable
{
    private const uint Seconds = 1;

    private readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)socket.Client.LocalEndPoint!).Port; // It is bound from the first moment on.

    /// <summary>Questions are taken and not answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Answers until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var asked = await socket.ReceiveAsync(stop);
            if (!IsSilent && Answer(asked.Buffer) is { } answer)
            {
                await socket.SendAsync(answer, asked.RemoteEndPoint, stop);
            }
        }
    }

    /// <summary>The address of a name.</summary>
    /// <param name="port">Of a name server on loopback.</param>
    /// <exception cref="SocketException">It does not answer in time, or with no address.</exception>
    public static async Task<IPAddress> ResolveAsync(int port, string name, TimeSpan limit, CancellationToken stop)
    {
        using var asking = new UdpClient(AddressFamily.InterNetwork);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(limit);
        asking.Connect(IPAddress.Loopback, port);
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue);
        var question = new DnsMessage(id, DnsMessage.Recursion) { Questions = [new(name, DnsType.A)] };
        try
        {
            await asking.SendAsync(DnsWriter.Write(question), late.Token);
            while (true)
            {
                var answer = DnsReader.Read((await asking.ReceiveAsync(late.Token)).Buffer);
                if (answer.Id == id)
                {
                    return
                        answer.Answers.FirstOrDefault(static one => one.Type is DnsType.A)
                            is { Data: [_, _, _, _] } found
                        ? new IPAddress(found.Data)
                        : throw new SocketException((int)SocketError.HostNotFound);
                }
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TryAgain);
        }
        catch (InvalidDataException)
        {
            throw new SocketException((int)SocketError.NoRecovery);
        }
    }

    public void Dispose() => socket.Dispose();

    private static byte[]? Answer(byte[] bytes)
    {
        try
        {
            return DnsReader.Read(bytes) is { IsAnswer: false, Questions: [var question, ..] } asked
                ? DnsWriter.Write(
                    new DnsMessage(asked.Id, DnsMessage.Answer | DnsMessage.Authoritative)
                    {
                        Questions = [question],
                        Answers =
                        [
                            new(question.Name, DnsType.A, DnsClass.In, Seconds, IPAddress.Loopback.GetAddressBytes()),
                        ],
                    }
                )
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
