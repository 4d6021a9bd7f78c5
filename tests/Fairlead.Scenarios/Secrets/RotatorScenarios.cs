using System.Globalization;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Secrets;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Scenarios.Certificates;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Dns;
using Npgsql;

namespace Fairlead.Scenarios.Secrets;

/// <summary>Rotators, master keys and sources against the real thing, or moto, which plays AWS.</summary>
public sealed class RotatorScenarios
{
    private const string Loopback = "127.0.0.1";
    private static readonly World Real = new(TimeProvider.System, new Random(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_address_turns_between_two_users_that_are_both_good_until_one_is_ended()
    {
        var (program, initdb) = (RealPeer.Find("postgres", "postgresql"), RealPeer.Find("initdb", "postgresql"));
        var (folder, port) = (RealPeer.NewFolder(), RealPeer.FreePort());
        string[] user = [];
        if (Environment.UserName == "root")
        {
            user = [RealPeer.Find("setpriv", "util-linux"), "--reuid=postgres", "--regid=postgres", "--clear-groups"];
            await RealPeer.RunAsync("chown", ["-R", "postgres:postgres", folder]);
        }
        var password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, "boss-pass-123", Stop);
        string[] make =
        [
            .. user,
            initdb,
            "-D",
            $"{folder}/db",
            "-U",
            "boss",
            "-A",
            "scram-sha-256",
            "--pwfile",
            password,
        ];
        await RealPeer.RunAsync(make[0], make[1..]);
        string[] run =
        [
            .. user,
            program,
            "-D",
            $"{folder}/db",
            "-p",
            Number(port),
            "-k",
            folder,
            "-c",
            $"listen_addresses={Loopback}",
        ];
        var admin = $"postgres://boss:boss-pass-123@{Loopback}:{port}/postgres";
        await using var peer = await RealPeer.StartAsync((run[0], run[1..]), folder, () => OpensAsync(admin));
        await RunAsync(admin, "CREATE ROLE shop LOGIN PASSWORD 'first-pass'");
        await RunAsync(admin, "CREATE DATABASE shop OWNER shop");

        var rotator = new PostgresRotator();
        var first = new Secret($"postgres://shop:first-pass@{Loopback}:{port}/shop");
        SecretTurn Turn(Secret newest) => new(new Dictionary<string, string>(), newest) { Admin = new(admin) };
        var second = await rotator.NextAsync(Turn(first), Stop);
        Assert.True(await OpensAsync(first.Reveal()) && await OpensAsync(second.Reveal()));
        await RunAsync(second.Reveal(), "CREATE TABLE made_by_second (id int)");
        await RunAsync(first.Reveal(), "INSERT INTO made_by_second VALUES (1)");
        await rotator.RetireAsync(Turn(second), first, Stop);
        await rotator.RetireAsync(Turn(second), first, Stop);
        Assert.False(await OpensAsync(first.Reveal()));
        var third = await rotator.NextAsync(Turn(second), Stop);
        await rotator.RetireAsync(Turn(third), second, Stop);
        Assert.False(await OpensAsync(second.Reveal()));
        Assert.True(await OpensAsync(third.Reveal()));
        await RunAsync(third.Reveal(), "DROP TABLE made_by_second");
    }

    [Fact]
    public async Task Keys_of_AWS_are_rotated_values_are_read_there_and_its_master_key_wraps()
    {
        var program = PebbleUnderTest.Program("moto_server");
        Assert.SkipWhen(program is null, "moto_server is not installed (Python package moto[server])");
        var port = RealPeer.FreePort();
        await using var moto = await Peer.StartAsync(program!, ["-H", Loopback, "-p", Number(port)], port, Stop);
        using var http = new HttpClient();
        var aws = new AwsJson(
            http,
            () => new("AKIDEXAMPLE", "not-checked"),
            "us-east-1",
            new Uri($"http://{Loopback}:{port}"),
            Real
        );

        await aws.AskIamAsync("CreateUser", new Dictionary<string, string> { ["UserName"] = "deployer" }, Stop);
        var rotator = new AwsKeyRotator(aws);
        SecretTurn Turn(Secret? newest) => new(new Dictionary<string, string> { ["user"] = "deployer" }, newest);
        var first = await rotator.NextAsync(Turn(null), Stop);
        var lost = await rotator.NextAsync(Turn(first), Stop);
        var second = await rotator.NextAsync(Turn(first), Stop);
        await rotator.RetireAsync(Turn(second), lost, Stop);
        await rotator.RetireAsync(Turn(second), first, Stop);
        await rotator.RetireAsync(Turn(second), first, Stop);
        var left = await aws.AskIamAsync(
            "ListAccessKeys",
            new Dictionary<string, string> { ["UserName"] = "deployer" },
            Stop
        );
        Assert.Equal(
            [AwsKeyRotator.IdOf(second)],
            left.Descendants().Where(one => one.Name.LocalName == "AccessKeyId").Select(one => one.Value)
        );

        var read = await ReadElsewhereAsync(aws);

        var made = await aws.AskAsync("TrentService", "CreateKey", [], Stop);
        var kms = new AwsKmsKeys(_ => aws, Real);
        var key = await kms.MakeAsync(
            new Dictionary<string, string> { ["key"] = made["KeyMetadata"]!["KeyId"]!.GetValue<string>() },
            Stop
        );
        var seals = new Envelope([kms]);
        var version = new SecretVersion(new("shop", "production"), "DB", 1);
        var box = await seals.SealAsync(new(version, read), key, Stop);
        Assert.Equal("from-aws-12345", (await seals.OpenAsync(box, version, key, Stop)).Reveal());
        var other = await Assert.ThrowsAsync<ProblemException>(() =>
            seals.OpenAsync(box, version with { Number = 2 }, key, Stop)
        );
        Assert.Contains(other.Problem.Code, new[] { "secret.damaged", "aws.refused" });
    }

    private static async Task<Secret> ReadElsewhereAsync(AwsJson aws)
    {
        await aws.AskAsync(
            "secretsmanager",
            "CreateSecret",
            new() { ["Name"] = "shop/db", ["SecretString"] = "{\"password\":\"from-aws-12345\"}" },
            Stop
        );
        var read = await new AwsSecretsSource(() => aws).ReadAsync(new("aws", "shop/db", "password"), Stop);
        Assert.Equal("from-aws-12345", read.Reveal());

        await aws.AskAsync(
            "AmazonSSM",
            "PutParameter",
            new()
            {
                ["Name"] = "/shop/db",
                ["Type"] = "SecureString",
                ["Value"] = "from-ssm-12345",
            },
            Stop
        );
        var parameter = await new AwsParametersSource(() => aws).ReadAsync(new("aws-ssm", "/shop/db", null), Stop);
        Assert.Equal("from-ssm-12345", parameter.Reveal());
        return read;
    }

    private static async Task<bool> OpensAsync(string address)
    {
        try
        {
            await using var connection = await OpenAsync(address);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string address, string statement)
    {
        await using var connection = await OpenAsync(address);
#pragma warning disable CA2100 // The test's own words.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string address)
    {
        var uri = new Uri(address);
        var words = uri.UserInfo.Split(':');
        var connection = new NpgsqlConnection(
            $"Host={uri.Host};Port={uri.Port};Username={words[0]};Password={words[1]};Database={uri.AbsolutePath.Trim('/')};Pooling=false"
        );
        await connection.OpenAsync(Stop);
        return connection;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
