namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>What a well-known image is, and what it needs that its name alone tells.</summary>
/// <param name="Image">The last part of its name.</param>
internal sealed record KnownImage(string Image, string What, int Port)
{
    /// <summary>It is asked by HTTP from outside; all others are only for the app's own services.</summary>
    public bool IsWeb { get; init; }

    /// <summary>It mostly stands before other services, as the edge does here.</summary>
    public bool IsProxy { get; init; }

    /// <summary>It starts as root, gives its folders to a user of its own, and goes on as that one.</summary>
    public bool StartsAsRoot { get; init; }

    /// <summary>Who it is, by number, where it cannot take folders for itself: its volumes must be that one's.</summary>
    public string? User { get; init; }

    /// <summary>Whether it writes elsewhere than to /tmp and volumes.</summary>
    public bool WritesEverywhere { get; init; } = true;

    /// <summary>Where it keeps what must outlive it; null for what may be lost.</summary>
    public string? Data { get; init; }
}

/// <summary>Well-known images, by their names.</summary>
internal static class KnownImages
{
    private static readonly KnownImage[] All =
    [
        Root("cassandra", "Cassandra", 9042, "/var/lib/cassandra"),
        Root("clickhouse-server", "ClickHouse", 8123, "/var/lib/clickhouse"),
        Root("cockroach", "CockroachDB", 26257, "/cockroach/cockroach-data"),
        Root("couchdb", "CouchDB", 5984, "/opt/couchdb/data"),
        As("1000", "elasticsearch", "Elasticsearch", 9200, "/usr/share/elasticsearch/data"),
        Root("etcd", "etcd", 2379),
        Root("influxdb", "InfluxDB", 8086, "/var/lib/influxdb2"),
        As("1000", "kafka", "Kafka", 9092),
        As("1000", "cp-kafka", "Kafka", 9092, "/var/lib/kafka/data"),
        Root("keydb", "KeyDB", 6379),
        Root("mariadb", "MariaDB", 3306, "/var/lib/mysql"),
        new("memcached", "Memcached", 11211) { WritesEverywhere = false },
        Root("minio", "MinIO", 9000, "/data"),
        Root("mongo", "MongoDB", 27017, "/data/db"),
        Root("mongodb", "MongoDB", 27017),
        Root("mysql", "MySQL", 3306, "/var/lib/mysql"),
        Root("mysql-server", "MySQL", 3306, "/var/lib/mysql"),
        new("nats", "NATS", 4222) { WritesEverywhere = false },
        Root("neo4j", "Neo4j", 7687, "/data"),
        As("1000", "opensearch", "OpenSearch", 9200, "/usr/share/opensearch/data"),
        Root("percona", "MySQL", 3306, "/var/lib/mysql"),
        Root("pgvector", "PostgreSQL", 5432, "/var/lib/postgresql/data"),
        Root("postgis", "PostgreSQL", 5432, "/var/lib/postgresql/data"),
        Root("postgres", "PostgreSQL", 5432, "/var/lib/postgresql/data"),
        Root("postgresql", "PostgreSQL", 5432),
        Root("qdrant", "Qdrant", 6333, "/qdrant/storage"),
        Root("rabbitmq", "RabbitMQ", 5672, "/var/lib/rabbitmq"),
        Root("redis", "Redis", 6379),
        Root("redis-stack-server", "Redis", 6379),
        As("101", "redpanda", "Redpanda", 9092, "/var/lib/redpanda/data"),
        As("10001", "server", "SQL Server", 1433, "/var/opt/mssql"),
        As("8983", "solr", "Solr", 8983, "/var/solr"),
        Root("timescaledb", "PostgreSQL", 5432, "/var/lib/postgresql/data"),
        Root("valkey", "Valkey", 6379),
        Root("zookeeper", "ZooKeeper", 2181, "/data"),
        // Asked by HTTP from outside.
        new("adminer", "Adminer", 8080) { IsWeb = true },
        Root("caddy", "Caddy", 80) with
        {
            IsWeb = true,
            IsProxy = true,
        },
        Root("gitea", "Gitea", 3000, "/data") with
        {
            IsWeb = true,
        },
        Root("ghost", "Ghost", 2368, "/var/lib/ghost/content") with
        {
            IsWeb = true,
        },
        As("472", "grafana", "Grafana", 3000, "/var/lib/grafana") with
        {
            IsWeb = true,
        },
        Root("httpd", "Apache", 80) with
        {
            IsWeb = true,
            IsProxy = true,
        },
        Root("nextcloud", "Nextcloud", 80, "/var/www/html") with
        {
            IsWeb = true,
        },
        Root("nginx", "nginx", 80) with
        {
            IsWeb = true,
            IsProxy = true,
        },
        Root("phpmyadmin", "phpMyAdmin", 80) with
        {
            IsWeb = true,
        },
        As("65534", "prometheus", "Prometheus", 9090, "/prometheus") with
        {
            IsWeb = true,
        },
        Root("wordpress", "WordPress", 80, "/var/www/html") with
        {
            IsWeb = true,
        },
    ];

    /// <summary>With no more than these, an image that starts as root can take its folders and become another user.</summary>
    private static readonly string[] RootsCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];

    /// <summary>Null for one that is not known.</summary>
    public static KnownImage? Of(string image)
    {
        var name = image.Split('@')[0];
        var last = name[(name.LastIndexOf('/') + 1)..].Split(':')[0];
        var isForeign = last == "server" && !name.Contains("mssql/", StringComparison.Ordinal);
        var known = isForeign ? null : Array.Find(All, one => one.Image == last);
        // Bitnami's images of the same names have no root, and other folders.
        return known is not null && name.Contains("bitnami", StringComparison.Ordinal)
            ? known with
            {
                StartsAsRoot = false,
                User = "1001",
                Data = null,
            }
            : known;
    }

    /// <summary>What it must be allowed in order to start.</summary>
    public static IReadOnlyList<string> Capabilities(KnownImage image) =>
        (image.StartsAsRoot, image.Port < 1024) switch
        {
            (false, _) => [],
            (true, false) => RootsCapabilities,
            (true, true) => [.. RootsCapabilities[..3], "NET_BIND_SERVICE", .. RootsCapabilities[3..]],
        };

    private static KnownImage Root(string image, string what, int port, string? data = null) =>
        new(image, what, port) { StartsAsRoot = true, Data = data };

    private static KnownImage As(string user, string image, string what, int port, string? data = null) =>
        new(image, what, port) { User = user, Data = data };
}
