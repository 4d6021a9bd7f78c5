namespace Fairlead.Engine.Responding.Monitors;

/// <summary>Ways of looking, as addresses begin with them, and what each can tell. Drivers have the probes for them.</summary>
public static class MonitorWays
{
    private static readonly string[] Http = ["http", "https"];
    private static readonly string[] Sockets = ["ws", "wss"];
    private static readonly string[] Mail = ["smtp", "smtps"];
    private static readonly string[] Services =
    [
        "amqp",
        "amqps",
        "mariadb",
        "mongodb",
        "mysql",
        "postgres",
        "postgresql",
        "redis",
        "rediss",
    ];

    /// <summary>All of them, sorted; <c>push</c> is the way of those who tell it themselves.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. (
            (string[])
                [
                    "dns",
                    "docker",
                    "grpc",
                    "grpcs",
                    "icmp",
                    "push",
                    "tcp",
                    "tls",
                    "udp",
                    .. Http,
                    .. Sockets,
                    .. Mail,
                    .. Services,
                ]
        ).Order(StringComparer.Ordinal),
    ];

    /// <summary>Answers of HTTP have codes, headers and JSON.</summary>
    public static bool IsHttp(string way) => Http.Contains(way);

    /// <summary>What is sent can be said.</summary>
    public static bool Sends(string way) => way is "tcp" or "udp" || IsHttp(way) || Sockets.Contains(way);

    /// <summary>It gets a text.</summary>
    public static bool HasText(string way) => Sends(way) || Mail.Contains(way);

    /// <summary>It may see a certificate.</summary>
    public static bool HasTls(string way) => way is "https" or "wss" or "tls" or "grpcs" || Mail.Contains(way);

    /// <summary>Nothing says on which port, where the address does not.</summary>
    public static bool NeedsPort(string way) => way is "tcp" or "udp" or "grpc" or "grpcs";
}
