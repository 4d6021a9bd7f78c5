using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching.Traces;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Spans} spans could not be kept: {What} {Why}")]
    public static partial void TracesLost(ILogger log, int spans, string what, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rates from spans could not be kept this time: {What} {Why}")]
    public static partial void RatesNotKept(ILogger log, string what, string why);
}
