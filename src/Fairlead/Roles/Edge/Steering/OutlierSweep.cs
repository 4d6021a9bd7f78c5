using System.Globalization;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Steering;

/// <summary>
/// Takes replicas out whose answers are far worse than their siblings', though they pass their health checks. At most half of
/// a release sits out, so a release that is bad as a whole is left to those who judge releases.
/// </summary>
internal sealed class OutlierSweep(World world, ILogger log)
{
    public const int FailuresInRowMax = 5;
    private const int RequestsMin = 20;
    private const double WorseBy = 0.3;
    private const int TimesMax = 10;
    private static readonly TimeSpan Out = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ForgivenAfter = TimeSpan.FromMinutes(10);

    private long windowEnds = After(world, Window);

    public void Sweep(RouteTable table)
    {
        var now = world.Clock.GetTimestamp();
        var isWindowOver = now >= windowEnds;
        if (isWindowOver)
        {
            windowEnds = After(world, Window);
        }
        foreach (var part in table.Parts)
        {
            if (part.Replicas.Count > 1)
            {
                Sweep(part, now, isWindowOver);
            }
        }
    }

    private void Sweep(LivePart part, long now, bool isWindowOver)
    {
        foreach (var replica in part.Replicas)
        {
            var outlook = replica.Outlook;
            if (outlook.IsEjected)
            {
                // An hour of silence proves nothing: it comes back by a probe that it passed after its time was over.
                if (now >= outlook.Until && replica.IsUp && replica.LastAlive >= outlook.Until)
                {
                    outlook.Readmit();
                    log.ReplicaReadmitted(replica.Key);
                }
            }
            else if (outlook.FailuresInRow >= FailuresInRowMax)
            {
                Eject(
                    part,
                    replica,
                    string.Create(CultureInfo.InvariantCulture, $"{outlook.FailuresInRow} failures in a row")
                );
            }
            else if (outlook.Times > 0 && world.Clock.GetElapsedTime(outlook.Until, now) >= ForgivenAfter)
            {
                outlook.Forgive();
            }
        }
        if (isWindowOver)
        {
            Compare(part);
        }
    }

    private void Compare(LivePart part)
    {
        var seen = part.Replicas.Select(one => (Replica: one, Counts: one.Outlook.Take())).ToList();
        var (answered, failed) = (seen.Sum(one => one.Counts.Answered), seen.Sum(one => one.Counts.Failed));
        foreach (var (replica, counts) in seen)
        {
            var others = answered + failed - counts.Answered - counts.Failed;
            if (replica.Outlook.IsEjected || counts.Answered + counts.Failed < RequestsMin || others < RequestsMin)
            {
                continue;
            }
            var own = (double)counts.Failed / (counts.Answered + counts.Failed);
            var theirs = (double)(failed - counts.Failed) / others;
            if (own - theirs > WorseBy)
            {
                Eject(
                    part,
                    replica,
                    string.Create(CultureInfo.InvariantCulture, $"{own:P0} failures, {theirs:P0} at its siblings")
                );
            }
        }
    }

    private void Eject(LivePart part, Replica replica, string why)
    {
        // Those that are down do not answer either: what is taken out and what is down must leave half of them at work.
        var away = part.Replicas.Count(one => one != replica && (one.Outlook.IsEjected || !one.IsUp));
        if ((away + 1) * 2 > part.Replicas.Count)
        {
            return;
        }
        var pause = Out * Math.Min(replica.Outlook.Times + 1, TimesMax);
        replica.Outlook.Eject(After(world, pause), why);
        log.ReplicaEjected(replica.Key, why, pause.TotalSeconds);
    }

    private static long After(World world, TimeSpan pause) =>
        world.Clock.GetTimestamp() + (long)(pause.TotalSeconds * world.Clock.TimestampFrequency);
}
