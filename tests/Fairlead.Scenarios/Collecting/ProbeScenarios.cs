using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Probes;
using Fairlead.Drivers.Probes.Mongo;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Scenarios.Collecting;

/// <summary>Real databases and brokers say how they are. MongoDB is in no Debian: a script that speaks its protocol stands for it.</summary>
public sealed class ProbeScenarios
{
    private const string Loopback = "127.0.0.1";

    private static readonly IServiceProbe Mysql = AllProbes.Entries.Single(one => one.Schemes.Contains("mysql"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Postgresql_says_how_it_is_to_who_knows_the_password()
    {
        var (program, initdb) = (RealPeer.Find("postgres", "postgresql"), RealPeer.Find("initdb", "postgresql"));
        var (folder, port) = (RealPeer.NewFolder(), RealPeer.FreePort());
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), "s3cret", Stop);
        string[] user = [];
        if (Environment.IsPrivilegedProcess)
        {
            // It will not run as root.
            user = [RealPeer.Find("setpriv", "util-linux"), "--reuid=postgres", "--regid=postgres", "--clear-groups"];
            await RealPeer.RunAsync("chown", ["-R", "postgres:postgres", folder]);
        }
        string[] make =
        [
            .. user,
            initdb,
            "-D",
            $"{folder}/data",
            "-U",
            "probe",
            "--auth=scram-sha-256",
            $"--pwfile={folder}/password",
        ];
        await RealPeer.RunAsync(make[0], make[1..]);
        string[] serve =
        [
            .. user,
            program,
            "-D",
            $"{folder}/data",
            "-p",
            Text(port),
            "-h",
            Loopback,
            "-k",
            folder,
            "-c",
            "fsync=off",
        ];
        await using var peer = await RealPeer.StartAsync(
            (serve[0], serve[1..]),
            folder,
            () => RealPeer.ListensAsync(port)
        );

        var figures = await AwaitAsync(new PostgresProbe(), $"postgres://probe:s3cret@{Loopback}:{port}/postgres");
        Assert.Equal("15", Info(figures)["version"].Split('.')[0]);
        Assert.Equal("primary", Info(figures)["role"]);
        Assert.Equal(100, One(figures, "connections_max"));
        Assert.True(One(figures, "connections") >= 1);
        Assert.InRange(One(figures, "cache_hit_ratio"), 0.1, 1);
        Assert.Contains(
            All(figures, "database_size_bytes"),
            one => one.Labels["database"] == "postgres" && one.Value > 1_000_000
        );
        await RefusedAsync(
            new PostgresProbe(),
            $"postgres://probe:wr0ng@{Loopback}:{port}/postgres",
            "probe.not-allowed"
        );
    }

    [Fact]
    public async Task Redis_says_how_it_is_to_who_knows_the_password()
    {
        var (program, folder, port) = (
            RealPeer.Find("redis-server", "redis-server"),
            RealPeer.NewFolder(),
            RealPeer.FreePort()
        );
        await using var peer = await RealPeer.StartAsync(
            (
                program,
                ["--port", Text(port), "--bind", Loopback, "--requirepass", "s3cret", "--dir", folder, "--save", ""]
            ),
            folder,
            () => RealPeer.ListensAsync(port)
        );
        var figures = await AwaitAsync(new RedisProbe(), $"redis://:s3cret@{Loopback}:{port}");
        Assert.Equal(("redis", "primary"), (Info(figures)["kind"], Info(figures)["role"]));
        Assert.True(One(figures, "connections") >= 1);
        Assert.True(One(figures, "memory_bytes") > 100_000);
        await RefusedAsync(new RedisProbe(), $"redis://:wr0ng@{Loopback}:{port}", "probe.not-allowed");
        await RefusedAsync(new RedisProbe(), $"redis://{Loopback}:{port}", "probe.not-allowed");
        await RefusedAsync(new RedisProbe(), $"redis://{Loopback}:{RealPeer.FreePort()}", "probe.unreachable");
    }

    [Fact]
    public async Task Mariadb_says_how_it_is_to_who_knows_the_password()
    {
        var (program, install) = (
            RealPeer.Find("mariadbd", "mariadb-server"),
            RealPeer.Find("mariadb-install-db", "mariadb-server")
        );
        var (folder, port) = (RealPeer.NewFolder(), RealPeer.FreePort());
        await RealPeer.RunAsync(
            install,
            [
                $"--datadir={folder}/data",
                "--auth-root-authentication-method=normal",
                $"--user={Environment.UserName}",
                "--skip-test-db",
            ]
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "init.sql"),
            "CREATE DATABASE shop;\nCREATE TABLE shop.orders (id INT);\nCREATE USER probe@'%' IDENTIFIED BY 's3cret';\nGRANT SELECT ON shop.* TO probe@'%';\n",
            Stop
        );
        await using var peer = await RealPeer.StartAsync(
            (
                program,
                [
                    "--no-defaults",
                    $"--user={Environment.UserName}",
                    $"--datadir={folder}/data",
                    $"--port={port}",
                    $"--bind-address={Loopback}",
                    $"--socket={folder}/socket",
                    $"--pid-file={folder}/pid",
                    $"--init-file={folder}/init.sql",
                    "--skip-name-resolve",
                ]
            ),
            folder,
            () => RealPeer.ListensAsync(port)
        );
        var figures = await AwaitAsync(Mysql, $"mariadb://probe:s3cret@{Loopback}:{port}");
        Assert.Equal("mariadb", Info(figures)["kind"]);
        Assert.True(One(figures, "connections") >= 1);
        Assert.Equal(151, One(figures, "connections_max"));
        Assert.Contains(
            All(figures, "database_size_bytes"),
            one => one.Labels["database"] == "shop" && one.Value > 1_000
        );
        await RefusedAsync(Mysql, $"mariadb://probe:wr0ng@{Loopback}:{port}", "probe.not-allowed");
    }

    [Fact]
    public async Task Rabbitmq_says_how_it_is_to_who_knows_the_password()
    {
        var (program, names) = (
            RealPeer.Find("rabbitmq-server", "rabbitmq-server"),
            RealPeer.Find("epmd", "rabbitmq-server")
        );
        // Debian's own program changes the user and the log's folder; the one behind it does as it is told.
        program = File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server")
            ? "/usr/lib/rabbitmq/bin/rabbitmq-server"
            : program;
        var (folder, port, namesPort) = (RealPeer.NewFolder(), RealPeer.FreePort(), RealPeer.FreePort());
        var env = new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["ERL_EPMD_PORT"] = Text(namesPort),
            ["ERL_EPMD_ADDRESS"] = Loopback,
            ["RABBITMQ_NODENAME"] = "probe@localhost",
            ["RABBITMQ_NODE_PORT"] = Text(port),
            ["RABBITMQ_NODE_IP_ADDRESS"] = Loopback,
            ["RABBITMQ_DIST_PORT"] = Text(RealPeer.FreePort()),
            ["RABBITMQ_MNESIA_BASE"] = $"{folder}/mnesia",
            ["RABBITMQ_LOG_BASE"] = $"{folder}/log",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{folder}/plugins",
            ["RABBITMQ_CONFIG_FILE"] = $"{folder}/none",
            ["RABBITMQ_PID_FILE"] = $"{folder}/pid",
        };
        await using var mapper = await RealPeer.StartAsync(
            (names, ["-port", Text(namesPort), "-address", Loopback]),
            RealPeer.NewFolder(),
            () => RealPeer.ListensAsync(namesPort)
        );
        await using var peer = await RealPeer.StartAsync((program, []), folder, () => RealPeer.ListensAsync(port), env);
        var probe = AllProbes.Entries.Single(one => one.Schemes.Contains("amqp"));
        var figures = await AwaitAsync(probe, $"amqp://guest:guest@{Loopback}:{port}/");
        Assert.Equal("rabbitmq", Info(figures)["kind"]);
        Assert.StartsWith("3.", Info(figures)["version"], StringComparison.Ordinal);
        await RefusedAsync(probe, $"amqp://guest:wr0ng@{Loopback}:{port}/", "probe.not-allowed");
        await RefusedAsync(probe, $"amqp://guest:guest@{Loopback}:{port}/elsewhere", "probe.not-allowed");
        await RefusedAsync(probe, $"amqp://guest:guest@{Loopback}:{port}/?queues=none", "probe.not-understood");
    }

    [Fact]
    public async Task Mongodb_says_how_it_is_to_who_knows_the_password()
    {
        using var mongo = new ScriptedMongo("s3cret");
        var figures = await AwaitAsync(new MongoProbe(), $"mongodb://probe:s3cret@{Loopback}:{mongo.Port}/");
        Assert.Equal(
            ("mongodb", "primary", "7.0.1"),
            (Info(figures)["kind"], Info(figures)["role"], Info(figures)["version"])
        );
        Assert.Equal((3, 1000), (One(figures, "connections"), One(figures, "connections_max")));
        Assert.Equal(0.75, One(figures, "cache_hit_ratio"));
        Assert.Equal(
            "b:27017 2.5",
            FormattableString.Invariant(
                $"{All(figures, "replication_lag_seconds").Single().Labels["replica"]} {One(figures, "replication_lag_seconds")}"
            )
        );
        Assert.Equal(4096, One(figures, "database_size_bytes"));
        await RefusedAsync(new MongoProbe(), $"mongodb://probe:wr0ng@{Loopback}:{mongo.Port}/", "probe.not-allowed");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Its figures, once it is ready to give them.</summary>
    private static async Task<MetricPage> AwaitAsync(IServiceProbe probe, string url)
    {
        MetricPage? page = null;
        Problem? problem = null;
        await RealPeer.UntilAsync(
            async () =>
            {
                try
                {
                    page = await probe.ProbeAsync(new Uri(url), Stop);
                    return true;
                }
                catch (ProblemException caught)
                {
                    problem = caught.Problem;
                    return false;
                }
            },
            () => $"{problem}"
        );
        return page!;
    }

    private static async Task RefusedAsync(IServiceProbe probe, string url, string code)
    {
        var problem = (await Assert.ThrowsAsync<ProblemException>(() => probe.ProbeAsync(new Uri(url), Stop))).Problem;
        Assert.True(problem.Code == code, problem.ToString());
        Assert.DoesNotContain("wr0ng", problem.ToString(), StringComparison.Ordinal);
    }

    private static Labels Info(MetricPage page) =>
        page.Samples.Single(one => one.Labels.Name == "fairlead_service_info").Labels;

    private static double One(MetricPage page, string name) => All(page, name).Single().Value;

    private static IEnumerable<ExposedSample> All(MetricPage page, string name) =>
        page.Samples.Where(one => one.Labels.Name == $"fairlead_service_{name}");

    /// <summary>Answers OP_MSG as the protocol's page describes it, with SCRAM-SHA-256 computed from RFC 5802's formulas for its side.</summary>
    private sealed class ScriptedMongo : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly string password;

        public ScriptedMongo(string password)
        {
            this.password = password;
            listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public void Dispose() => listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    await AnswerAsync(client.GetStream());
                }
            }
            catch (Exception caught) when (caught is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task AnswerAsync(NetworkStream stream)
        {
            var (first, challenge) = ("", "");
            var head = new byte[16];
            while (await stream.ReadAtLeastAsync(head, 16, throwOnEndOfStream: false) == 16)
            {
                var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(head) - 16];
                await stream.ReadExactlyAsync(body);
                var asked = Bson.Read(body.AsSpan(5));
                IReadOnlyList<(string, object)> answer;
                switch (asked.Keys.First())
                {
                    case "saslStart":
                        first = Encoding.UTF8.GetString((byte[])asked["payload"])[3..];
                        challenge =
                            $"r={first.Split("r=")[1]}theirs,s={Convert.ToBase64String("salt of sixteen!"u8)},i=4096";
                        answer = [("conversationId", 7), ("payload", Encoding.UTF8.GetBytes(challenge)), ("ok", 1.0)];
                        break;
                    case "saslContinue":
                        answer = Finish(first, challenge, Encoding.UTF8.GetString((byte[])asked["payload"]));
                        break;
                    case var command:
                        answer = Known(command);
                        break;
                }
                var document = Bson.Write(answer);
                var message = new byte[21 + document.Length];
                BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
                BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), 2013);
                document.CopyTo(message, 21);
                await stream.WriteAsync(message);
            }
        }

        private IReadOnlyList<(string, object)> Finish(string first, string challenge, string final)
        {
            var salted = Rfc2898DeriveBytes.Pbkdf2(
                Encoding.UTF8.GetBytes(password),
                "salt of sixteen!"u8,
                4096,
                HashAlgorithmName.SHA256,
                32
            );
            var signed = Encoding.UTF8.GetBytes($"{first},{challenge},{final.Split(",p=")[0]}");
            var key = HMACSHA256.HashData(salted, "Client Key"u8);
            var signature = HMACSHA256.HashData(SHA256.HashData(key), signed);
            var proof = Convert.ToBase64String([.. key.Zip(signature, (one, other) => (byte)(one ^ other))]);
            var own = Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), signed));
            return final.Split(",p=")[1] == proof
                ? [("conversationId", 7), ("done", true), ("payload", Encoding.UTF8.GetBytes($"v={own}")), ("ok", 1.0)]
                : [("ok", 0.0), ("errmsg", "Authentication failed."), ("code", 18)];
        }

        private static IReadOnlyList<(string, object)> Known(string command) =>
            command switch
            {
                "hello" => [("isWritablePrimary", true), ("setName", "rs0"), ("ok", 1.0)],
                "buildInfo" => [("version", "7.0.1"), ("ok", 1.0)],
                "serverStatus" =>
                [
                    ("uptime", 12.0),
                    ("connections", Of(("current", 3), ("available", 997))),
                    (
                        "wiredTiger",
                        Of(
                            (
                                "cache",
                                Of(
                                    ("bytes currently in the cache", 5),
                                    ("pages read into cache", 1),
                                    ("pages requested from the cache", 4L)
                                )
                            )
                        )
                    ),
                ],
                "replSetGetStatus" =>
                [
                    (
                        "members",
                        (IReadOnlyList<object>)
                            [
                                Of(("name", "a:27017"), ("stateStr", "PRIMARY"), ("optimeDate", 10_000L)),
                                Of(("name", "b:27017"), ("stateStr", "SECONDARY"), ("optimeDate", 7_500L)),
                            ]
                    ),
                ],
                "listDatabases" => [("databases", (IReadOnlyList<object>)[Of(("name", "shop"), ("sizeOnDisk", 4096))])],
                _ => [("ok", 0.0), ("errmsg", "no such command")],
            };

        private static IReadOnlyList<(string, object)> Of(params (string, object)[] fields) => fields;
    }
}
