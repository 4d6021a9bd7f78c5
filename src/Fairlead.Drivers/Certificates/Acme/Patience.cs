using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>How long one thing of an authority is waited for, and how often an authority is asked whether it is done.</summary>
internal sealed class Patience(World world)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset deadline = world.Now + Limit;

    /// <param name="looks">How often it was asked before: 0 or more.</param>
    /// <param name="wished">When the authority would like to be asked again.</param>
    /// <returns>False at once when the next look would come after the deadline.</returns>
    public async Task<bool> PauseAsync(int looks, DateTimeOffset? wished, CancellationToken stop)
    {
        var pause = wished is { } at ? at - world.Now : First * Math.Pow(2, Math.Min(looks, 5));
        pause = TimeSpan.FromTicks(Math.Max(pause.Ticks, First.Ticks));
        pause = wished is null && pause > Longest ? Longest : pause;
        if (world.Now + pause > deadline)
        {
            return false;
        }
        await Task.Delay(pause, world.Clock, stop);
        return true;
    }
}
