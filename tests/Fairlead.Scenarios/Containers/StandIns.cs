using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Fairlead.Scenarios.Containers;

/// <summary>
/// Images of public registries cannot be had here. These have their names, listen where they do, start as the user that they start as, and
/// need the same folders and capabilities; the program in them is <c>standin.py</c>, and nginx is Debian's own.
/// </summary>
internal static partial class StandIns
{
    private const string Base = "fairlead-standin:1";

    /// <summary>By name, where one matters with its tag: what stands in the image's own description.</summary>
    private static readonly Dictionary<string, StandIn> Known = new(StringComparer.Ordinal)
    {
        ["apache/kafka"] = new("9092 9093") { User = "1000", Data = "/var/lib/kafka/data" },
        ["axllent/mailpit"] = new("8025 1025"),
        ["docker.elastic.co/elasticsearch/elasticsearch"] = new("9200")
        {
            User = "1000",
            Data = "/usr/share/elasticsearch/data",
        },
        ["docker.io/library/postgres"] = new("5432") { Becomes = 999, Data = "/var/lib/postgresql/data" },
        ["ghcr.io/acme/admin"] = new("4100"),
        ["ghcr.io/open-webui/open-webui"] = new("8080") { Data = "/app/backend/data" },
        ["gitea/gitea"] = new("3000 22") { Becomes = 1000, Data = "/data" },
        ["grafana/grafana"] = new("3000") { User = "472", Data = "/var/lib/grafana" },
        ["louislam/uptime-kuma"] = new("3001") { Data = "/app/data" },
        ["mariadb"] = new("3306") { Becomes = 999, Data = "/var/lib/mysql" },
        ["memcached"] = new("11211") { User = "11211" },
        ["mher/flower"] = new("5555"),
        ["mongo"] = new("27017") { Becomes = 999, Data = "/data/db" },
        ["mongo-express"] = new("8081"),
        ["mysql"] = new("3306") { Becomes = 999, Data = "/var/lib/mysql" },
        ["nats"] = new("4222 8222"),
        ["nextcloud"] = new("80") { Becomes = 33, Data = "/var/www/html" },
        ["nginx"] = new("80") { Becomes = 101, Data = "/var/cache/nginx" },
        ["nginxinc/nginx-unprivileged:1-alpine"] = new("") { User = "101", Program = "nginx" },
        // Its health is asked at the port of a file that the sample mounts.
        ["nginxinc/nginx-unprivileged:1.27"] = new("8080 9000") { User = "101" },
        ["ollama/ollama"] = new("11434") { Data = "/var/lib/ollama" },
        ["phpmyadmin"] = new("80") { Becomes = 33, Data = "/var/www" },
        ["postgis/postgis"] = new("5432") { Becomes = 70, Data = "/var/lib/postgresql/data" },
        ["postgres"] = new("5432") { Becomes = 999, Data = "/var/lib/postgresql/data" },
        ["prom/alertmanager"] = new("9093") { User = "65534" },
        ["prom/node-exporter"] = new("9100") { User = "65534" },
        ["prom/prometheus"] = new("9090") { User = "65534", Data = "/prometheus" },
        ["prom/pushgateway"] = new("9091") { User = "65534" },
        ["provectuslabs/kafka-ui"] = new("8080") { User = "100" },
        ["qdrant/qdrant"] = new("6333 6334") { Data = "/qdrant/storage" },
        ["rabbitmq"] = new("5672 15672") { Becomes = 999, Data = "/var/lib/rabbitmq" },
        ["redis"] = new("6379") { Becomes = 999, Data = "/data" },
        ["tensorflow/serving"] = new("8500 8501"),
        ["valkey/valkey"] = new("6379") { Becomes = 999, Data = "/data" },
        ["wordpress"] = new("80") { Becomes = 33, Data = "/var/www/html" },
        // By its words alone, or nowhere.
        ["restic/restic"] = new(""),
        ["traefik/whoami"] = new(""),
    };

    /// <summary>What a build starts from or is put on: it runs what it is told to.</summary>
    private static readonly string[] Grounds = ["debian", "golang", "node", "python", "ruby"];

    public static Task BuildBaseAsync(DockerEngine engine, string folder, CancellationToken stop)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/nginx"), "Needs nginx (apt-get install nginx-light).");
        return PythonImage.BuildAsync(engine.Address, folder, (Base, $"script={Script()}\n{More}"), stop);
    }

    /// <summary>Makes what a Compose file names, unless it is there.</summary>
    public static async Task BuildAsync(DockerEngine engine, string compose, ISet<string> made, CancellationToken stop)
    {
        var names = Named().Matches(compose).Select(static one => one.Groups["name"].Value).Where(made.Add).ToList();
        foreach (var name in names)
        {
            var isGround = Grounds.Contains(name.Split(':')[0]);
            var standIn = isGround ? new("") : Known.GetValueOrDefault(name) ?? Known[WithoutTag(name)];
            var said = await engine.AskAsync(
                (
                    "build",
                    $"""
                    FROM {Base}
                    {(isGround ? "" : standIn.Lines)}
                    """
                ),
                stop,
                "--quiet",
                "--tag",
                name,
                "-"
            );
            Assert.True(said.StartsWith("sha256:", StringComparison.Ordinal), $"{name}: {said}");
        }
    }

    private static string WithoutTag(string name) =>
        name.LastIndexOf(':') is > 0 and var colon && colon > name.LastIndexOf('/') ? name[..colon] : name;

    private static string Script([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "standin.py");

    [GeneratedRegex(
        """^ *(?:image: |FROM )"?(?<name>[^"\s]+)"?(?: AS build)?$""",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Named();

    private const string More = """
        ln -s "$(basename "$python")" "$root/usr/bin/python-of-the-standin"
        for program in /usr/bin/env /usr/bin/mkdir /usr/bin/cp /usr/sbin/nginx; do
            carry "$program"
        done
        mkdir -p "$root"/{usr/local/bin,opt/kafka/bin,etc/nginx/conf.d,usr/share/nginx/html,var/cache/nginx,var/log/nginx,var/lib/nginx}
        cp "$script" "$root/usr/local/bin/standin"
        chmod 755 "$root/usr/local/bin/standin"
        for name in bundle celery curl go gunicorn memcached mongosh node npm pg_isready pip python python3 rabbitmq-diagnostics \
            redis-server seen valkey-server; do
            ln -s standin "$root/usr/local/bin/$name"
        done
        ln -s /usr/local/bin/standin "$root/opt/kafka/bin/kafka-broker-api-versions.sh"
        echo 'server { listen 8080; root /usr/share/nginx/html; }' >"$root/etc/nginx/conf.d/default.conf"
        temporary=$(for name in client_body proxy fastcgi uwsgi scgi; do echo "${name}_temp_path /tmp/$name;"; done)
        echo "pid /tmp/pid; error_log stderr; daemon off; events {} http { access_log off; $temporary include conf.d/*.conf; }" \
            >"$root/etc/nginx/nginx.conf"
        chmod 1777 "$root/tmp"
        """;

    /// <param name="Ports">Where it listens; nothing where its words say it.</param>
    private sealed record StandIn(string Ports)
    {
        public string Program { get; init; } = "standin";

        /// <summary>As it is started.</summary>
        public string? User { get; init; }

        /// <summary>Who one becomes that is started as root.</summary>
        public int Becomes { get; init; }

        public string Data { get; init; } = "";

        /// <summary>Its folder is in it, and its owner's: a volume that is new begins as that one.</summary>
        private string Folder =>
            Data.Length == 0 ? "" : $"RUN mkdir -p {Data} && chown {(Becomes > 0 ? Becomes : User ?? "0")} {Data}";

        public string Lines =>
            $"""
                {Folder}
                ENV STANDIN_PORTS="{Ports}" STANDIN_DROP="{Becomes}" STANDIN_DATA="{Data}"
                ENTRYPOINT ["{Program}"]
                USER {User ?? "0"}
                """;
    }
}
