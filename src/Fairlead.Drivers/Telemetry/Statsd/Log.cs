using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Statsd;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "A line of StatsD is not taken: {Why}")]
    public static partial void StatsdRefused(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection of StatsD is over: {Why}")]
    public static partial void StatsdClosed(ILogger log, string why);
}
