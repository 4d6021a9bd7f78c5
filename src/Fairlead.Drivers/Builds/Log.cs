using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Builds;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Building {App}/{Service} as {Artifact}.")]
    public static partial void Building(this ILogger logger, string app, string service, string artifact);

    [LoggerMessage(Level = LogLevel.Information, Message = "Built {App}/{Service} in {Time}.")]
    public static partial void Built(this ILogger logger, string app, string service, TimeSpan time);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} {Why}")]
    public static partial void Failed(this ILogger logger, string what, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The build of {App}/{Service} was cancelled.")]
    public static partial void Cancelled(this ILogger logger, string app, string service);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Ended {Count} processes of builds that an earlier server had begun."
    )]
    public static partial void EndedLeftovers(this ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} artifacts that no release names.")]
    public static partial void Pruned(this ILogger logger, int count);
}
