using System.Collections.Concurrent;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>Who is on the way to the app for what, so that others can wait for the answer instead of asking the same.</summary>
internal sealed class Flights(TimeProvider clock)
{
    /// <summary>Nobody waits longer for another's answer than this; then each asks for itself.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Address, TaskCompletionSource> flights = new();

    /// <summary>Whether the caller is the one to ask; it must then <see cref="Land"/>.</summary>
    public bool TryTakeOff(Address address) =>
        flights.TryAdd(address, new(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Land(Address address)
    {
        if (flights.TryRemove(address, out var flight))
        {
            flight.TrySetResult();
        }
    }

    /// <summary>Waits until the one on the way is back; false when it takes too long.</summary>
    public async ValueTask<bool> WaitAsync(Address address, CancellationToken stop)
    {
        if (!flights.TryGetValue(address, out var flight))
        {
            return true;
        }
        try
        {
            await flight.Task.WaitAsync(WaitMax, clock, stop);
            return true;
        }
        catch (Exception caught) when (caught is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
