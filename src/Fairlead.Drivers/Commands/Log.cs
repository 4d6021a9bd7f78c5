using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Commands;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} {Why}")]
    public static partial void NotStarted(this ILogger logger, string what, string why);
}
