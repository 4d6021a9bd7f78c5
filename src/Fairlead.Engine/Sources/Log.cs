using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Sources;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Source}: {Text}")]
    public static partial void Said(ILogger log, string source, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source}: {Code}: {What} {Why}")]
    public static partial void Trouble(ILogger log, string source, string code, string what, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Source}: a bug, {Id}")]
    public static partial void Bug(ILogger log, string source, string id, Exception caught);
}
