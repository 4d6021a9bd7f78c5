using System.Text;
using CsCheck;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Drivers.Intakes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Snappier;

namespace Fairlead.Tests.Telemetry.Logs;

/// <summary>Loki's push and Elasticsearch's bulk as their clients send them.</summary>
public sealed class LogIntakeTests
{
    private static readonly Source Api = new(new Site("shop", "production"), "api", new Part("api", 42), 0);
    private readonly Kept sink = new();
    private readonly World world = new(new FakeTimeProvider(), new Random(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string Stamp = "app=\"shop\", environment=\"production\"";

    [Fact]
    public async Task Loki_streams_are_taken_as_json()
    {
        var answer = await SendAsync(
            new LokiIntake(sink, world),
            "application/json",
            """
            {"streams":[{"stream":{"job":"cart","service":"forged","level":"warn"},"values":[
              ["1767225600000000001","first"],
              ["1767225600000000002","second",{"trace_id":"0AF7651916CD43DD8448EB211C80319C","user":"7","level":"error"}]]},
             {"stream":{},"values":[]}]}
            """
        );
        var stream =
            $"{{{Stamp}, exported_service=\"forged\", job=\"cart\", level=\"warn\", log=\"loki\", release=\"42\", replica=\"0\", service=\"api\"}}";
        Assert.Equal(204, answer.Status);
        Assert.Equal(
            [
                $"1767225600000000001 Unset warn  {stream} first ",
                $"1767225600000000002 Unset error 0af7651916cd43dd8448eb211c80319c {stream} second trace_id=0AF7651916CD43DD8448EB211C80319C,user=7,level=error",
            ],
            sink.Lines
        );
    }

    [Fact]
    public async Task Loki_streams_are_taken_as_protobuf_in_snappy()
    {
        var push = new ProtobufWriter();
        push.Message(
            1,
            stream =>
            {
                stream.Text(1, """{job="cart", path="C:\\x \"y\""}""");
                stream.Message(
                    2,
                    entry =>
                    {
                        entry.Message(
                            1,
                            time =>
                            {
                                time.Varint(1, 1767225600);
                                time.Varint(2, 7);
                            }
                        );
                        entry.Text(2, "käse");
                        entry.Message(
                            3,
                            pair =>
                            {
                                pair.Text(1, "user");
                                pair.Text(2, "7");
                            }
                        );
                    }
                );
            }
        );
        var answer = await SendAsync(
            new LokiIntake(sink, world),
            "application/x-protobuf",
            Snappy.CompressToArray(push.Written)
        );
        Assert.Equal(204, answer.Status);
        Assert.Equal(
            [
                $"1767225600000000007 Unset   {{{Stamp}, job=\"cart\", log=\"loki\", path=\"C:\\\\x \\\"y\\\"\", release=\"42\", replica=\"0\", service=\"api\"}} käse user=7",
            ],
            sink.Lines
        );
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", """{"streams":[{"stream":{},"values":[["x","y"]]}]}""")]
    [InlineData("application/json", """{"streams":[{"stream":{},"values":[[]]}]}""")]
    [InlineData("application/json", """{"streams":[{"stream":7,"values":[]}]}""")]
    [InlineData("application/x-protobuf", "nonsense")]
    public async Task What_is_no_push_is_refused(string type, string body)
    {
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            SendAsync(new LokiIntake(sink, world), type, body)
        );
        Assert.Equal("loki.unreadable", caught.Problem.Code);
    }

    [Fact]
    public void No_bytes_break_lokis_reader() =>
        Gen.Byte.Array.Sample(
            bytes =>
            {
                try
                {
                    LokiIntake.OfProtobuf(Snappy.CompressToArray(bytes), Api, 0);
                    LokiIntake.OfProtobuf(bytes, Api, 0);
                }
                catch (ProblemException)
                {
                    // Refused, as it must be.
                }
            },
            iter: 20_000
        );

    [Fact]
    public async Task A_bulk_answers_for_each_document()
    {
        var answer = await SendAsync(
            new ElasticBulkIntake(sink, world),
            "application/x-ndjson",
            """
            {"create":{"_index":"logs-a"}}
            {"@timestamp":"2026-01-01T00:00:00Z","message":"first","log.level":"warn"}
            {"index":{}}
            not json
            {"delete":{"_id":"1"}}
            {"update":{"_id":"1"}}
            {"doc":{}}
            {"index":{"_id":"7"}}
            {"message":"second"}

            """,
            index: "logs-b"
        );
        Assert.Equal((200, "Elasticsearch"), (answer.Status, answer.Headers["X-Elastic-Product"]));
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        Assert.Contains("\"errors\":true", text, StringComparison.Ordinal);
        Assert.Equal(["201", "400", "400", "400", "201"], text.Split("\"status\":").Skip(1).Select(rest => rest[..3]));
        Assert.Equal(
            [
                """{"@timestamp":"2026-01-01T00:00:00Z","message":"first","log.level":"warn"} logs-a""",
                """{"message":"second"} logs-b""",
            ],
            sink.Records.Select(record => $"{record.Body} {record.Stream["index"]}")
        );
    }

    [Theory]
    [InlineData("{\"create\":{}}\n")]
    [InlineData("{\"upsert\":{}}\n{}\n")]
    [InlineData("{}\n{}\n")]
    [InlineData("[]\n{}\n")]
    [InlineData("{\"create\":7}\n{}\n")]
    [InlineData("nonsense\n")]
    public async Task What_is_no_bulk_is_refused(string body)
    {
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            SendAsync(new ElasticBulkIntake(sink, world), "application/x-ndjson", body)
        );
        Assert.Equal("elastic.malformed-bulk", caught.Problem.Code);
    }

    [Theory]
    [InlineData("ApiKey fl1abc", "fl1abc")]
    [InlineData("apikey aWQ6ZmwxYWJj", "fl1abc")]
    [InlineData("Bearer fl1abc", null)]
    [InlineData(null, null)]
    public void Elastics_own_scheme_has_the_key(string? header, string? key) =>
        Assert.Equal(key, new ElasticBulkIntake(sink, world).KeyIn(Head("POST", "", _ => header)));

    private static Task<IntakeAnswer> SendAsync(IIntake intake, string type, string body, string? index = null) =>
        SendAsync(intake, type, Encoding.UTF8.GetBytes(body), index);

    private static Task<IntakeAnswer> SendAsync(IIntake intake, string type, byte[] body, string? index = null)
    {
        var head = Head("POST", type, _ => null);
        if (index is not null)
        {
            head = head with { Values = new Dictionary<string, string> { ["index"] = index } };
        }
        return intake.TakeAsync(new IntakeRequest(head, Api, body), Stop);
    }

    private static IntakeHead Head(string method, string type, Func<string, string?> header) =>
        new(method, "/", header, _ => null) { ContentType = type };

    private sealed class Kept : ILogSink
    {
        public List<LogRecord> Records { get; } = [];

        public IEnumerable<string> Lines =>
            Records.Select(record =>
                $"{record.At} {record.Severity} {record.SeverityText} {record.TraceId} {record.Stream} {record.Body} {string.Join(',', record.Fields.Select(one => $"{one.Name}={one.Value}"))}"
            );

        public Task<LogsTaken> AppendAsync(LogBatch batch, CancellationToken stop)
        {
            Records.AddRange(batch.Records);
            return Task.FromResult(new LogsTaken(batch.Records.Count, 0));
        }
    }
}
