using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Metrics;

/// <summary>What the store of metrics tells its operator.</summary>
internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Metrics opened in {Milliseconds} ms: {Blocks} blocks, {Samples} samples read again from logs"
    )]
    public static partial void Opened(this ILogger log, long milliseconds, int blocks, long samples);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The log {File} ends in {Bytes} bytes that cannot be read, from byte {At}: {Why}. All before is kept; nobody was told that the rest is"
    )]
    public static partial void EndDropped(this ILogger log, string file, long bytes, long at, string why);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The block {File} cannot be read and was put aside into {Aside}: {Why}"
    )]
    public static partial void BlockDamaged(this ILogger log, string file, string aside, string why);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Chunks} chunks of the block {File} are damaged; their samples are missing from answers"
    )]
    public static partial void ChunksDamaged(this ILogger log, string file, int chunks);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Metrics from {From:u} to {To:u} were dropped to make room: {Why}"
    )]
    public static partial void Dropped(this ILogger log, DateTimeOffset from, DateTimeOffset to, string why);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Metrics from {From:u} to {To:u} are older than they are kept, and were dropped"
    )]
    public static partial void Expired(this ILogger log, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(Level = LogLevel.Error, Message = "Metrics cannot be written and are refused until they can: {Why}")]
    public static partial void Unwritable(this ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Metrics can be written again")]
    public static partial void WritableAgain(this ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "Caring for the metrics failed and is tried again: {Why}")]
    public static partial void CareFailed(this ILogger log, string why);
}
