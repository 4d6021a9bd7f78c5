namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>Where well-known servers listen, for systems whose files do not say it.</summary>
internal static class ServerPorts
{
    /// <summary>Null when it is not known.</summary>
    /// <param name="server">The last part of its image's name, such as <c>postgres</c>.</param>
    public static int? Of(string server) =>
        server switch
        {
            "postgres" => 5432,
            "mysql" or "mariadb" => 3306,
            "redis" => 6379,
            "mongo" => 27017,
            "rabbitmq" => 5672,
            _ => null,
        };
}
