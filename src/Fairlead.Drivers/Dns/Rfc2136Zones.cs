using System.Globalization;
using System.Net.Sockets;
using Fairlead.Drivers.Dns.Messages;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Dns;

/// <summary>Names on any server that takes signed updates (RFC 2136, RFC 8945), such as BIND, Knot and PowerDNS.</summary>
public sealed class Rfc2136Zones(Rfc2136Zones.Settings settings, World world) : IDnsZones
{
    private const uint TextSeconds = 60;
    private const int NotAuthorized = 9;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SeenLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SeenPause = TimeSpan.FromSeconds(0.5);

    private readonly Tsig tsig = new(settings.KeyName, Convert.FromBase64String(settings.KeySecret));

    private string Provider => $"The name server {settings.Server}";

    /// <summary>Whom to ask, and with which key.</summary>
    public sealed record Settings
    {
        /// <summary>The zone's primary server: a name or an address.</summary>
        public required string Server { get; init; }
        public int Port { get; init; } = 53;
        public required string KeyName { get; init; }

        /// <summary>The key for hmac-sha256: base64.</summary>
        public required string KeySecret { get; init; }

        /// <summary>Saves the search for the zone.</summary>
        public string? Zone { get; init; }

        /// <inheritdoc />
        public override string ToString() => $"{Server}:{Port.ToString(CultureInfo.InvariantCulture)} with {KeyName}";
    }

    public async Task AddTextAsync(string name, string value, CancellationToken stop)
    {
        // Adding a record that is there already changes nothing (RFC 2136, section 3.4.2.2).
        await ChangeAsync(name, new(name, DnsType.Txt, DnsClass.In, TextSeconds, DnsWriter.Text(value)), stop);
        for (var waited = TimeSpan.Zero; !await IsSeenAsync(name, value, stop); waited += SeenPause)
        {
            if (waited >= SeenLimit)
            {
                throw DnsProblems.TooSlow(Provider, name, SeenLimit);
            }
            await Task.Delay(SeenPause, world.Clock, stop);
        }
    }

    // The class NONE takes away one record, and says nothing when it is not there (section 2.5.4).
    public Task RemoveTextAsync(string name, string value, CancellationToken stop) =>
        ChangeAsync(name, new(name, DnsType.Txt, DnsClass.None, 0, DnsWriter.Text(value)), stop);

    private async Task ChangeAsync(string name, DnsRecord change, CancellationToken stop)
    {
        var zone = settings.Zone ?? await ZoneAsync(name, stop);
        var update = new DnsMessage(NewId(), DnsMessage.Update)
        {
            Questions = [new(zone, DnsType.Soa)],
            Authorities = [change],
        };
        var (message, signature) = tsig.Sign(update, world.Now);
        var (answer, bytes) = await AskAsync(message, update.Id, name, stop);
        // The code first: a server that does not know the key cannot sign its refusal.
        if (Refusal(answer.Code) is { } refusal && answer.Code != NotAuthorized)
        {
            throw DnsProblems.Refused(Provider, name, refusal);
        }
        if (Fault(answer, bytes, signature, name) is { } fault)
        {
            throw DnsProblems.Refused(Provider, name, $"{fault}.");
        }
        if (Refusal(answer.Code) is { } denied)
        {
            throw DnsProblems.Refused(Provider, name, denied);
        }
    }

    private string? Fault(DnsMessage answer, byte[] bytes, byte[] signature, string name)
    {
        try
        {
            return tsig.Fault(bytes, answer, signature, world.Now);
        }
        catch (InvalidDataException caught)
        {
            throw DnsProblems.Unreadable(Provider, name, caught);
        }
    }

    private async Task<string> ZoneAsync(string name, CancellationToken stop)
    {
        foreach (var candidate in DnsNames.Candidates(name))
        {
            var answer = await QueryAsync(candidate, DnsType.Soa, name, stop);
            if (
                answer.IsAuthoritative
                && answer.Answers.Any(one => one.Type == DnsType.Soa && DnsNames.Same(one.Name, candidate))
            )
            {
                return candidate;
            }
        }
        throw DnsProblems.NoZone(Provider, name);
    }

    private async Task<bool> IsSeenAsync(string name, string value, CancellationToken stop)
    {
        var answer = await QueryAsync(name, DnsType.Txt, name, stop);
        try
        {
            return answer.Answers.Any(one => one.Type == DnsType.Txt && DnsReader.Text(one.Data) == value);
        }
        catch (InvalidDataException caught)
        {
            throw DnsProblems.Unreadable(Provider, name, caught);
        }
    }

    private async Task<DnsMessage> QueryAsync(string asked, DnsType type, string name, CancellationToken stop)
    {
        var question = new DnsMessage(NewId(), 0) { Questions = [new(asked, type)] };
        return (await AskAsync(DnsWriter.Write(question), question.Id, name, stop)).Answer;
    }

    private async Task<(DnsMessage Answer, byte[] Bytes)> AskAsync(
        byte[] message,
        ushort id,
        string name,
        CancellationToken stop
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        try
        {
            var bytes = await DnsExchange.AskAsync(settings.Server, settings.Port, message, limit.Token);
            var answer = DnsReader.Read(bytes);
            return answer.Id == id && answer.IsAnswer
                ? (answer, bytes)
                : throw new InvalidDataException("It answers another question.");
        }
        catch (Exception caught) when (caught is SocketException or IOException)
        {
            throw DnsProblems.Unreachable(Provider, settings.ToString(), caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw DnsProblems.Unreachable(Provider, settings.ToString(), caught);
        }
        catch (InvalidDataException caught)
        {
            throw DnsProblems.Unreadable(Provider, name, caught);
        }
    }

    private ushort NewId() => (ushort)world.Random.Next(ushort.MaxValue + 1);

    private static string? Refusal(int code) =>
        code switch
        {
            0 => null,
            1 => "It could not read the update (FORMERR).",
            2 => "It failed (SERVFAIL).",
            4 => "It takes no updates (NOTIMP).",
            5 => "The key may not change this name (REFUSED).",
            NotAuthorized => "It is not the zone's server, or does not accept the key (NOTAUTH).",
            10 => "The name is not in the zone (NOTZONE).",
            _ => $"It answered with the code {code.ToString(CultureInfo.InvariantCulture)}.",
        };
}
