using Fairlead.Model.Apps;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Data.Serving;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "{Site}: the database {Database} does not run: {What} {Why}")]
    public static partial void NotKept(ILogger log, Site site, string database, string what, string why);

    [LoggerMessage(LogLevel.Error, "{Site}: nothing follows the database {Database}: {What} {Why}")]
    public static partial void NotFollowed(ILogger log, Site site, string database, string what, string why);
}
