using Fairlead.Model.Problems;

namespace Fairlead.Roles;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "the {Role} ends because of a bug of its own")]
    public static partial void RoleFailed(this ILogger log, Exception caught, string role);

    [LoggerMessage(Level = LogLevel.Error, Message = "the {Role} ends: {Problem}")]
    public static partial void RoleEnds(this ILogger log, string role, Problem problem);
}
