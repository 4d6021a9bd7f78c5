using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Watching;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The work '{Work}' failed and is begun again in {Pause}")]
    public static partial void BackgroundFailed(ILogger log, string work, TimeSpan pause, Exception caught);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is to be scraped cannot be found now, {Code}: {Why}")]
    public static partial void TargetsNotFound(ILogger log, string code, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "There are {Count} targets to be scraped, of which only {Most} are"
    )]
    public static partial void TooManyTargets(ILogger log, int count, int most);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The numbers of {Job} {Instance} are not kept, {Code}: {Why}")]
    public static partial void SamplesNotKept(ILogger log, string job, string instance, string code, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old telemetry could not be let go, {Code}: {Why}")]
    public static partial void NotSwept(ILogger log, string code, string why);
}
