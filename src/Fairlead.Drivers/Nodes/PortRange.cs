using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Nodes;

/// <summary>
/// Hands out loopback ports, going round the range: a port just freed is the last to be given again, so a request sent to
/// where a replica was does not reach another app.
/// </summary>
internal sealed class PortRange(World world)
{
    private const int First = 20_000;
    private const int Count = 10_000;

    private readonly Lock gate = new();
    private readonly HashSet<int> given = [];
    private int last = world.Random.Next(Count);

    /// <summary>Keeps a port that a running replica has.</summary>
    public void Keep(int port)
    {
        lock (gate)
        {
            given.Add(port);
        }
    }

    public void Release(int port)
    {
        lock (gate)
        {
            given.Remove(port);
        }
    }

    /// <summary>A free port; the replica's earlier one where possible, so that its routes hold while no server is there to change them.</summary>
    /// <exception cref="ProblemException">All are taken.</exception>
    public int Take(int earlier, IReadOnlySet<int> listening)
    {
        lock (gate)
        {
            if (earlier is >= First and < First + Count && !listening.Contains(earlier))
            {
                given.Add(earlier);
                return earlier;
            }
            for (var tries = 0; tries < Count; tries++)
            {
                last = (last + 1) % Count;
                if (!listening.Contains(First + last) && given.Add(First + last))
                {
                    return First + last;
                }
            }
            throw new ProblemException(NodeProblems.NoPortLeft(First, First + Count - 1));
        }
    }

    public static IReadOnlySet<int> Listening() => Listener.All().Select(one => one.Port).ToHashSet();
}
