using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Telemetry.Forwarding;
using Fairlead.Drivers.Telemetry.Logs;
using Fairlead.Drivers.Telemetry.Syslog;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Faces.Intake;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Scenarios.Certificates;
using Fairlead.Scenarios.Dns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using LogRecord = Fairlead.Model.Telemetry.LogRecord;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>Real shippers send to Fairlead's face and its listener, and what they sent is found in the store.</summary>
public sealed class LogScenarios : IAsyncLifetime
{
    private const string Key = "fl1c0ffee";

    private static readonly Source Api = Source.Of(
        new InstanceKey(new Site("shop", "production"), new Part("api", 42), 0)
    );
    private static readonly World Real = new(TimeProvider.System, new Random(1));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fairlead-logs-");
    private LogStore store = null!;
    private LogReception reception = null!;
    private WebApplication app = null!;
    private string address = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = LogStore.Open(folder.FullName, new LogStoreSettings(), Real, NullLogger.Instance);
        reception = new(store, Masker.Of([Key]), Real);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        IntakeFace.Map(
            app,
            [new LokiIntake(reception, Real), new ElasticBulkIntake(reception, Real)],
            key => key == Key ? Api : null
        );
        await app.StartAsync(Stop);
        address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await store.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("winston", "json", "Error payment failed for winston {\"order\":4711,\"level\":\"error\"}")]
    [InlineData("winston", "protobuf", "Error payment failed for winston {\"order\":4711,\"level\":\"error\"}")]
    [InlineData("pino", "json", "Warning payment is slow for pino")]
    [InlineData("elastic", "json", "Error payment failed for elastic")]
    public async Task A_library_of_Node_ships_a_line(string way, string format, string expected)
    {
        LogPeers.SkipUnlessThere();
        var output = await LogPeers.SendAsync(
            new Dictionary<string, string>
            {
                ["URL_TO"] = address,
                ["KEY"] = Key,
                ["WAY"] = way,
                ["FORMAT"] = format,
            },
            Stop
        );

        var record = await OneAsync(new LogFilter { Text = "payment" });
        Assert.Equal(expected, $"{record.Severity} {record.Body}");
        if (format != "protobuf")
        {
            // Its protobuf is of the time before structured metadata.
            Assert.Contains(new LogField("order", "4711"), record.Fields);
        }
        Assert.Equal(("shop", "api", "42"), (record.Stream["app"], record.Stream["service"], record.Stream["release"]));
        if (way == "elastic")
        {
            Assert.Equal("You Know, for Search true 201,400", output);
        }
    }

    [Theory]
    [InlineData("--udp")]
    [InlineData("--tcp --octet-count")]
    [InlineData("--tcp")]
    [InlineData("--udp --rfc3164")]
    public async Task Logger_ships_a_line_of_syslog(string options)
    {
        var program = PebbleUnderTest.Program("logger");
        Assert.SkipWhen(program is null, "logger is not installed (Debian package bsdutils)");
        await using var listener = SyslogListener.Open(
            new(IPAddress.Loopback, 0),
            reception,
            Real,
            NullLogger.Instance
        );
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = listener.RunAsync(stopping.Token);
        var port = listener.Address.Port.ToString(CultureInfo.InvariantCulture);

        await LogPeers.RunAsync(
            program!,
            [
                .. options.Split(' '),
                "--server",
                "127.0.0.1",
                "--port",
                port,
                "--priority",
                "local3.warning",
                "--tag",
                "backup",
                "the backup is late",
            ],
            new Dictionary<string, string>(),
            Stop
        );

        var record = await OneAsync(new LogFilter { Text = "backup is late" });
        Assert.Equal(
            (Severity.Warning, "the backup is late", "backup", "syslog"),
            (record.Severity, record.Body, record.Stream["program"], record.Stream["log"])
        );
        Assert.Contains(new LogField("facility", "local3"), record.Fields);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Syslog_by_TCP_takes_all_lines_of_many_connections()
    {
        await using var listener = SyslogListener.Open(
            new(IPAddress.Loopback, 0),
            reception,
            Real,
            NullLogger.Instance
        );
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = listener.RunAsync(stopping.Token);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 8),
            Stop,
            async (sender, stop) =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync(listener.Address, stop);
                var lines = string.Concat(
                    Enumerable.Range(0, 500).Select(line => $"<14>1 - host app - - - s{sender} l{line}\n")
                );
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(lines), stop);
            }
        );
        while (store.Holdings.Records < 4_000)
        {
            await Task.Delay(50, Stop);
        }
        var found = await store.SearchAsync(new(new() { Text = "s7" }, 1_000), Stop);
        Assert.Equal(500, found.Records.Select(record => record.Body).Distinct().Count());
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Logs_are_passed_on_to_CloudWatch()
    {
        var program = PebbleUnderTest.Program("moto_server");
        Assert.SkipWhen(program is null, "moto_server is not installed (Python package moto[server])");
        var port = PebbleUnderTest.FreePort();
        await using var moto = await Peer.StartAsync(
            program!,
            ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)],
            port,
            Stop
        );
        var url = new Uri($"http://127.0.0.1:{port}");
        using var destinations = new LogDestinations(
            name => name.StartsWith("AWS_", StringComparison.Ordinal) ? "test" : null,
            Real
        );
        var destination = destinations.Open(
            new LogForwarding("aws", "cloudwatch", url) { Group = "shop", Stream = "all" }
        );

        Assert.Equal(LogsSent.All, await destination.SendAsync([Record("first"), Record("second")], Stop));
        Assert.Equal(LogsSent.All, await destination.SendAsync([Record("third")], Stop));

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(
            """{"logGroupName":"shop","logStreamName":"all","startFromHead":true}"""u8.ToArray()
        );
        request.Content.Headers.ContentType = new("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", "Logs_20140328.GetLogEvents");
        // moto finds out which service is meant by what a signature says.
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=0"
        );
        using var answer = await http.SendAsync(request, Stop);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal(
            ["first", "second", "third"],
            json.RootElement.GetProperty("events")
                .EnumerateArray()
                .Select(one =>
                    JsonDocument
                        .Parse(one.GetProperty("message").GetString()!)
                        .RootElement.GetProperty("message")
                        .GetString()
                )
        );
    }

    [Fact]
    public async Task Logs_are_passed_on_to_what_takes_bulks()
    {
        // Our own intake is checked by Elastic's client above, so it can stand for Elasticsearch here.
        using var destinations = new LogDestinations(_ => Key, Real);
        var destination = destinations.Open(
            new LogForwarding("search", "elastic", new Uri(address)) { SecretVariable = "ELASTIC_KEY" }
        );
        Assert.Equal(LogsSent.All, await destination.SendAsync([Record("passed on")], Stop));
        var record = await OneAsync(new LogFilter { Text = "passed on" });
        Assert.Equal((Severity.Warning, "logs-fairlead-default"), (record.Severity, record.Stream["index"]));
    }

    private static LogRecord Record(string body) =>
        new()
        {
            At = (Real.Now - DateTimeOffset.UnixEpoch).Ticks * 100,
            Body = body,
            Severity = Severity.Warning,
            Fields = [new("user", "7")],
            Stream = Labels.Of([new("app", "shop")]),
        };

    private async Task<LogRecord> OneAsync(LogFilter filter)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            if ((await store.SearchAsync(new(filter, 10), limit.Token)).Records is [var record])
            {
                return record;
            }
            await Task.Delay(50, limit.Token);
        }
    }
}
