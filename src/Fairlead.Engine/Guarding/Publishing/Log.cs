using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding.Publishing;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The edge does not lead to Fairlead's own address, {Code}: {Why}"
    )]
    public static partial void AddressNotLed(ILogger log, string code, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The edge does not lead to status pages, {Code}: {Why}")]
    public static partial void PagesNotLed(ILogger log, string code, string why);
}
