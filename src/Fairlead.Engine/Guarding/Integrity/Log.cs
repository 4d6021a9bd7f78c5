using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Integrity;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "{Thing} is not what was written: {Why}")]
    public static partial void Broken(ILogger log, string thing, string why);
}
