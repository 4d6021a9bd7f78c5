using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Monitors;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A look at {Monitor} failed by a fault of its own")]
    public static partial void LookFailed(ILogger log, string monitor, Exception caught);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Monitor} is down: {Why}")]
    public static partial void WentDown(ILogger log, string monitor, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Monitor} is up")]
    public static partial void WentUp(ILogger log, string monitor);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Fairlead is cut off from the network: several hosts fail, and none of {Asked} answers"
    )]
    public static partial void CutOff(ILogger log, string asked);

    [LoggerMessage(Level = LogLevel.Information, Message = "Fairlead reaches the network again")]
    public static partial void Reached(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What monitors saw is not kept now, {Code}: {Why}")]
    public static partial void NotKept(ILogger log, string code, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "There are {Count} monitors, of which only {Most} are looked at"
    )]
    public static partial void TooMany(ILogger log, int count, int most);
}
