using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>What the store of logs tells the operator.</summary>
internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Logs opened: {Records} records, {Replayed} of them from the write-ahead log"
    )]
    public static partial void Opened(this ILogger log, long records, long replayed);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The disk is full: the {Records} oldest log records are let go ({Why})"
    )]
    public static partial void Crowded(this ILogger log, long records, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Logs cannot be written: {Why}")]
    public static partial void Unwritable(this ILogger log, string why);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A block of logs is damaged and left out: {Path} at {Offset}: {Why}"
    )]
    public static partial void Damaged(this ILogger log, string path, long offset, string why);
}
