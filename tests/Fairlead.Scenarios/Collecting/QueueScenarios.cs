using System.Globalization;
using Fairlead.Drivers.Queues;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Scenarios.Collecting;

/// <summary>Real queues say how much waits in them.</summary>
public sealed class QueueScenarios
{
    private const string Loopback = "127.0.0.1";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_and_a_stream_of_redis_say_what_is_not_finished()
    {
        var (program, client) = (
            RealPeer.Find("redis-server", "redis-server"),
            RealPeer.Find("redis-cli", "redis-tools")
        );
        var (folder, port) = (RealPeer.NewFolder(), RealPeer.FreePort());
        await using var peer = await RealPeer.StartAsync(
            (
                program,
                ["--port", Text(port), "--bind", Loopback, "--requirepass", "s3cret", "--dir", folder, "--save", ""]
            ),
            folder,
            () => RealPeer.ListensAsync(port)
        );
        Task Say(params string[] words) =>
            RealPeer.RunAsync(client, ["-p", Text(port), "-a", "s3cret", "--no-auth-warning", "-n", "3", .. words]);
        var address = $"redis://:s3cret@{Loopback}:{port}/3";
        var list = new QueueRule("REDIS_URL", QueueKind.List, "jobs", 20);
        var stream = new QueueRule("REDIS_URL", QueueKind.Stream, "mails", 20) { Group = "senders" };

        await RealPeer.UntilAsync(async () => await CountAsync(address, list) == "0", () => "it does not answer");
        await Say("RPUSH", "jobs", "a", "b", "c");
        Assert.Equal("3", await CountAsync(address, list));
        Assert.Equal("0", await CountAsync($"redis://:s3cret@{Loopback}:{port}/2", list));

        await Say("XGROUP", "CREATE", "mails", "senders", "0", "MKSTREAM");
        await Say("XADD", "mails", "*", "to", "ann");
        await Say("XADD", "mails", "*", "to", "bob");
        await Say("XADD", "mails", "*", "to", "eve");
        await Say("XREADGROUP", "GROUP", "senders", "first", "COUNT", "1", "STREAMS", "mails", ">");
        Assert.Equal("3", await CountAsync(address, stream)); // One was given out and is not finished.

        Assert.Equal("probe.not-understood", await CountAsync(address, stream with { Group = "others" }));
        Assert.Equal("probe.not-understood", await CountAsync(address, list with { Name = "mails" }));
        Assert.Equal("probe.not-allowed", await CountAsync($"redis://:wr0ng@{Loopback}:{port}/3", list));
        Assert.Equal("scale.queue-address", await CountAsync($"http://{Loopback}:{port}/", list));
    }

    [Fact]
    public async Task A_table_of_postgresql_is_counted_and_never_changed()
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
            "shop",
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
        var address = $"postgres://shop:s3cret@{Loopback}:{port}/postgres";
        QueueRule Asks(string query) => new("DATABASE_URL", QueueKind.Query, query, 20);

        await RealPeer.UntilAsync(
            async () => await CountAsync(address, Asks("select 7")) == "7",
            () => "it does not answer"
        );
        Assert.Equal("2.5", await CountAsync(address, Asks("select sum(n) / 2.0 from (values (2), (3)) as jobs (n)")));
        Assert.Equal("probe.not-understood", await CountAsync(address, Asks("create table jobs (n int)")));
        Assert.Equal("probe.not-understood", await CountAsync(address, Asks("select 'many'")));
        Assert.Equal("probe.not-understood", await CountAsync(address, Asks("select null")));
        Assert.Equal("probe.not-understood", await CountAsync(address, Asks("select count(*) from nowhere")));
        Assert.Equal(
            "probe.not-allowed",
            await CountAsync($"postgres://shop:wr0ng@{Loopback}:{port}/postgres", Asks("select 7"))
        );
    }

    private static async Task<string> CountAsync(string address, QueueRule queue)
    {
        try
        {
            return (await new QueueLengths().CountAsync(address, queue, Stop)).ToString(CultureInfo.InvariantCulture);
        }
        catch (ProblemException caught)
        {
            Assert.DoesNotContain("s3cret", $"{caught.Problem}", StringComparison.Ordinal);
            return caught.Problem.Code;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
