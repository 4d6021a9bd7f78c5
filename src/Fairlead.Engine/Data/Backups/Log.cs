using Fairlead.Model.Apps;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Data.Backups;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "{Site}: no backup of {Database} was taken or tried: {What} {Why}")]
    public static partial void NotKept(ILogger log, Site site, string database, string what, string why);
}
