using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Nodes;

/// <summary>What the node tells its operator.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} started as process {Pid} on port {Port}")]
    public static partial void Started(this ILogger log, string replica, int pid, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} found running as process {Pid}, taken over")]
    public static partial void Adopted(this ILogger log, string replica, int pid);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} is ready")]
    public static partial void Ready(this ILogger log, string replica);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Replica} is down: {Why}")]
    public static partial void Down(this ILogger log, string replica, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Replica} failed: {Why}")]
    public static partial void Failed(this ILogger log, string replica, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} stopped")]
    public static partial void Stopped(this ILogger log, string replica);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Replica} has no order and is stopped: {Processes} processes")]
    public static partial void Orphaned(this ILogger log, string replica, int processes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Limits of replicas are not held in full: {Why}")]
    public static partial void Unlimited(this ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} could not be written, the app runs on: {Why}")]
    public static partial void DiskFailed(this ILogger log, string what, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The order {File} cannot be read; its processes are left alone")]
    public static partial void Unreadable(this ILogger log, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Containers that nobody ordered may be left. {What} {Why}")]
    public static partial void NoEngine(this ILogger log, string what, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Replica}: it is tried again. {What} {Why}")]
    public static partial void EngineRefused(this ILogger log, string replica, string what, string why);
}
