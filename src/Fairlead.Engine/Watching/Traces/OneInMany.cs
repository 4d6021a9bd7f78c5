using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>
/// Chooses one in N by the trace's id, so that every server and every late span chooses alike. N is a power of two that follows the
/// load: what is chosen at 8 is also chosen at 4.
/// </summary>
internal sealed class OneInMany(double wantedPerSecond)
{
    private const int Most = 1 << 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private DateTimeOffset begun;
    private long seen;

    public int N { get; private set; } = 1;

    /// <summary>Whether this one is chosen; counts it.</summary>
    public bool Chooses(TraceId trace, DateTimeOffset now)
    {
        Turn(now);
        seen++;
        return (Mixed(trace) & (ulong)(N - 1)) == 0;
    }

    private void Turn(DateTimeOffset now)
    {
        if (now - begun < Window)
        {
            // A burst need not wait for the window's end to be held down.
            if (seen > wantedPerSecond * Window.TotalSeconds * N * 2)
            {
                N = Math.Min(N * 2, Most);
            }
            return;
        }
        var wanted = begun == default ? 1 : seen / Math.Max(1, (now - begun).TotalSeconds) / wantedPerSecond;
        var next = 1;
        while (next < wanted && next < Most)
        {
            next *= 2;
        }
        // Down by halves only, so that a short lull does not open the gates.
        N = Math.Max(next, N / 2);
        (begun, seen) = (now, 0);
    }

    // Ids ought to be random, but some senders fill only a half of them: MurmurHash3's finalizer spreads what there is.
    private static ulong Mixed(TraceId trace)
    {
        var mixed = trace.High ^ (trace.Low * 0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 33)) * 0xff51_afd7_ed55_8ccd;
        mixed = (mixed ^ (mixed >> 33)) * 0xc4ce_b9fe_1a85_ec53;
        return mixed ^ (mixed >> 33);
    }
}
