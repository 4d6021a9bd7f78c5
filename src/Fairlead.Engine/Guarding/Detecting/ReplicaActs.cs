using System.Net;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Detecting;

/// <summary>
/// Finds replicas that listen where nobody told them to, run an attacker's tools, ask a cloud for its keys, or call networks that their
/// service never called in its first day. It looks every few seconds: what comes and goes in between is not seen.
/// </summary>
public sealed class ReplicaActs(IReplicaSights sights, IStore store, Func<Fence> fence, World world) : IDetector
{
    private const string Collection = "detection";
    private const int NetworksMax = 2_000;
    private static readonly TimeSpan Learning = TimeSpan.FromDays(1);

    // Tools with which a break-in goes on: shells over the network, scanners, miners.
    private static readonly HashSet<string> Tools = new(StringComparer.Ordinal)
    {
        "chisel",
        "frpc",
        "hydra",
        "kinsing",
        "masscan",
        "nc",
        "nc.openbsd",
        "nc.traditional",
        "ncat",
        "ngrok",
        "nmap",
        "socat",
        "sqlmap",
        "xmr-stak",
        "xmrig",
        "zmap",
    };

    // Found and not remembered yet.
    private readonly List<Write> seen = [];

    public string Name => "replicas";

    public TimeSpan Every { get; } = TimeSpan.FromSeconds(10);

    public async Task RememberAsync(CancellationToken stop)
    {
        if (seen.Count > 0)
        {
            await store.CommitAsync(new Change(fence()) { Writes = [.. seen] }, stop);
        }
    }

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken stop)
    {
        seen.Clear();
        var replicas = await sights.LookAsync(stop);
        List<Finding> found = [.. replicas.SelectMany(Of)];
        foreach (var service in replicas.GroupBy(one => (one.Key.Site, one.Key.Part.Service)))
        {
            var networks = service.SelectMany(one => one.Peers).Select(NetworkOf).Distinct().ToList();
            found.AddRange(await NewsAsync($"{service.Key.Site}/{service.Key.Service}", networks, stop));
        }
        return found;
    }

    internal static IEnumerable<Finding> Of(ReplicaSight seen)
    {
        var (name, subject) = (
            $"{seen.Key.Part.Service} of {seen.Key.Site}",
            $"{seen.Key.Site}/{seen.Key.Part.Service}"
        );
        var open = seen.Listens.Select(IPEndPoint.Parse).Where(one => !IPAddress.IsLoopback(one.Address)).ToList();
        foreach (var one in open.Where(one => one.Port != seen.Port))
        {
            yield return FindingBook.New(
                "open-port",
                $"{subject}:{one.Port}",
                Gravity.Medium,
                $"{name} listens on {one}, which nobody gave it, and others can reach it",
                "Let it listen on 127.0.0.1, or find out which program that is."
            ) with
            {
                Evidence = [$"{seen.Key} {string.Join(", ", seen.Programs)}: {one}"],
            };
        }
        foreach (var one in open.Where(one => one.Port == seen.Port))
        {
            yield return FindingBook.New(
                "past-edge",
                subject,
                Gravity.Low,
                $"{name} can be reached past the edge, on {one}: without its limits, sign-in and log",
                "Let it listen on 127.0.0.1 alone, or keep the port shut in the firewall."
            ) with
            {
                Evidence = [$"{subject}: {one.Address}"],
            };
        }
        if (seen.Programs.Where(Tools.Contains).Order().ToList() is { Count: > 0 } tools)
        {
            yield return FindingBook.New(
                "tool",
                subject,
                Gravity.High,
                $"{name} runs {string.Join(", ", tools)}",
                "Somebody may be inside. Go back to a release that is good, change its secrets, and keep the machine for those who look into it."
            ) with
            {
                Evidence = [.. tools.Select(tool => $"{seen.Key}: {tool}")],
            };
        }
        if (seen.Peers.Where(IsMetadata).ToList() is { Count: > 0 } asked)
        {
            yield return FindingBook.New(
                "metadata",
                subject,
                Gravity.High,
                $"{name} asks the cloud's metadata, where the machine's keys are",
                "If it should not: block 169.254.169.254 for it, and change the machine's keys."
            ) with
            {
                Evidence = [.. asked.Select(peer => $"{seen.Key}: {peer}")],
            };
        }
    }

    private async Task<IEnumerable<Finding>> NewsAsync(string service, List<string> networks, CancellationToken stop)
    {
        if (networks.Count == 0)
        {
            return [];
        }
        var key = service.Replace('/', ':');
        var document = await store.ReadAsync(Collection, $"egress:{key}", stop);
        var known = document is null ? new Known(world.Now, []) : Records.Read<Known>(document);
        var news = networks.Except(known.Networks).ToList();
        if (news.Count == 0)
        {
            return [];
        }
        var next = known with { Networks = [.. known.Networks.Concat(news).TakeLast(NetworksMax)] };
        seen.Add(new Write(Collection, $"egress:{key}", Records.Body(next)));
        return world.Now - known.Since < Learning
            ? []
            :
            [
                FindingBook.New(
                    "new-egress",
                    service,
                    Gravity.Low,
                    $"{service} calls networks that it never called before",
                    "If it should: close this. If not: see what changed, fairlead releases."
                ) with
                {
                    Evidence = news,
                },
            ];
    }

    private static bool IsMetadata(string peer) =>
        IPEndPoint.Parse(peer).Address is var address
        && AddressKinds.Of(address) is AddressKind.Never
        && !address.IsIPv6LinkLocal;

    // Whose addresses change from call to call lie in one network mostly.
    private static string NetworkOf(string peer)
    {
        var bytes = IPEndPoint.Parse(peer).Address.GetAddressBytes();
        var kept = bytes.Length == 4 ? 3 : 6;
        Array.Clear(bytes, kept, bytes.Length - kept);
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }

    private sealed record Known(DateTimeOffset Since, IReadOnlyList<string> Networks);
}
