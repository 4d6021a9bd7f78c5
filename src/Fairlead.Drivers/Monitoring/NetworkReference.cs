using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Dns.Messages;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Asks whether this machine itself reaches the network: those that FAIRLEAD_REFERENCES names, else its default gateways and name servers.
/// </summary>
public sealed class NetworkReference : INetworkReference
{
    public const string Variable = "FAIRLEAD_REFERENCES";

    private const int ReferencesMax = 10;
    private const int DnsPort = 53;
    private const int Missing = 3;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(3);

    private readonly World world;
    private readonly IReadOnlyList<IPEndPoint>? said;

    /// <param name="variable">The server's environment.</param>
    /// <exception cref="ProblemException">What is said there is no list of addresses.</exception>
    public NetworkReference(Func<string, string?> variable, World world)
    {
        this.world = world;
        said = variable(Variable) is { Length: > 0 } text ? Read(text) : null;
    }

    public IReadOnlyList<string> Asked =>
        [.. Everybody().Select(one => one.Port == 0 ? one.Address.ToString() : one.ToString())];

    public async Task<bool> AnswersAsync(CancellationToken stop)
    {
        var all = Everybody();
        if (all.Count == 0)
        {
            return true;
        }
        using var limit = new CancellationTokenSource(AnswerMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var answers = await Task.WhenAll(all.Select(one => AnswersAsync(one, both.Token)));
        stop.ThrowIfCancellationRequested();
        return answers.Any(static one => one);
    }

    /// <summary>Reads <c>1.1.1.1:53, 192.168.1.1</c>: with the port of DNS it is asked a question, with another it is connected to, without it is pinged.</summary>
    internal static IReadOnlyList<IPEndPoint> Read(string text)
    {
        var words = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        List<IPEndPoint> read = [];
        foreach (var word in words)
        {
            if (!IPEndPoint.TryParse(word, out var place) || read.Count >= ReferencesMax)
            {
                throw new ProblemException(Wrong(word));
            }
            read.Add(place);
        }
        return read;
    }

    private static Problem Wrong(string word) =>
        new(
            "monitor.wrong-references",
            What: $"{Variable} cannot be read.",
            Why: $"'{word}' is no address, or there are more than {ReferencesMax.ToString(System.Globalization.CultureInfo.InvariantCulture)}.",
            Fix: $"Write for example: {Variable}=1.1.1.1:53,192.168.1.1"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private IReadOnlyList<IPEndPoint> Everybody() =>
        said
        ??
        [
            .. SystemNetwork
                .Gateways()
                .Select(one => new IPEndPoint(one, 0))
                .Concat(SystemNetwork.NameServers())
                .Take(ReferencesMax),
        ];

    private async Task<bool> AnswersAsync(IPEndPoint one, CancellationToken stop)
    {
        try
        {
            return one.Port switch
            {
                0 => await IsThereAsync(one.Address, stop),
                DnsPort => await SpeaksAsync(one, stop),
                _ => await ConnectsAsync(one, stop),
            };
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception caught) when (caught is SocketException or InvalidDataException)
        {
            return false;
        }
    }

    private async Task<bool> IsThereAsync(IPAddress address, CancellationToken stop)
    {
        try
        {
            await Pinger.PingAsync(address, (ulong)world.Random.NextInt64(), stop);
            return true;
        }
        catch (SocketException caught) when (caught.SocketErrorCode is SocketError.AccessDenied)
        {
            return await ConnectsAsync(new(address, DnsPort), stop);
        }
    }

    // Whoever refuses is there.
    private static async Task<bool> ConnectsAsync(IPEndPoint place, CancellationToken stop)
    {
        using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(place, stop);
            return true;
        }
        catch (SocketException caught)
        {
            return caught.SocketErrorCode is SocketError.ConnectionRefused;
        }
    }

    // One on this machine answers always; that it knows nobody who knows is what tells.
    private async Task<bool> SpeaksAsync(IPEndPoint server, CancellationToken stop)
    {
        var id = (ushort)world.Random.Next(ushort.MaxValue + 1);
        var question = DnsWriter.Write(new(id, DnsMessage.Recursion) { Questions = [new("", DnsType.Ns)] });
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, stop);
        await socket.SendAsync(question, stop);
        var buffer = new byte[4096];
        var count = await socket.ReceiveAsync(buffer, stop);
        var answer = DnsReader.Read(buffer.AsSpan(0, count));
        return answer.Id == id && answer.Code is 0 or Missing;
    }
}
