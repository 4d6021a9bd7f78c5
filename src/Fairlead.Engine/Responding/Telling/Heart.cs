using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>
/// Tells an address outside that this Fairlead lives and evaluates its rules: whoever listens there and hears nothing knows that
/// nobody would be told of anything. It beats only while rules are evaluated.
/// </summary>
/// <param name="evaluatedAt">When rules were evaluated last.</param>
/// <param name="beat">Asks the address; why it did not answer, null when it did.</param>
public sealed class Heart(
    RoutingBook routing,
    Func<DateTimeOffset> evaluatedAt,
    Func<Uri, CancellationToken, Task<string?>> beat,
    World world,
    ILogger log
) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(2);

    private readonly Bell bell = new(world.Clock);

    public string Name => "heartbeat";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var heartbeat = routing.Plan.Heartbeat;
            if (
                heartbeat is not null
                && world.Now - evaluatedAt() < StaleAfter
                && await beat(heartbeat.Url, stop) is { } why
            )
            {
                Log.HeartbeatNotHeard(log, why);
            }
            await bell.SleepAsync(heartbeat?.Every ?? LookEvery, stop);
        }
    }
}
