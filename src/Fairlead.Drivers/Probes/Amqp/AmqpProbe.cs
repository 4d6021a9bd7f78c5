using System.Buffers.Binary;
using System.Text;
using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Probes.Amqp;

/// <summary>
/// Asks RabbitMQ and others by AMQP 0-9-1: signs in, opens the virtual host and, where the address names queues
/// (<c>amqp://user:${PASSWORD}@host/vhost?queues=orders,mails</c>), asks how many messages wait there.
/// </summary>
public sealed class AmqpProbe : IServiceProbe
{
    private const int UsualPort = 5672;
    private const int UsualTlsPort = 5671;
    private const int QueuesMax = 100;
    private const byte MethodFrame = 1;
    private const byte FrameEnd = 0xce;

    // Without it RabbitMQ ends the connection of a wrong login without a word (rabbitmq.com/docs/auth-notification).
    private static readonly byte[] ClientProperties = new AmqpWriter()
        .ShortText("capabilities")
        .Octet((byte)'F')
        .LongText(new AmqpWriter().ShortText("authentication_failure_close").Octet((byte)'t').Octet(1).Written)
        .Written;

    private static readonly (int, int) Close = (10, 50);
    private static readonly (int, int) ChannelClose = (20, 40);

    /// <summary>The second is by TLS.</summary>
    public IReadOnlyList<string> Schemes { get; } = ["amqp", "amqps"];

    public Task<MetricPage> ProbeAsync(Uri address, CancellationToken stop) =>
        VisitAsync(address, connection => AskAsync(address, connection, stop), stop);

    /// <summary>How many messages wait in one queue.</summary>
    internal static Task<double> CountAsync(Uri address, string queue, CancellationToken stop) =>
        VisitAsync(
            address,
            async connection =>
            {
                await SignInAsync(address, connection, stop);
                await OpenChannelAsync(connection, stop);
                var (messages, _) = await CountAsync(connection, queue, stop);
                await CloseAsync(connection, stop);
                return (double)messages;
            },
            stop
        );

    private static Task<T> VisitAsync<T>(Uri address, Func<ServiceConnection, Task<T>> ask, CancellationToken stop) =>
        ServiceConnection.AskAsync(
            address,
            address.Scheme == "amqps" ? UsualTlsPort : UsualPort,
            async connection =>
            {
                if (address.Scheme == "amqps")
                {
                    await connection.UseTlsAsync(address.Host, stop);
                }
                return await ask(connection);
            },
            stop
        );

    private static async Task<MetricPage> AskAsync(Uri address, ServiceConnection connection, CancellationToken stop)
    {
        var page = new MetricPage();
        var about = await SignInAsync(address, connection, stop);
        page.About(
            about.GetValueOrDefault("product", "amqp").ToLowerInvariant(),
            about.GetValueOrDefault("version", ""),
            role: ""
        );
        var queues = System.Web.HttpUtility.ParseQueryString(address.Query)["queues"] ?? "";
        if (queues.Length > 0)
        {
            await OpenChannelAsync(connection, stop);
        }
        foreach (var queue in queues.Split(',', StringSplitOptions.RemoveEmptyEntries).Take(QueuesMax))
        {
            var (messages, consumers) = await CountAsync(connection, queue, stop);
            page.Queue(queue, messages, consumers);
        }
        await CloseAsync(connection, stop);
        return page;
    }

    private static async Task OpenChannelAsync(ServiceConnection connection, CancellationToken stop)
    {
        await SendAsync(connection, 1, (20, 10), new AmqpWriter().ShortText(""), stop);
        await ExpectAsync(connection, (20, 11), stop);
    }

    private static Task CloseAsync(ServiceConnection connection, CancellationToken stop) =>
        SendAsync(connection, 0, Close, new AmqpWriter().Short(200).ShortText("").Short(0).Short(0), stop);

    private static async Task<Dictionary<string, string>> SignInAsync(
        Uri address,
        ServiceConnection connection,
        CancellationToken stop
    )
    {
        await connection.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), stop);
        var about = ServerOf(await ExpectAsync(connection, (10, 10), stop));
        var (user, password) = TargetAddress.LoginOf(address);
        if (user.Length == 0)
        {
            (user, password) = ("guest", "guest"); // As the protocol's clients do.
        }
        var login = Encoding.UTF8.GetBytes($"\0{user}\0{password}");
        await SendAsync(
            connection,
            0,
            (10, 11),
            new AmqpWriter().LongText(ClientProperties).ShortText("PLAIN").LongText(login).ShortText("en_US"),
            stop
        );
        var tune = TuneOf(await ExpectAsync(connection, (10, 30), stop));
        await SendAsync(
            connection,
            0,
            (10, 31),
            new AmqpWriter().Short(tune.Channels).Long(tune.FrameBytes).Short(0),
            stop
        );
        var host = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        await SendAsync(
            connection,
            0,
            (10, 40),
            new AmqpWriter().ShortText(host.Length == 0 ? "/" : host).ShortText("").Octet(0),
            stop
        );
        await ExpectAsync(connection, (10, 41), stop);
        return about;
    }

    // Declared passively: a queue that is not there is not made, and its absence is told.
    private static async Task<(uint Messages, uint Consumers)> CountAsync(
        ServiceConnection connection,
        string queue,
        CancellationToken stop
    )
    {
        await SendAsync(connection, 1, (50, 10), new AmqpWriter().Short(0).ShortText(queue).Octet(1).Long(0), stop);
        return CountsOf(await ExpectAsync(connection, (50, 11), stop));
    }

    private static Dictionary<string, string> ServerOf(byte[] arguments)
    {
        var reader = new AmqpReader(arguments);
        reader.Short(); // Its version, one octet for each part.
        return reader.Texts();
    }

    private static (int Channels, uint FrameBytes) TuneOf(byte[] arguments)
    {
        var reader = new AmqpReader(arguments);
        return (reader.Short(), reader.Long());
    }

    private static (uint Messages, uint Consumers) CountsOf(byte[] arguments)
    {
        var reader = new AmqpReader(arguments);
        reader.ShortText();
        return (reader.Long(), reader.Long());
    }

    private static Task SendAsync(
        ServiceConnection connection,
        int channel,
        (int Class, int Method) name,
        AmqpWriter arguments,
        CancellationToken stop
    )
    {
        byte[] payload = [.. new AmqpWriter().Short(name.Class).Short(name.Method).Written, .. arguments.Written];
        byte[] head = [.. new AmqpWriter().Octet(MethodFrame).Short(channel).Long((uint)payload.Length).Written];
        return connection.WriteAsync((byte[])[.. head, .. payload, FrameEnd], stop);
    }

    /// <returns>The method's arguments.</returns>
    private static async Task<byte[]> ExpectAsync(
        ServiceConnection connection,
        (int, int) expected,
        CancellationToken stop
    )
    {
        while (true)
        {
            var head = await connection.ReadAsync(7, stop);
            if (head[0] is (byte)'A')
            {
                throw new NotUnderstoodException("It speaks another version of AMQP.");
            }
            var payload = await connection.ReadAsync(BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(3)), stop);
            if ((await connection.ReadAsync(1, stop))[0] is not FrameEnd || payload.Length < 4)
            {
                throw new NotUnderstoodException("A frame does not end where it says.");
            }
            if (head[0] is not MethodFrame)
            {
                continue; // A heartbeat.
            }
            var name = (
                BinaryPrimitives.ReadUInt16BigEndian(payload),
                BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(2))
            );
            if (name == expected)
            {
                return payload[4..];
            }
            throw name == Close || name == ChannelClose
                ? Closed(payload[4..])
                : new NotUnderstoodException($"It answers with the method {name.Item1}.{name.Item2}.");
        }
    }

    // 403 ACCESS_REFUSED, 530 NOT_ALLOWED: the virtual host is not for this login.
    private static Exception Closed(byte[] arguments)
    {
        var reader = new AmqpReader(arguments);
        var (code, why) = (reader.Short(), reader.ShortText());
        return code is 403 or 530 ? new LoginRefusedException(why) : new NotUnderstoodException(why);
    }
}
