using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge;

/// <summary>
/// Lets a request in: finds who answers and counts it in flight there, as if in one step, without a lock. The count is raised
/// first and the table looked at again after. An order publishes its table first and reads the counts after. Both are full
/// fences, so either the request sees the new table and turns back, or the order sees the request in the count: once an order
/// is done, a count of 0 means that nobody comes any more.
/// </summary>
internal sealed class Admission(Switchboard board, World world)
{
    public static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(30);

    /// <summary>Lets a request in, waiting first where its service is held.</summary>
    /// <param name="stop">Ends the wait, because the edge stops.</param>
    public ValueTask<Entry> EnterAsync(Trip trip, CancellationToken stop)
    {
        var entry = TryEnter(trip, out var seen);
        return entry is Entry.Held ? WaitAsync(trip, seen, stop) : ValueTask.FromResult(entry);
    }

    /// <summary>Finds the service that a request is for, as the table says now, without letting it in.</summary>
    public void Look(Trip trip) => _ = Find(trip, board.Table, out _);

    internal Entry TryEnter(Trip trip, out RouteTable seen)
    {
        while (true)
        {
            seen = board.Table;
            var entry = Find(trip, seen, out var part);
            if (entry is not Entry.Admitted)
            {
                return entry;
            }
            if (trip.Service!.IsHeld)
            {
                return Entry.Held;
            }
            if (
                trip.Service.Choose(part, trip.Tried, part is null ? trip.Service.Steer(trip) : default)
                is not { } chosen
            )
            {
                return Entry.Nobody;
            }
            chosen.Replica.Enter();
            if (ReferenceEquals(board.Table, seen))
            {
                trip.Begin(chosen);
                return Entry.Admitted;
            }
            chosen.Replica.Leave();
        }
    }

    private static Entry Find(Trip trip, RouteTable table, out LivePart? only)
    {
        only = null;
        if (trip.Door is Door.Internal)
        {
            trip.Service = table.FindNamed(trip.Path);
            trip.Elsewhere = trip.Service?.Elsewhere;
            return trip.Service is null ? Entry.UnknownService : Entry.Admitted;
        }
        if (table.FindHost(trip.Host) is not { } host)
        {
            return Entry.UnknownHost;
        }
        only = host.Only;
        trip.Elsewhere = host.Elsewhere;
        trip.Service = host.Find(trip.Path);
        return trip.Service is null ? Entry.NoRoute : Entry.Admitted;
    }

    private async ValueTask<Entry> WaitAsync(Trip trip, RouteTable seen, CancellationToken stop)
    {
        var desk = trip.Service!.Desk;
        var hold = trip.Service.Hold ?? HoldMax;
        if (!desk.TryWait())
        {
            return Entry.Crowded;
        }
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(stop, trip.Aborted);
        var began = world.Clock.GetTimestamp();
        try
        {
            while (true)
            {
                var left = hold - world.Clock.GetElapsedTime(began);
                await seen.Replaced.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, world.Clock, leaves.Token);
                var entry = TryEnter(trip, out seen);
                if (entry is not Entry.Held)
                {
                    return entry;
                }
            }
        }
        catch (TimeoutException)
        {
            return Entry.HeldTooLong;
        }
        catch (OperationCanceledException) when (leaves.IsCancellationRequested)
        {
            return Entry.Left;
        }
        finally
        {
            desk.StopWaiting();
        }
    }
}

/// <summary>What became of a request at the door.</summary>
internal enum Entry
{
    Admitted,
    Held,
    UnknownHost,
    UnknownService,
    NoRoute,

    /// <summary>The service has no release, or no replica that was not tried yet.</summary>
    Nobody,
    Crowded,
    HeldTooLong,

    /// <summary>The client, or the edge itself, went away while the request waited.</summary>
    Left,
}

/// <summary>The way a request came in.</summary>
internal enum Door
{
    /// <summary>From outside: the host name says which site.</summary>
    Public,

    /// <summary>From a service on this machine: the path's first segment says which service.</summary>
    Internal,
}
