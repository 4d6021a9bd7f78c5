using Fairlead.Model.Apps;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Clusters;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} in its cluster is not looked after: {Code}: {What}")]
    public static partial void ClusterNotKept(ILogger log, Site site, string code, string what);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Site}: Deployment {Name} was changed by hand and is as ordered again"
    )]
    public static partial void DriftPutBack(ILogger log, Site site, string name);
}
