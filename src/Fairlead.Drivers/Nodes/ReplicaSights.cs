using System.Net;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Nodes;

/// <summary>What the replicas of this node do on the network, from <c>/proc</c>.</summary>
internal static class ReplicaSights
{
    private const int PeersMax = 200;
    private const int ProgramsMax = 100;

    /// <param name="replicas">As they are seen, with their note.</param>
    public static IReadOnlyList<ReplicaSight> Of(IReadOnlyList<(Instance Seen, Note Note)> replicas)
    {
        var all = Proc.All();
        var (listeners, connected) = (Listener.All(), Listener.Connected());
        return
        [
            .. replicas
                .Where(one => one.Seen.Pid != 0)
                .Select(one => Of(one, ReplicaMeter.Members(all, one.Note).ToList(), listeners, connected)),
        ];
    }

    private static ReplicaSight Of(
        (Instance Seen, Note Note) replica,
        IReadOnlyList<ProcessStat> members,
        IReadOnlyList<Listener> listeners,
        IReadOnlyList<(IPEndPoint Local, IPEndPoint Remote, long Inode)> connected
    )
    {
        var inodes = members.SelectMany(one => Proc.SocketInodes(one.Pid)).ToHashSet();
        var listens = listeners.Where(one => inodes.Contains(one.Inode)).ToList();
        var ports = listens.Select(one => one.Port).ToHashSet();
        var peers = connected
            .Where(one => inodes.Contains(one.Inode) && !ports.Contains(one.Local.Port))
            .Select(one => new IPEndPoint(Plain(one.Remote.Address), one.Remote.Port))
            .Where(one => !IPAddress.IsLoopback(one.Address));
        return new(
            replica.Seen.Key,
            replica.Note.Port,
            [.. members.Select(one => one.Name).Distinct().Order(StringComparer.Ordinal).Take(ProgramsMax)],
            [.. listens.Select(one => one.ToString()).Distinct().Order(StringComparer.Ordinal)],
            [.. peers.Select(one => one.ToString()).Distinct().Order(StringComparer.Ordinal).Take(PeersMax)]
        );
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
