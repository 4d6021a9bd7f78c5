using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Drivers.Telemetry.Traces;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Faces.Intake;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using LogRecord = Fairlead.Model.Telemetry.LogRecord;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>OpenTelemetry's own libraries send to Fairlead's face, and what they sent is found in its stores.</summary>
public sealed class OtlpScenarios : IAsyncLifetime
{
    private const string Key = "fl1c0ffee";

    private static readonly Source Api = Source.Of(
        new InstanceKey(new Site("shop", "production"), new Part("api", 42), 0)
    );
    private static readonly World Real = new(TimeProvider.System, new Random(1));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fairlead-otlp-");
    private readonly LogsKept logs = new();
    private MetricStore metrics = null!;
    private TraceFiles traces = null!;
    private TraceKeeper spans = null!;
    private WebApplication app = null!;
    private string plain = "";
    private string grpc = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        metrics = MetricStore.Open(Path.Combine(folder.FullName, "metrics"), new(), Real, NullLogger.Instance);
        traces = TraceFiles.Open(Path.Combine(folder.FullName, "traces"), Real, NullLogger.Instance);
        spans = new(traces, metrics, Real, NullLogger.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        app = builder.Build();
        IntakeFace.Map(
            app,
            [new OtlpMetrics(metrics, new MetricNotes(), Real), new OtlpTraces(spans), new OtlpLogs(logs, Real)],
            key => key == Key ? Api : null
        );
        await app.StartAsync(Stop);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        (plain, grpc) = (addresses.First(), addresses.Last());
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await spans.DisposeAsync();
        traces.Dispose();
        await metrics.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("http/protobuf", "none")]
    [InlineData("http/protobuf", "gzip")]
    [InlineData("http/json", "none")]
    [InlineData("grpc", "none")]
    [InlineData("grpc", "gzip")]
    public async Task The_Node_SDK_sends_metrics_logs_and_traces(string protocol, string compression)
    {
        OtlpPeers.SkipUnlessThere();
        var (trace, _) = await OtlpPeers.RunAsync(
            "otlp-peer.cjs",
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = protocol == "grpc" ? grpc : $"{plain}/otlp",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
                ["OTEL_EXPORTER_OTLP_COMPRESSION"] = compression,
                ["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-fairlead-key={Key}",
                ["OTEL_METRICS_EXPORTER"] = "otlp",
                ["OTEL_LOGS_EXPORTER"] = "otlp",
                ["OTEL_SERVICE_NAME"] = "api",
                ["OTEL_RESOURCE_ATTRIBUTES"] = "service.namespace=shop,service.instance.id=api@42#0",
            },
            Stop
        );

        Assert.Equal(3, await LastAsync("peer_orders_total", ("shop_kind", "book")));
        Assert.Equal(-2, await LastAsync("peer_queue"));
        Assert.Equal(0.25, await LastAsync("peer_load_ratio"));
        Assert.Equal(25, await LastAsync("peer_duration_seconds_count"));
        Assert.Equal(25, await LastAsync("peer_duration_seconds_bucket", ("le", "5")));
        await TracesAreFoundAsync(trace, "GET /orders", "SELECT", "no such order");
        var record = Assert.Single(logs.Records);
        Assert.Equal(
            ("order 7 is gone", Severity.Warning, trace, "42"),
            (record.Body, record.Severity, record.TraceId, record.Stream["release"])
        );
        Assert.Contains(new LogField("order.id", "7"), record.Fields);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task The_dotnet_SDK_sends_metrics_logs_and_traces(OtlpExportProtocol protocol)
    {
        var id = SendByDotnet(protocol);

        Assert.Equal(3, await LastAsync("peer_orders_total", ("shop_kind", "book")));
        Assert.Equal(2, await LastAsync("peer_duration_seconds_count"));
        Assert.Equal(1, await LastAsync("peer_duration_seconds_bucket", ("le", "0.1")));
        await TracesAreFoundAsync(id, "GET /orders", "SELECT", "no such order");
        var record = Assert.Single(logs.Records);
        Assert.Equal(("order 7 is gone", Severity.Warning), (record.Body, record.Severity));
        Assert.Contains(new LogField("Order", "7"), record.Fields);
    }

    private string SendByDotnet(OtlpExportProtocol protocol)
    {
        void Where(OtlpExporterOptions options, string signal)
        {
            options.Protocol = protocol;
            options.Headers = $"x-fairlead-key={Key}";
            options.Endpoint = new(protocol == OtlpExportProtocol.Grpc ? grpc : $"{plain}/otlp/v1/{signal}");
        }
        var resource = ResourceBuilder.CreateDefault().AddService("api", "shop");
        var name = $"peer-{protocol}";
        using var activities = new ActivitySource(name);
        using var meter = new Meter(name);
        using var traced = Sdk.CreateTracerProviderBuilder()
            .AddSource(name)
            .SetResourceBuilder(resource)
            .AddOtlpExporter(options => Where(options, "traces"))
            .Build();
        using var measured = Sdk.CreateMeterProviderBuilder()
            .AddMeter(name)
            .SetResourceBuilder(resource)
            .AddView("peer.duration", new ExplicitBucketHistogramConfiguration { Boundaries = [0.1, 1] })
            .AddOtlpExporter(options => Where(options, "metrics"))
            .Build();
        using var logging = LoggerFactory.Create(builder =>
            builder.AddOpenTelemetry(options =>
            {
                options.SetResourceBuilder(resource);
                options.IncludeFormattedMessage = true;
                options.AddOtlpExporter(exporter => Where(exporter, "logs"));
            })
        );

        meter.CreateCounter<long>("peer.orders").Add(3, new KeyValuePair<string, object?>("shop.kind", "book"));
        var took = meter.CreateHistogram<double>("peer.duration", "s");
        took.Record(0.05);
        took.Record(0.5);
        using var server = activities.StartActivity("GET /orders", ActivityKind.Server)!;
        server.SetTag("http.route", "/orders");
        using (var client = activities.StartActivity("SELECT", ActivityKind.Client)!)
        {
            client.SetTag("db.system.name", "postgresql");
            client.SetStatus(ActivityStatusCode.Error, "no such order");
#pragma warning disable CA1848, CA2254, CA1873 // An app's own way of logging is what is tried here.
            logging.CreateLogger("peer").LogWarning("order {Order} is gone", 7);
#pragma warning restore CA1848, CA2254, CA1873
        }
        server.Stop();
        Assert.True(traced.ForceFlush(30_000) & measured.ForceFlush(30_000));
        return server.TraceId.ToHexString();
    }

    [Fact]
    public async Task What_is_malformed_is_answered_as_the_protocol_says()
    {
        using var http = new HttpClient();
        using var json = await PostAsync(http, "/v1/traces", "{\"resourceSpans\":7}"u8.ToArray(), "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        Assert.Contains("\"code\":3", await json.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        using var protobuf = await PostAsync(http, "/v1/metrics", [0x0a, 0xff], "application/x-protobuf");
        Assert.Equal(
            (HttpStatusCode.BadRequest, "application/x-protobuf"),
            (protobuf.StatusCode, protobuf.Content.Headers.ContentType?.MediaType)
        );
        Assert.Equal(0x08, (await protobuf.Content.ReadAsByteArrayAsync(Stop))[0]);

        using var other = await PostAsync(http, "/otlp/v1/logs", [], "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, other.StatusCode);
    }

    [Fact]
    public async Task What_is_taken_in_part_is_answered_with_a_count()
    {
        const string twoSpans = """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",
            "name":"good","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000000"},{"name":"bad"}]}]}]}
            """;
        using var http = new HttpClient();
        using var answer = await PostAsync(http, "/v1/traces", Encoding.UTF8.GetBytes(twoSpans), "application/json");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith(
            "{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":",
            await answer.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );

        using var whole = await PostAsync(http, "/v1/traces", "{}"u8.ToArray(), "application/json");
        Assert.Equal("{}", await whole.Content.ReadAsStringAsync(Stop));
    }

    private async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, byte[] body, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, plain + path)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new(type);
        request.Headers.Add("x-fairlead-key", Key);
        return await http.SendAsync(request, Stop);
    }

    private async Task TracesAreFoundAsync(string trace, string server, string client, string reason)
    {
        await spans.DisposeAsync();
        var found = await traces.SearchAsync(
            new()
            {
                App = "shop",
                Release = "42",
                OnlyErrors = true,
                Attributes = [new("http.route", "/orders")],
            },
            Stop
        );
        var only = Assert.Single(found.Traces);
        Assert.Equal((trace, server, "error"), (only.Trace.ToString(), only.Operation, only.Reason));
        var all = await traces.FindAsync(only.Trace, Stop);
        Assert.Equal([server, client], all.Select(span => span.Name));
        Assert.Equal((all[0].Id, reason), (all[1].Parent, all[1].StatusText));
    }

    private async Task<double> LastAsync(string name, params (string Name, string Value)[] labels)
    {
        (string Name, string Value)[] wanted =
        [
            (Labels.MetricName, name),
            ("app", "shop"),
            ("release", "42"),
            ("job", "shop/api"),
            .. labels,
        ];
        var found = await metrics.SelectAsync(
            [.. wanted.Select(one => new Matcher(MatchKind.Equal, one.Name, one.Value))],
            0,
            long.MaxValue,
            Stop
        );
        var columns = new SampleColumns();
        Assert.Single(found).Read(0, long.MaxValue, columns);
        return columns.Values[^1];
    }

    private sealed class LogsKept : ILogSink
    {
        private readonly List<LogRecord> records = [];

        public IReadOnlyList<LogRecord> Records => records;

        public Task<LogsTaken> AppendAsync(LogBatch batch, CancellationToken stop)
        {
            lock (records)
            {
                records.AddRange(batch.Records);
            }
            return Task.FromResult(new LogsTaken(batch.Records.Count, 0));
        }
    }
}
