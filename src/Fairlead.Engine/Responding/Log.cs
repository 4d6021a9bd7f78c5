using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "What is known of alerts is not kept, {Code}: {Why}")]
    public static partial void AlertsNotKept(ILogger log, string code, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Who is told of what cannot be read, {Code}: {Why}")]
    public static partial void RoutingNotRead(ILogger log, string code, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Receiver} could not be told by {Kind}: {Why}")]
    public static partial void NotTold(ILogger log, string receiver, string kind, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rules of {Site} cannot be used, {Code}: {Why}")]
    public static partial void RulesNotUsed(ILogger log, string site, string code, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The incident {Incident} could not be followed, {Code}: {Why}")]
    public static partial void IncidentNotFollowed(ILogger log, string incident, string code, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat is not heard: {Why}")]
    public static partial void HeartbeatNotHeard(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The report {Order} could not be sent, {Code}: {Why}")]
    public static partial void ReportNotSent(ILogger log, string order, string code, string why);
}
