using Fairlead.Model.Releases;
using Fairlead.Roles.Edge.Steering;
using Fairlead.Roles.Edge.Upstream;

namespace Fairlead.Roles.Edge;

/// <summary>A replica as the edge knows it; outlives the tables that name it.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing to dispose, and its tokens may outlive the replica.
internal sealed class Replica(InstanceKey key, Uri endpoint)
#pragma warning restore CA1001
{
    private const int FailuresUntilDown = 2;

    private CancellationTokenSource cut = new();
    private int inFlight;
    private int failures;

    public InstanceKey Key => key;

    public Uri Endpoint => endpoint;

    /// <summary>The connections to the program that answers; null when the edge serves a folder itself.</summary>
    public UpstreamPool? Pool { get; } = endpoint.IsFile ? null : new UpstreamPool(endpoint);

    /// <summary>The edge itself answers, from a folder; otherwise a program does.</summary>
    public bool IsFiles { get; } = endpoint.IsFile;

    public int InFlight => Volatile.Read(ref inFlight);

    public bool IsUp => Volatile.Read(ref failures) < FailuresUntilDown;

    /// <summary>Is cancelled when what is in flight now is to end.</summary>
    public CancellationToken Cut => Volatile.Read(ref cut).Token;

    /// <summary>How its answers have been of late.</summary>
    public Outlook Outlook { get; } = new();

    /// <summary>Takes its turn: it is up, and does not sit out for its answers.</summary>
    public bool IsWell => IsUp && !Outlook.IsEjected;

    /// <summary>The clock's timestamp at which it last passed a probe.</summary>
    public long LastAlive { get; set; }

    public bool IsBeingProbed { get; set; }

    /// <summary>A timestamp of the clock.</summary>
    public long NextProbe { get; set; }

    /// <summary>Counts a request in. A full fence: see <see cref="Admission"/>.</summary>
    public void Enter() => Interlocked.Increment(ref inFlight);

    public void Leave() => Interlocked.Decrement(ref inFlight);

    /// <summary>A refused connection is proof enough.</summary>
    /// <returns>Whether it was thought to be up.</returns>
    public bool MarkDown() => Interlocked.Exchange(ref failures, FailuresUntilDown) < FailuresUntilDown;

    /// <summary>Takes the answer of a probe.</summary>
    /// <returns>Whether the replica went up or down by it.</returns>
    public bool Probed(bool isAlive) =>
        isAlive
            ? Interlocked.Exchange(ref failures, 0) >= FailuresUntilDown
            : Interlocked.Increment(ref failures) == FailuresUntilDown;

    public async Task CutAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        await Interlocked.Exchange(ref cut, new CancellationTokenSource()).CancelAsync();
    }
}
