using System.Net;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Roles.Edge.Gateway;

namespace Fairlead.Roles.Edge.Perimeter;

/// <summary>Counts who asks for what only scanners ask for, and what else they ask. Bounded; whoever is quiet for a while is forgotten.</summary>
internal sealed class SuspectBook(World world)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const int ClientsMax = 10_000;
    private const int PathsMax = 20;
    private const int LettersMax = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, Entry> clients = [];
    private volatile bool isEmpty = true;

    /// <summary>Those with the most paths first.</summary>
    public IReadOnlyList<Suspect> Suspects(int max)
    {
        lock (gate)
        {
            Forget();
            return
            [
                .. clients
                    .Values.OrderByDescending(one => one.Paths.Count)
                    .ThenByDescending(one => one.Odd)
                    .Take(max)
                    .Select(one => new Suspect(one.Network, one.Odd, one.All, [.. one.Paths], one.First, one.Last)),
            ];
        }
    }

    /// <summary>Counts a request of whoever is suspect; costs nothing while nobody is.</summary>
    public void Count(IPAddress? address)
    {
        if (isEmpty)
        {
            return;
        }
        lock (gate)
        {
            if (clients.TryGetValue(ClientAddress.Key(ClientAddress.Plain(address)), out var entry))
            {
                entry.All++;
            }
        }
    }

    /// <summary>Counts a request for an odd path that found nothing; it was counted among all of a suspect already.</summary>
    public void Add(IPAddress? address, string path)
    {
        if (ClientAddress.Plain(address) is not { } client)
        {
            return;
        }
        lock (gate)
        {
            var key = ClientAddress.Key(client);
            if (!clients.TryGetValue(key, out var entry))
            {
                MakeRoom();
                clients[key] = entry = new(NetworkOf(client), world.Now) { All = 1 };
                isEmpty = false;
            }
            entry.Odd++;
            entry.Last = world.Now;
            if (entry.Paths.Count < PathsMax)
            {
                entry.Paths.Add(path.Length <= LettersMax ? path : path[..LettersMax]);
            }
        }
    }

    private void MakeRoom()
    {
        if (clients.Count < ClientsMax)
        {
            return;
        }
        Forget();
        if (clients.Count >= ClientsMax)
        {
            clients.Remove(clients.MinBy(one => one.Value.Last).Key);
        }
    }

    private void Forget()
    {
        foreach (var (key, _) in clients.Where(one => world.Now - one.Value.Last > Window).ToList())
        {
            clients.Remove(key);
        }
        isEmpty = clients.Count == 0;
    }

    private static string NetworkOf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4)
        {
            return $"{address}/32";
        }
        Array.Clear(bytes, 8, 8);
        return $"{new IPAddress(bytes)}/64";
    }

    private sealed class Entry(string network, DateTimeOffset first)
    {
        public string Network => network;

        public DateTimeOffset First => first;

        public DateTimeOffset Last { get; set; }

        public long Odd { get; set; }

        public long All { get; set; }

        public HashSet<string> Paths { get; } = new(StringComparer.Ordinal);
    }
}
