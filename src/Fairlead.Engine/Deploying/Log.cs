using Fairlead.Model.Apps;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Deploying;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "In charge with fence {Fence}")]
    public static partial void InCharge(ILogger log, long fence);

    [LoggerMessage(Level = LogLevel.Information, Message = "Not in charge yet, {Code}: {Why}")]
    public static partial void Waiting(ILogger log, string code, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not say that it still is in charge, {Code}: {Why}")]
    public static partial void NotRenewed(ILogger log, string code, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The next server has to wait for the lease to run out, {Code}: {Why}"
    )]
    public static partial void NotLeft(ILogger log, string code, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Site}: {Kind}: {Text}")]
    public static partial void Noted(ILogger log, Site site, string kind, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Site}: the glass was broken, {Text}")]
    public static partial void GlassBroken(ILogger log, Site site, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Site}: {Move}")]
    public static partial void MoveDone(ILogger log, Site site, Move move);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot announce the fence yet, {Code}: {What}")]
    public static partial void NotAnnounced(ILogger log, string code, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot hear who should be woken, {Code}: {What}")]
    public static partial void NotListening(ILogger log, string code, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Site}: will try again, {Code}: {What} {Why}")]
    public static partial void TurnFailed(ILogger log, Site site, string code, string what, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Site}: {Service} is not scaled, {Code}: {What}")]
    public static partial void NotScaled(ILogger log, Site site, string service, string code, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Site}: what waits for {Service} is not known: {Why}")]
    public static partial void QueueNotCounted(ILogger log, Site site, string service, string why);
}
