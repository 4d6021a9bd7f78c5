namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Images of programs that keep data, by their names.</summary>
internal static class Stores
{
    private static readonly (string Image, string Kind, int Port)[] Known =
    [
        ("cassandra", "Cassandra", 9042),
        ("clickhouse-server", "ClickHouse", 8123),
        ("cockroach", "CockroachDB", 26257),
        ("couchdb", "CouchDB", 5984),
        ("elasticsearch", "Elasticsearch", 9200),
        ("etcd", "etcd", 2379),
        ("influxdb", "InfluxDB", 8086),
        ("kafka", "Kafka", 9092),
        ("keydb", "KeyDB", 6379),
        ("mariadb", "MariaDB", 3306),
        ("memcached", "Memcached", 11211),
        ("minio", "MinIO", 9000),
        ("mongo", "MongoDB", 27017),
        ("mongodb", "MongoDB", 27017),
        ("mysql", "MySQL", 3306),
        ("mysql-server", "MySQL", 3306),
        ("nats", "NATS", 4222),
        ("neo4j", "Neo4j", 7687),
        ("opensearch", "OpenSearch", 9200),
        ("percona", "MySQL", 3306),
        ("pgvector", "PostgreSQL", 5432),
        ("postgis", "PostgreSQL", 5432),
        ("postgres", "PostgreSQL", 5432),
        ("postgresql", "PostgreSQL", 5432),
        ("qdrant", "Qdrant", 6333),
        ("rabbitmq", "RabbitMQ", 5672),
        ("redis", "Redis", 6379),
        ("redis-stack-server", "Redis", 6379),
        ("redpanda", "Redpanda", 9092),
        ("server", "SQL Server", 1433),
        ("solr", "Solr", 8983),
        ("timescaledb", "PostgreSQL", 5432),
        ("valkey", "Valkey", 6379),
        ("zookeeper", "ZooKeeper", 2181),
    ];

    public static (string Kind, int Port)? Of(string image)
    {
        var name = image.Split('@')[0];
        var last = name[(name.LastIndexOf('/') + 1)..].Split(':')[0];
        var known = Array.Find(Known, one => one.Image == last);
        var isForeign = last == "server" && !name.Contains("mssql/", StringComparison.Ordinal);
        return known.Image is null || isForeign ? null : (known.Kind, known.Port);
    }
}
