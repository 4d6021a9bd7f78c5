using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using Fairlead.Drivers.Formats.Sentry;
using Fairlead.Drivers.Intakes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>Each format, read from what the vendor's own library sent; and from anything at all.</summary>
public sealed class IntakeGoldenTests
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly World world = new(new FakeTimeProvider(new(2026, 11, 26, 22, 0, 0, TimeSpan.Zero)), new Random(1));
    private readonly Inbox inbox = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. GoldenCases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_a_library_sent_is_read(string name)
    {
        var answer = await TakeAsync(name.Split('_')[0], name, Encoding.UTF8.GetBytes(GoldenCases.Body(name)));

        var report = inbox.Taken.Single() with { Original = null };
        GoldenCases.Same(
            name,
            $"{answer.Status} {Encoding.UTF8.GetString(answer.Body.Span)}\n{JsonSerializer.Serialize(report, Readable)}\n"
        );
    }

    [Theory]
    [InlineData("?sentry_key=fl1a", "", "", "fl1a")]
    [InlineData(
        "",
        "X-Sentry-Auth",
        "Sentry sentry_version=7, sentry_client=sentry.dotnet/6.12.1, sentry_key=fl1b",
        "fl1b"
    )]
    [InlineData("", "Authorization", "Sentry sentry_key=fl1c,sentry_version=7", "fl1c")]
    [InlineData("", "", "", null)]
    public void Sentrys_key_is_where_its_libraries_put_it(
        string query,
        string header,
        string value,
        string? expected
    ) =>
        Assert.Equal(
            expected,
            new SentryIntake(inbox, world).KeyIn(
                new IntakeHead(
                    "POST",
                    "/api/1/envelope/",
                    name => name == header ? value : null,
                    name => query.Length > 0 && name == "sentry_key" ? query.Split('=')[1] : null
                )
            )
        );

    [Fact]
    public void A_key_may_be_in_the_body_alone()
    {
        Assert.Equal("fl1a", new SentryIntake(inbox, world).KeyIn("{\"dsn\":\"https://fl1a@host/7\"}\n"u8.ToArray()));
        Assert.Equal("fl1b", new RollbarIntake(inbox, world).KeyIn("{\"access_token\":\"fl1b\"}"u8.ToArray()));
        Assert.Equal("fl1c", new BugsnagIntake(inbox, world).KeyIn("{\"apiKey\":\"fl1c\"}"u8.ToArray()));
        Assert.Null(new SentryIntake(inbox, world).KeyIn("nonsense"u8.ToArray()));
    }

    [Fact]
    public async Task The_old_way_of_one_event_in_a_body_is_taken()
    {
        var answer = await TakeAsync("store", "sentry", "{\"event_id\":\"abc\",\"message\":\"hello\"}"u8.ToArray());

        Assert.Equal("""{"id":"abc"}""", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Equal("hello", inbox.Taken.Single().Events.Single().Message);
    }

    [Fact]
    public async Task A_broken_item_does_not_take_the_good_ones_with_it()
    {
        const string body =
            "{}\n{\"type\":\"event\"}\n{\"message\":\"good\"}\n{\"type\":\"event\"}\n{broken\n{\"type\":\"event\",\"length\":999}\n{}";

        var answer = await TakeAsync("sentry", "x", Encoding.UTF8.GetBytes(body));

        Assert.Equal(200, answer.Status);
        Assert.Equal(["good"], inbox.Taken.Single().Events.Select(one => one.Message));
        Assert.Equal(
            ["(garbled)", "event (sentry.garbled)"],
            inbox.Taken.Single().Passed.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("sentry", "", "sentry.garbled")]
    [InlineData("sentry", "nonsense", "sentry.garbled")]
    [InlineData("sentry", "{}\n{\"type\":\"event\"}\n{broken", "sentry.garbled")]
    [InlineData("rollbar", "{\"data\":{}}", "rollbar.garbled")]
    [InlineData("rollbar", "[1", "rollbar.garbled")]
    [InlineData("bugsnag", "{}", "bugsnag.garbled")]
    public async Task What_cannot_be_read_is_said(string format, string body, string code)
    {
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            TakeAsync(format, "x", Encoding.UTF8.GetBytes(body))
        );

        Assert.Equal(code, caught.Problem.Code);
    }

    [Theory]
    [InlineData("sentry", 413)]
    [InlineData("rollbar", 413)]
    [InlineData("bugsnag", 413)]
    public async Task An_event_beyond_a_mebibyte_is_refused(string format, int status)
    {
        var text = $"{{\"message\":\"{new string('x', ErrorBounds.EventBytesMax)}\"}}";
        var body = format == "sentry" ? "{}\n{\"type\":\"event\"}\n" + text : text;

        Assert.Equal(status, (await TakeAsync(format, "x", Encoding.UTF8.GetBytes(body))).Status);
    }

    [Theory]
    [InlineData("sentry", "X-Sentry-Rate-Limits", "7:error;default:key")]
    [InlineData("sentry", "Retry-After", "7")]
    public async Task Who_sends_too_much_is_told_how_long_to_wait(string format, string header, string expected)
    {
        inbox.Wait = TimeSpan.FromSeconds(7);

        var answer = await TakeAsync(format, "x", "{}\n{\"type\":\"event\"}\n{}"u8.ToArray());

        Assert.Equal((429, expected), (answer.Status, answer.Headers[header]));
    }

    [Fact]
    public async Task Lines_of_logs_go_on_to_who_keeps_them()
    {
        var sink = new Lines();
        var head = new IntakeHead("POST", "/api/1/envelope/", _ => null, _ => null);
        var body = Encoding.UTF8.GetBytes(GoldenCases.Body("sentry_log"));
        var source = new Source(new Site("shop", "production"), "api");

        await new SentryIntake(inbox, world) { Logs = sink }.TakeAsync(new(head, source, body), Stop);

        var line = Assert.Single(sink.Taken);
        Assert.Equal(
            ("hello log", Severity.Info, 1795729337959000000, "77f23ed224984be3a0de5845d1b1995a"),
            (line.Body, line.Severity, line.At, line.TraceId)
        );
        Assert.Contains(new LogField("a", "1"), line.Fields);
        Assert.Equal("{app=\"shop\", environment=\"production\", log=\"sentry\", service=\"api\"}", $"{line.Stream}");
        Assert.Empty(inbox.Taken.Single().Passed);
    }

    [Fact]
    public void Envelopes_are_read_or_refused_whatever_they_hold()
    {
        var pieces = new[]
        {
            "{}",
            "\n",
            "\r\n",
            "{\"type\":\"event\"}",
            "{\"type\":\"event\",\"length\":2}",
            "{\"type\":\"event\",\"length\":-1}",
            "{\"type\":\"event\",\"length\":99999999999}",
            "{\"type\":7}",
            "{\"type\":null}",
            "\0",
            "{",
            "[]",
            "{\"message\":\"x\"}",
            "\uD800",
        };
        OneOf(pieces)
            .Array[0, 12]
            .Sample(
                parts =>
                {
                    var items = Envelope.Read(Encoding.UTF8.GetBytes(string.Concat(parts)), out _, out var why);
                    Assert.True(items.Count <= parts.Length);
                    Assert.All(items, item => Assert.NotEmpty(item.Type));
                },
                iter: 20_000
            );
    }

    [Theory]
    [InlineData("sentry")]
    [InlineData("rollbar")]
    [InlineData("bugsnag")]
    public void Whatever_is_changed_in_what_was_sent_it_is_read_or_refused_in_words(string format)
    {
        var bodies = GoldenCases
            .Names.Where(name => name.StartsWith(format, StringComparison.Ordinal))
            .Select(GoldenCases.Body)
            .ToArray();
        var pieces = new[]
        {
            "null",
            "[]",
            "{}",
            "\"",
            "7",
            "-1e999",
            "true",
            ",",
            ":",
            "\\uD800",
            "\"x\":",
            "[[[[[[[[",
        };
        Gen.Select(OneOf(bodies), Gen.Double[0, 1], Gen.Int[0, 40], OneOf(pieces))
            .Sample(
                (body, at, length, piece) =>
                {
                    var start = (int)(at * body.Length);
                    var end = Math.Min(body.Length, start + length);
                    try
                    {
                        TakeAsync(format, "x", Encoding.UTF8.GetBytes(body[..start] + piece + body[end..]))
                            .GetAwaiter()
                            .GetResult();
                    }
                    catch (ProblemException caught)
                    {
                        Assert.EndsWith(".garbled", caught.Problem.Code, StringComparison.Ordinal);
                    }
                },
                iter: 3_000
            );
    }

    [Theory]
    [InlineData(
        "{\"p\":\"/cart/7?x=1\",\"d\":\"mobile\",\"e\":1,\"v\":{\"LCP\":1832.5,\"CLS\":0.02,\"INP\":-3,\"FCP\":\"9\",\"X\":1}}",
        "/cart/7?x=1 Mobile 1 CLS=0.02 FCP=9 LCP=1832.5"
    )]
    [InlineData("{\"p\":\"/\",\"e\":9999}", "/ Desktop 100")]
    [InlineData("{\"v\":{}}", "nothing")]
    [InlineData("[]", "nothing")]
    [InlineData("x", "nothing")]
    [InlineData("", "nothing")]
    public void A_beacon_is_read_as_far_as_it_makes_sense(string line, string expected)
    {
        var one = VitalsIntake.TryRead(Encoding.UTF8.GetBytes(line));

        Assert.Equal(
            expected,
            one is null
                ? "nothing"
                : string.Join(
                    ' ',
                    one.Values.Select(value =>
                            FormattableString.Invariant($"{value.Key.ToString().ToUpperInvariant()}={value.Value}")
                        )
                        .Order(StringComparer.Ordinal)
                        .Prepend($"{one.Path} {one.Device} {one.Errors}")
                )
        );
    }

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private Task<IntakeAnswer> TakeAsync(string format, string name, byte[] body)
    {
        IIntake intake = format switch
        {
            "rollbar" => new RollbarIntake(inbox, world),
            "bugsnag" => new BugsnagIntake(inbox, world),
            _ => new SentryIntake(inbox, world),
        };
        var path = format switch
        {
            "rollbar" => "/api/1/item/",
            "bugsnag" => name.EndsWith("_sessions", StringComparison.Ordinal) ? "/sessions" : "/notify",
            "store" => "/api/1/store/",
            _ => "/api/1/envelope/",
        };
        var head = new IntakeHead("POST", path, _ => null, _ => null);
        return intake.TakeAsync(new(head, new Source(new Site("shop", "production")), body), Stop);
    }

    private sealed class Lines : ILogSink
    {
        public List<LogRecord> Taken { get; } = [];

        public Task<LogsTaken> AppendAsync(LogBatch batch, CancellationToken stop)
        {
            Taken.AddRange(batch.Records);
            return Task.FromResult(new LogsTaken(batch.Records.Count, 0));
        }
    }

    private sealed class Inbox : IErrorInbox
    {
        public List<ErrorReport> Taken { get; } = [];

        public TimeSpan? Wait { get; set; }

        public Task<Taken> TakeAsync(Source source, ErrorReport report, CancellationToken stop)
        {
            Taken.Add(report);
            return Task.FromResult(new Taken(report.Events.Count, 0, Wait));
        }
    }
}
