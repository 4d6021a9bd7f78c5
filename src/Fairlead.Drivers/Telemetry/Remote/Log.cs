using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Remote;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Store} refused {Count} samples with {Status}, which are dropped: {Why}"
    )]
    public static partial void RemoteRefused(ILogger log, string store, int status, int count, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Store} does not take samples now, which wait: {Why}")]
    public static partial void RemoteWaits(ILogger log, string store, string why);
}
