using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Roles.Up;

/// <summary>Stops the platform from outside: through its parent, or in its place when the parent is gone.</summary>
public sealed class Stopping(UpContext context)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <returns>Whether anything ran.</returns>
    /// <exception cref="ProblemException">It did not end in time.</exception>
    public async Task<bool> RunAsync(bool keepsApps, Action<string> progress, CancellationToken stop)
    {
        var alive = RoleNotes.Alive(context.State);
        if (alive.FirstOrDefault(note => note.Role == RoleNotes.ParentRole) is { } parent)
        {
            StopOrder.Leave(context.State, keepsApps);
            Child.Signal(parent.Pid, Signal.Terminate);
            await EndAsync(parent, progress, stop);
            return true;
        }
        await new Departure(context, NullLogger.Instance).AllAsync(alive, keepsApps, stop);
        return alive.Count > 0;
    }

    private async Task EndAsync(RoleNote parent, Action<string> progress, CancellationToken stop)
    {
        var began = context.World.Now;
        var said = began;
        while (parent.IsAlive)
        {
            if (context.World.Now - began > Longest)
            {
                throw new ProblemException(TooLong(parent));
            }
            if (context.World.Now - said > Heartbeat)
            {
                said = context.World.Now;
                progress("still stopping: requests that are under way are answered first");
            }
            await Task.Delay(Pause, context.World.Clock, stop);
        }
    }

    private static Problem TooLong(RoleNote parent) =>
        new(
            "down.too-long",
            What: "Fairlead did not stop.",
            Why: $"Its parent, process {parent.Pid}, still runs after {Longest.TotalSeconds:0} s.",
            Fix: $"End it: kill -9 {parent.Pid}, then: fairlead down"
        )
        {
            Trouble = Trouble.TimedOut,
        };
}
