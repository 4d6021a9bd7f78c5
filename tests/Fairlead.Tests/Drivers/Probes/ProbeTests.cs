using CsCheck;
using Fairlead.Drivers.Probes;
using Fairlead.Drivers.Probes.Amqp;
using Fairlead.Drivers.Probes.Mongo;
using Fairlead.Drivers.Probes.Mysql;

namespace Fairlead.Tests.Drivers.Probes;

public sealed class ProbeTests
{
    [Fact]
    public void Each_scheme_has_one_probe() =>
        Assert.Equal(
            ["amqp", "amqps", "mariadb", "mongodb", "mysql", "postgres", "postgresql", "redis", "rediss"],
            AllProbes.Entries.SelectMany(one => one.Schemes).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Scram_signs_in_as_RFC_7677_shows_it()
    {
        var scram = new Scram("user", "pencil", "rOprNGfwEbeRWgbNEkqO");
        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", scram.First);
        Assert.Equal(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            scram.Final("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
        );
        Assert.True(scram.IsProven("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        Assert.False(scram.IsProven("v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    [Fact]
    public void A_server_that_answers_another_login_is_not_believed()
    {
        var scram = new Scram("user", "pencil", "mine");
        Assert.Throws<NotUnderstoodException>(() => scram.Final("r=theirs,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
        Assert.Throws<NotUnderstoodException>(() => scram.Final("r=mineX,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999"));
        Assert.Throws<NotUnderstoodException>(() => scram.Final("r=mineX,s=***,i=4096"));
        Assert.False(scram.IsProven("v="));
    }

    [Fact]
    public void A_document_of_bson_is_read_as_it_was_written()
    {
        var bytes = Bson.Write([
            ("text", "é"),
            ("number", 7),
            ("long", 1L << 40),
            ("real", 1.5),
            ("yes", true),
            ("raw", new byte[] { 1, 2 }),
            ("list", (IReadOnlyList<object>)["a", 2]),
        ]);
        var read = Bson.Read(bytes);
        Assert.Equal(["text", "number", "long", "real", "yes", "raw", "list"], read.Keys);
        Assert.Equal("é", read["text"]);
        Assert.Equal(7d, read["number"]);
        Assert.Equal(1.5, read["real"]);
        Assert.Equal(true, read["yes"]);
        Assert.Equal([1, 2], (byte[])read["raw"]);
        Assert.Equal("a", ((Dictionary<string, object>)read["list"])["0"]);
    }

    [Fact]
    public void Whatever_a_service_answers_is_read_or_not_understood() =>
        Gen
            .Byte.Array[0, 80]
            .Sample(
                bytes =>
                {
                    Answers(() => Bson.Read(bytes));
                    // With its own length right, so that what is inside is read too.
                    byte[] framed = [.. BitConverter.GetBytes(bytes.Length + 5), .. bytes, 0];
                    Answers(() => Bson.Read(framed));
                    Answers(() => new AmqpReader([.. BitConverter.GetBytes(bytes.Length).Reverse(), .. bytes]).Texts());
                    Answers(() =>
                    {
                        var packet = new MysqlPacket(bytes);
                        packet.ZeroEnded();
                        packet.Text();
                        return packet.Number();
                    });
                },
                iter: 20_000
            );

    // Computed by python's hashlib from the formulas of the protocol's documentation, with a salt of twenty sevens.
    [Theory]
    [InlineData("mysql_native_password", "F6CFE46F96342966044D0BF3923C4B6942FE32FB")]
    [InlineData("caching_sha2_password", "6CB2A04B9529AAA0DC21FB26A09A113D20A352BDEEA5130FF508A143E66E002B")]
    public void Mysqls_logins_are_what_its_documentation_says(string plugin, string proof)
    {
        Assert.Equal(
            proof,
            Convert.ToHexString(MysqlSession.Proof(plugin, "secret", [.. Enumerable.Repeat((byte)7, 20)]))
        );
        Assert.Empty(MysqlSession.Proof(plugin, "", []));
    }

    [Fact]
    public void What_redis_says_of_itself_becomes_figures()
    {
        var page = RedisProbe.PageOf(
            "# Server\r\nredis_version:7.0.15\r\nuptime_in_seconds:12\r\n# Clients\r\nconnected_clients:3\r\nmaxclients:10000\r\n"
                + "used_memory:1000\r\nkeyspace_hits:9\r\nkeyspace_misses:1\r\nevicted_keys:2\r\nrole:slave\r\nmaster_link_status:up\r\n"
                + "master_last_io_seconds_ago:4\r\n# Keyspace\r\ndb0:keys=2,expires=0,avg_ttl=0\r\nbroken\r\n"
        );
        Assert.Equal(
            [
                "fairlead_service_info{kind=\"redis\", role=\"replica\", version=\"7.0.15\"} 1",
                "fairlead_service_connections 3",
                "fairlead_service_connections_max 10000",
                "fairlead_service_cache_hits_total 9",
                "fairlead_service_cache_misses_total 1",
                "fairlead_service_cache_hit_ratio 0.9",
                "fairlead_service_memory_bytes 1000",
                "fairlead_service_uptime_seconds 12",
                "fairlead_service_evicted_total 2",
                "fairlead_service_replication_up 1",
                "fairlead_service_replication_lag_seconds{replica=\"self\"} 4",
                "fairlead_service_database_entries{database=\"db0\"} 2",
            ],
            page.Samples.Select(one => FormattableString.Invariant($"{one.Labels} {one.Value}"))
        );
    }

    private static void Answers<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (NotUnderstoodException) { }
    }
}
