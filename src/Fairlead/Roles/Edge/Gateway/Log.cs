using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The access log {Path} cannot be written, its lines are lost until it can: {Reason}"
    )]
    public static partial void AccessLogBroken(this ILogger log, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Site}: nobody can sign in at {Issuer}: {Reason}")]
    public static partial void SignInFailed(this ILogger log, Site site, string issuer, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What keys have used of their quotas cannot be kept in {Path}: {Reason}"
    )]
    public static partial void QuotasNotSaved(this ILogger log, string path, string reason);
}
