using Fairlead.Model.Apps;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Data.Backups;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "{Site}: no backup of {Database} was taken or tried: {What} {Why}")]
    public static partial void NotKept(ILogger log, Site site, string database, string what, string why);

    [LoggerMessage(LogLevel.Error, "{Site}: the log of {Database} was not brought to its repository: {What} {Why}")]
    public static partial void NotShipped(ILogger log, Site site, string database, string what, string why);

    [LoggerMessage(LogLevel.Error, "{Site}: the log of {Database} is not followed: {What} {Why}")]
    public static partial void NotFollowed(ILogger log, Site site, string database, string what, string why);

    [LoggerMessage(LogLevel.Error, "This Fairlead was not saved: {What} {Why}")]
    public static partial void PlatformNotSaved(ILogger log, string what, string why);
}
