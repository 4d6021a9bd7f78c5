using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>What those who keep logs tell the operator.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} could not be collected and will be later: {Why}")]
    public static partial void NotCollected(this ILogger log, string what, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Logs could not be forwarded to {Where} and will be later: {Why}"
    )]
    public static partial void NotForwarded(this ILogger log, string where, string why);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Where} refuses {Count} log records for good, they are left out: {Why}"
    )]
    public static partial void Refused(this ILogger log, string where, long count, string why);
}
