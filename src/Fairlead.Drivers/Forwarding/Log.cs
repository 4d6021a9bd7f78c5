using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Forwarding;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Host} does not take errors that are sent on, {Lost} were let go: {Why}"
    )]
    public static partial void NotTaken(ILogger log, string host, long lost, string why);
}
