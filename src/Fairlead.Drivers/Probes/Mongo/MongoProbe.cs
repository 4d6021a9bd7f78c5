using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Probes.Mongo;

/// <summary>
/// Asks MongoDB by OP_MSG (mongodb.com/docs/manual/reference/mongodb-wire-protocol) and SCRAM-SHA-256. <c>?tls=true</c> demands TLS,
/// <c>?authSource=NAME</c> says where the login is known.
/// </summary>
public sealed class MongoProbe : IServiceProbe
{
    private const int UsualPort = 27017;
    private const int OpMessage = 2013;
    private const int DatabasesMax = 1_000;

    public IReadOnlyList<string> Schemes { get; } = ["mongodb"];

    public Task<MetricPage> ProbeAsync(Uri address, CancellationToken stop) =>
        ServiceConnection.AskAsync(address, UsualPort, connection => AskAsync(address, connection, stop), stop);

    private static async Task<MetricPage> AskAsync(Uri address, ServiceConnection connection, CancellationToken stop)
    {
        var options = System.Web.HttpUtility.ParseQueryString(address.Query);
        if (options["tls"] is "true" || options["ssl"] is "true")
        {
            await connection.UseTlsAsync(address.Host, stop);
        }
        var (user, password) = TargetAddress.LoginOf(address);
        var hello = await CallAsync(connection, [("hello", 1)], stop);
        if (user.Length > 0)
        {
            await SignInAsync(connection, (user, password), options["authSource"] ?? "admin", stop);
        }
        var page = new MetricPage();
        var built = await CallAsync(connection, [("buildInfo", 1)], stop);
        page.About(
            "mongodb",
            built.GetValueOrDefault("version") as string ?? "",
            hello.GetValueOrDefault("isWritablePrimary") is true ? "primary"
                : hello.GetValueOrDefault("secondary") is true ? "replica"
                : ""
        );
        Status(page, await CallAsync(connection, [("serverStatus", 1)], stop));
        if (hello.ContainsKey("setName"))
        {
            Replication(page, await CallAsync(connection, [("replSetGetStatus", 1)], stop));
        }
        Sizes(page, await CallAsync(connection, [("listDatabases", 1)], stop));
        return page;
    }

    private static void Status(MetricPage page, Dictionary<string, object> status)
    {
        if (Part(status, "connections") is { } connections)
        {
            var open = Number(connections, "current") ?? 0;
            page.Connections(open, open + Number(connections, "available"));
        }
        if (Part(status, "wiredTiger") is { } engine && Part(engine, "cache") is { } cache)
        {
            var (asked, missed) = (
                Number(cache, "pages requested from the cache") ?? 0,
                Number(cache, "pages read into cache") ?? 0
            );
            page.Cache(Math.Max(0, asked - missed), missed);
            page.Memory(Number(cache, "bytes currently in the cache") ?? 0);
        }
        if (Number(status, "uptime") is { } uptime)
        {
            page.Uptime(uptime);
        }
    }

    private static void Replication(MetricPage page, Dictionary<string, object> status)
    {
        var members = (Part(status, "members") ?? []).Values.OfType<Dictionary<string, object>>().ToList();
        var primary = members.Find(one => one.GetValueOrDefault("stateStr") is "PRIMARY");
        foreach (var member in members.Where(one => one.GetValueOrDefault("stateStr") is "SECONDARY"))
        {
            if (
                primary is not null
                && Number(primary, "optimeDate") is { } now
                && Number(member, "optimeDate") is { } then
            )
            {
                page.Lag(member.GetValueOrDefault("name") as string ?? "", Math.Max(0, now - then) / 1000);
            }
        }
    }

    private static void Sizes(MetricPage page, Dictionary<string, object> answer)
    {
        foreach (
            var database in (Part(answer, "databases") ?? [])
                .Values.OfType<Dictionary<string, object>>()
                .Take(DatabasesMax)
        )
        {
            if (database.GetValueOrDefault("name") is string name && Number(database, "sizeOnDisk") is { } bytes)
            {
                page.Size(name, bytes);
            }
        }
    }

    private static async Task SignInAsync(
        ServiceConnection connection,
        (string User, string Password) login,
        string database,
        CancellationToken stop
    )
    {
        var scram = new Scram(login.User, login.Password, Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)));
        var first = await CallAsync(
            connection,
            [
                ("saslStart", 1),
                ("mechanism", "SCRAM-SHA-256"),
                ("payload", Encoding.UTF8.GetBytes(scram.First)),
                ("options", (IReadOnlyList<(string, object)>)[("skipEmptyExchange", true)]),
                ("$db", database),
            ],
            stop
        );
        var last = await CallAsync(
            connection,
            [
                ("saslContinue", 1),
                ("conversationId", (int)(Number(first, "conversationId") ?? 1)),
                ("payload", Encoding.UTF8.GetBytes(scram.Final(PayloadOf(first)))),
                ("$db", database),
            ],
            stop
        );
        if (!scram.IsProven(PayloadOf(last)))
        {
            throw new LoginRefusedException("It cannot prove that it knows the password.");
        }
    }

    private static string PayloadOf(Dictionary<string, object> answer) =>
        answer.GetValueOrDefault("payload") is byte[] payload
            ? Encoding.UTF8.GetString(payload)
            : throw new LoginRefusedException(answer.GetValueOrDefault("errmsg") as string ?? "It refuses the login.");

    private static Dictionary<string, object>? Part(Dictionary<string, object> document, string name) =>
        document.GetValueOrDefault(name) as Dictionary<string, object>;

    private static double? Number(Dictionary<string, object> document, string name) =>
        document.GetValueOrDefault(name) as double?;

    /// <returns>The answer, also one that says that the login may not ask this.</returns>
    private static async Task<Dictionary<string, object>> CallAsync(
        ServiceConnection connection,
        IReadOnlyList<(string, object)> command,
        CancellationToken stop
    )
    {
        var body = Bson.Write(command.Any(one => one.Item1 == "$db") ? command : [.. command, ("$db", "admin")]);
        var message = new byte[21 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), OpMessage);
        body.CopyTo(message, 21); // Behind the flags and the section's kind, which are 0.
        await connection.WriteAsync(message, stop);

        var head = await connection.ReadAsync(16, stop);
        var answer = await connection.ReadAsync(BinaryPrimitives.ReadInt32LittleEndian(head) - 16L, stop);
        if (
            BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)) is not OpMessage
            || answer.Length < 10
            || answer[4] != 0
        )
        {
            throw new NotUnderstoodException("It does not answer with a message as MongoDB does.");
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(5));
        return length >= 5 && length <= answer.Length - 5
            ? Bson.Read(answer.AsSpan(5, length))
            : throw new NotUnderstoodException("A document has another length than it says.");
    }
}
