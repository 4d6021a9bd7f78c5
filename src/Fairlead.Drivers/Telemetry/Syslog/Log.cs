using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Syslog;

/// <summary>What the listener for syslog tells the operator.</summary>
internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} messages of syslog by UDP came too fast and were dropped"
    )]
    public static partial void SyslogDropped(this ILogger log, long count);
}
