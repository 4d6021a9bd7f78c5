using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The work '{Work}' failed and is begun again in {Pause}")]
    public static partial void BackgroundFailed(ILogger log, string work, TimeSpan pause, Exception caught);
}
