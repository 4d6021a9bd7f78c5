using Fairlead.Drivers.State;

namespace Fairlead.Roles.Server;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {State}")]
    public static partial void Serving(ILogger log, StateFolder state);

    [LoggerMessage(Level = LogLevel.Error, Message = "StatsD is not taken at {Address}: {Why}")]
    public static partial void StatsdNotHeard(ILogger log, System.Net.IPEndPoint address, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stepping down: {Reason}")]
    public static partial void SteppedDown(ILogger log, string reason);
}
