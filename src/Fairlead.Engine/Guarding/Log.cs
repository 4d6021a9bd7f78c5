using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The edge has not got its keys yet, {Code}: {Why}")]
    public static partial void KeysNotGiven(ILogger log, string code, string why);
}
