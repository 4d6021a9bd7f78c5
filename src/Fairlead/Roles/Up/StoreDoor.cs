using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Drivers.Stores;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Up;

/// <summary>Which store the next server opens: chosen, tried while somebody looks, and kept.</summary>
internal static class StoreDoor
{
    // Edge and node are not to wait for long for a store that only the server needs.
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(2);

    /// <exception cref="ProblemException">It cannot be the store of this state folder.</exception>
    public static async Task OpenAsync(UpContext context, string? said, ILogger log, CancellationToken stop)
    {
        var kept = StoreChoice.Kept(context.State);
        var store = said ?? kept;
        if (store is null || StoreChoice.IsUsual(store))
        {
            if (kept is not null)
            {
                throw new ProblemException(NoWayBack(kept));
            }
            return;
        }
        if (File.Exists(context.State.Database))
        {
            throw new ProblemException(NotMoved(context.State));
        }
        try
        {
            await CheckAsync(context, store, stop);
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.Unreachable)
        {
            // Edge and node can go on with what they have; the server waits for it.
            log.StoreAway(caught.Problem.What, caught.Problem.Why);
        }
        StoreChoice.Keep(context.State, store);
    }

    /// <summary>Takes the state of a Fairlead that does not run to a PostgreSQL.</summary>
    public static async Task<StoreMove.Moved> MoveAsync(UpContext context, string to, CancellationToken stop)
    {
        var state = context.State;
        if (!File.Exists(state.Database))
        {
            throw new ProblemException(NothingThere(state));
        }
        Directory.CreateDirectory(state.Run);
        using var held =
            LockFile.TryTake(Path.Combine(state.Run, "up.lock"), out var holder)
            ?? throw new ProblemException(Runs(holder));
        if (RoleNotes.Alive(state) is [var alive, ..])
        {
            throw new ProblemException(Runs(alive.Pid));
        }
        var moved = await StoreMove.RunAsync(state.Database, new(to), context.World, stop);
        StoreChoice.Keep(state, to);
        File.Move(state.Database, state.Database + ".moved", overwrite: true);
        return moved;
    }

    private static async Task CheckAsync(UpContext context, string store, CancellationToken stop)
    {
        using var postgres = new PostgresStore(new(store), context.Seat, context.World);
        await postgres.CheckAsync(PatienceMax, stop);
    }

    private static Problem NotMoved(StateFolder state) =>
        new(
            "store.not-moved",
            What: "This Fairlead's state is not in PostgreSQL yet.",
            Why: $"{state.Database} holds it.",
            Fix: "Take it there: fairlead down, then: fairlead state move --to 'postgres://…'"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem NoWayBack(string kept) =>
        new(
            "store.no-way-back",
            What: "This Fairlead's state is in PostgreSQL, and cannot be in SQLite again.",
            Why: $"{new PostgresAddress(kept)} holds it. Without it there would be no sites, and node and edge would refuse the new server's fences.",
            Fix: "Leave --store and FAIRLEAD_STORE away, or begin anew in another folder: fairlead up --state FOLDER"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem NothingThere(StateFolder state) =>
        new(
            "store.nothing-to-move",
            What: "There is nothing to move.",
            Why: $"There is no {state.Database}.",
            Fix: "Begin with it: fairlead up --store 'postgres://…'"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Runs(int pid) =>
        new(
            "store.in-use",
            What: "The state cannot be moved while Fairlead runs.",
            Why: $"Process {pid} uses it.",
            Fix: "Stop it first: fairlead down --keep-apps"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
