namespace Fairlead.Faces.Http;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} met a bug of Fairlead's own, fault {Id}")]
    public static partial void Fault(this ILogger log, Exception caught, string path, string id);
}
