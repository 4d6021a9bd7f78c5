using Fairlead.Drivers.State;

namespace Fairlead.Roles.Server;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {State}")]
    public static partial void Serving(ILogger log, StateFolder state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stepping down: {Reason}")]
    public static partial void SteppedDown(ILogger log, string reason);
}
