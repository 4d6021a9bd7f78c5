using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>
/// Tells when so many hosts fail at once that it may be Fairlead's own network. Of monitors of one host one fails by itself; that
/// several hosts do in the same minutes is asked about.
/// </summary>
internal sealed class Seclusion
{
    /// <summary>So many hosts must fail.</summary>
    public const int HostsMin = 3;

    /// <summary>Failures that are further apart say nothing together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(2);

    /// <summary>How often the references are asked at most.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, DateTimeOffset> failing = new(StringComparer.Ordinal);
    private DateTimeOffset askedAt = DateTimeOffset.MinValue;

    /// <summary>What is known of the network now.</summary>
    public NetworkState Network { get; private set; } = NetworkState.Fine;

    public DateTimeOffset Since { get; private set; }

    /// <summary>Takes what a look at a host over the network said.</summary>
    public void Saw(string host, LookVerdict verdict, DateTimeOffset at)
    {
        if (verdict is LookVerdict.Down)
        {
            failing.TryAdd(host, at);
        }
        else
        {
            failing.Remove(host);
        }
    }

    /// <summary>Whether the references must be asked now; they count as asked then.</summary>
    public bool MustAsk(DateTimeOffset now)
    {
        if (Network is NetworkState.Doubtful || now - askedAt < AskEvery)
        {
            return false;
        }
        // A host that has failed for long is down by itself.
        var isSuspect = failing.Values.Count(since => now - since <= Together) >= HostsMin;
        if (!isSuspect && Network is NetworkState.Fine)
        {
            return false;
        }
        askedAt = now;
        if (Network is NetworkState.Fine)
        {
            Network = NetworkState.Doubtful;
        }
        return true;
    }

    /// <summary>Takes whether one of the references answered.</summary>
    /// <returns>Whether it is another state than before it was asked.</returns>
    public bool Heard(bool answers, DateTimeOffset at)
    {
        var was = Network;
        Network = answers ? NetworkState.Fine : NetworkState.CutOff;
        if (answers && was is NetworkState.CutOff)
        {
            failing.Clear();
        }
        if (!answers && was is not NetworkState.CutOff)
        {
            Since = at;
        }
        return (was is NetworkState.CutOff) == answers;
    }

    /// <summary>Forgets hosts that nobody looks at any more.</summary>
    public void Keep(IReadOnlySet<string> hosts)
    {
        foreach (var host in failing.Keys.Where(one => !hosts.Contains(one)).ToList())
        {
            failing.Remove(host);
        }
    }
}
