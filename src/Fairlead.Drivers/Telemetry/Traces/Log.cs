using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Traces;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Traces in {Path} cannot be read: {Reason}")]
    public static partial void SegmentDamaged(ILogger log, string path, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The disk is nearly full: {Traces} traces in {Path} were let go"
    )]
    public static partial void SegmentLostToDisk(ILogger log, string path, long traces);
}
