namespace Fairlead.Roles.Up;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Role} started as process {Pid}")]
    public static partial void RoleStarted(this ILogger log, string role, int pid);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Role} (process {Pid}) ended with {Ending} and is started again in {Rest:0.0} s"
    )]
    public static partial void RoleDied(this ILogger log, string role, int pid, string ending, double rest);

    [LoggerMessage(Level = LogLevel.Information, Message = "taking over from {Role} (process {Pid})")]
    public static partial void TakingOver(this ILogger log, string role, int pid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Role} (process {Pid}) did not end in time and was killed")]
    public static partial void Killed(this ILogger log, string role, int pid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the node could not be asked to stop the apps: {Why}")]
    public static partial void AppsNotStopped(this ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} ({Why}) The server waits for it; traffic goes on")]
    public static partial void StoreAway(this ILogger log, string what, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "not ready after {Seconds:0} s: {Roles}")]
    public static partial void NotReady(this ILogger log, double seconds, string roles);

    [LoggerMessage(Level = LogLevel.Information, Message = "stopping{What}")]
    public static partial void Stopping(this ILogger log, string what);
}
