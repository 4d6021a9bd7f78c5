using System.Globalization;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>
/// Decides about monitors that nobody looks at: others tell. Nothing is forgiven twice, because the grace is in the time already, and no
/// network lies between.
/// </summary>
internal static class SignsOfLife
{
    /// <summary>Takes what was told.</summary>
    public static void Hear(MonitorBoard board, WatchedMonitor monitor, SignOfLife sign, DateTimeOffset now)
    {
        var spec = monitor.Monitor.Spec;
        board.Plan(monitor, sign.At + spec.Every + spec.Grace);
        Decide(
            board,
            monitor,
            sign.IsWell ? MonitorLook.Up("It gave a sign of life.") : MonitorLook.Down("It says that it failed."),
            now
        );
    }

    /// <summary>Takes that nothing was told in time.</summary>
    /// <returns>Whether that says anything: who never gave a sign may not be there yet.</returns>
    public static bool Late(MonitorBoard board, WatchedMonitor monitor, DateTimeOffset now)
    {
        if (monitor.PingAt is not { } last)
        {
            return false;
        }
        var why = string.Create(
            CultureInfo.InvariantCulture,
            $"Its last sign of life was at {last.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."
        );
        Decide(board, monitor, MonitorLook.Down(why), now);
        return true;
    }

    private static void Decide(MonitorBoard board, WatchedMonitor monitor, MonitorLook look, DateTimeOffset now)
    {
        var spec = monitor.Monitor.Spec with { Retries = 0 };
        var around = new Surroundings(now, NetworkState.Fine, []);
        monitor.Take(MonitorLife.After(monitor.Standing, spec, look, around).Standing, look);
        board.Say(monitor, look, now);
    }
}
