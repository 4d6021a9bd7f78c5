namespace Fairlead.Roles;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "the {Role} ends because of a bug of its own")]
    public static partial void RoleFailed(this ILogger log, Exception caught, string role);
}
