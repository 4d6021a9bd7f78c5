using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The saved routing is damaged and was kept as {Path}; the edge serves nothing until the server applies it again"
    )]
    public static partial void RoutingDamaged(this ILogger log, Exception caught, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "The edge serves {Sites} sites from its saved routing")]
    public static partial void Serving(this ILogger log, int sites);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Replica} does not answer; its traffic goes to others")]
    public static partial void ReplicaDown(this ILogger log, InstanceKey replica);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} answers again")]
    public static partial void ReplicaUp(this ILogger log, InstanceKey replica);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Replica} sits out for {Seconds} s: {Why}; its traffic goes to others"
    )]
    public static partial void ReplicaEjected(this ILogger log, InstanceKey replica, string why, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} takes its turn again")]
    public static partial void ReplicaReadmitted(this ILogger log, InstanceKey replica);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The files in {Folder} cannot be served: the folder cannot be read"
    )]
    public static partial void FolderUnreadable(this ILogger log, Exception caught, string folder);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Files are sent uncompressed, because {Folder} cannot be used to keep them compressed"
    )]
    public static partial void NotCompressed(this ILogger log, Exception caught, string folder);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A certificate in {Path} cannot be opened with this machine's key, and is got again"
    )]
    public static partial void CertificateUnreadable(this ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A kept certificate cannot be used, and is got again: {Why}")]
    public static partial void CertificateUnusable(this ILogger log, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The server does not take what pages sent of themselves, {Lost} beacons were let go: {Why}"
    )]
    public static partial void BeaconsLost(this ILogger log, long lost, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "More than {Most} connections are open, which is what this process's limit of open files allows; those beyond are told 503. Raise it: ulimit -n"
    )]
    public static partial void TooManyConnections(this ILogger log, int most);
}
