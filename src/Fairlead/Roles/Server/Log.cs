namespace Fairlead.Roles.Server;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Serving on {Socket}")]
    public static partial void Serving(ILogger log, string socket);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stepping down: {Reason}")]
    public static partial void SteppedDown(ILogger log, string reason);
}
