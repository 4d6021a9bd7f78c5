using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Formats.Otlp;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Formats.Otlp;

public sealed class OtlpSpanTests
{
    private const string Json = """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}},
            {"key":"service.version","value":{"stringValue":"1.2"}},{"key":"deployment.environment.name","value":{"stringValue":"staging"}},
            {"key":"host.name","value":{"stringValue":"web1"}}]},
          "scopeSpans":[{"scope":{"name":"http","version":"1"},"spans":[
            {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"eee19b7ec3c1b173",
             "name":"GET /","kind":2,"startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000000,"traceState":"a=b","flags":1,
             "attributes":[{"key":"http.status","value":{"intValue":"500"}},{"key":"ok","value":{"boolValue":false}},
                {"key":"ratio","value":{"doubleValue":0.5}},{"key":"raw","value":{"bytesValue":"AQID"}},{"key":"none","value":{}},
                {"key":"map","value":{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"intValue":1},{"stringValue":"ü"}]}}},{"key":"b"}]}}}],
             "events":[{"timeUnixNano":"1544712660500000000","name":"exception","attributes":[{"key":"exception.message","value":{"stringValue":"bad"}}]}],
             "links":[{"traceId":"5b8efff798038103d269b633813fc60d","spanId":"eee19b7ec3c1b170"}],
             "status":{"message":"boom","code":"STATUS_CODE_ERROR"},"droppedAttributesCount":2},
            {"traceId":"00000000000000000000000000000000","spanId":"eee19b7ec3c1b174","name":"no trace","startTimeUnixNano":"1"},
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b175","name":"no start"},
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b176","name":"too long","startTimeUnixNano":"1","endTimeUnixNano":"1544712661000000000"}]}]}]}
        """;

    private const string Expected = """
        {"Trace":"5b8efff798038103d269b633813fc60c","Id":"eee19b7ec3c1b174","Parent":"eee19b7ec3c1b173","Name":"GET /","Kind":"server","Start":1544712660000000000,"End":1544712661000000000,"Status":"error","StatusText":"boom","Attributes":[{"Name":"http.status","Value":"500"},{"Name":"ok","Value":"false"},{"Name":"ratio","Value":"0.5"},{"Name":"raw","Value":"AQID"},{"Name":"none","Value":""},{"Name":"map","Value":"{\u0022a\u0022:[1,\u0022\u00FC\u0022],\u0022b\u0022:null}"}],"Events":[{"At":1544712660500000000,"Name":"exception","Attributes":[{"Name":"exception.message","Value":"bad"}]}],"Links":[{"Trace":"5b8efff798038103d269b633813fc60d","Span":"eee19b7ec3c1b170","Attributes":[]}],"Sender":{"App":null,"Environment":"staging","Service":"checkout","Release":"1.2","Instance":"web1","Attributes":[{"Name":"service.name","Value":"checkout"},{"Name":"service.version","Value":"1.2"},{"Name":"deployment.environment.name","Value":"staging"},{"Name":"host.name","Value":"web1"}]},"Scope":"http","Dropped":2}
        """;

    [Fact]
    public void A_span_is_read_whole_and_what_cannot_be_one_is_counted()
    {
        var read = Read(Source.Outside, Protobuf(Json));

        Assert.Equal(Expected, JsonSerializer.Serialize(Assert.Single(read.Spans)));
        Assert.Equal(3, read.Refused);
    }

    [Fact]
    public void What_is_kept_as_JSON_comes_back_the_same()
    {
        var span = JsonSerializer.Deserialize<Span>(Expected)!;

        Assert.Equal(Expected, JsonSerializer.Serialize(span));
    }

    [Fact]
    public void Fairlead_knows_its_own_apps_better_than_they_do()
    {
        var key = new InstanceKey(new Site("shop", "production"), new Part("api", 42), 3);

        var sender = Read(Source.Of(key), Protobuf(Json)).Spans[0].Sender;

        Assert.Equal(
            ("shop", "production", "api", "42", "3"),
            (sender.App, sender.Environment, sender.Service, sender.Release, sender.Instance)
        );
    }

    [Fact]
    public void The_resource_may_come_after_its_spans()
    {
        var span = new ProtobufWriter();
        span.Bytes(1, Convert.FromHexString("5b8efff798038103d269b633813fc60c"));
        span.Bytes(2, Convert.FromHexString("eee19b7ec3c1b174"));
        span.Fixed64(7, 5);
        var request = new ProtobufWriter();
        request.Message(
            1,
            resource =>
            {
                resource.Message(
                    2,
                    scope =>
                    {
                        scope.Bytes(2, span.Written);
                        scope.Message(1, name => name.Text(1, "late"));
                    }
                );
                resource.Message(1, of => of.Message(1, pair => Pair(pair, "service.name", "later")));
            }
        );

        var read = Assert.Single(Read(Source.Outside, request.WrittenMemory).Spans);

        Assert.Equal(("later", "late", 5L), (read.Sender.Service, read.Scope, read.End));
    }

    [Fact]
    public void Too_much_of_a_span_is_left_out_and_counted()
    {
        var span = new ProtobufWriter();
        span.Bytes(1, Convert.FromHexString("5b8efff798038103d269b633813fc60c"));
        span.Bytes(2, Convert.FromHexString("eee19b7ec3c1b174"));
        span.Fixed64(7, 5);
        span.Text(5, new string('n', 10_000));
        for (var i = 0; i < 200; i++)
        {
            span.Message(9, pair => Pair(pair, $"a{i}", new string('ü', 5_000)));
            span.Message(11, _ => { });
            span.Message(13, _ => { });
        }
        var request = new ProtobufWriter();
        request.Message(1, resource => resource.Message(2, scope => scope.Bytes(2, span.Written)));

        var read = Assert.Single(Read(Source.Outside, request.WrittenMemory).Spans);

        Assert.Equal(
            (Span.NameCharsMax, Span.AttributesMax, Span.ValueCharsMax, Span.EventsMax, 0, 72 + 72 + 200),
            (
                read.Name.Length,
                read.Attributes.Count,
                read.Attributes[0].Value.Length,
                read.Events.Count,
                read.Links.Count,
                read.Dropped
            )
        );
    }

    [Fact]
    public void Values_within_values_end_somewhere()
    {
        var value = new ProtobufWriter();
        value.Text(1, "deep");
        for (var depth = 0; depth < 40; depth++)
        {
            var inner = value.WrittenMemory.ToArray();
            value = new ProtobufWriter();
            value.Message(5, list => list.Bytes(1, inner));
        }
        var text = OtlpValue.Text(new ProtobufReader(value.Written), 1_000);

        Assert.Equal(new string('[', OtlpValue.DepthMax) + "null" + new string(']', OtlpValue.DepthMax), text);
    }

    [Theory]
    [InlineData(0.005, "0.005")]
    [InlineData(2500, "2500")]
    [InlineData(-0.0000015, "-0.0000015")]
    [InlineData(18446744073709551616d, "18446744073709552000")]
    [InlineData(1.25e25, "12500000000000000000000000")]
    [InlineData(-5e-324, null)]
    public void Bounds_are_written_without_exponent_and_tell_neighbours_apart(double bound, string? expected)
    {
        var text = OtlpValue.Decimal(bound);
        Assert.Equal(bound, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(expected ?? text, text);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"xyz\"}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":{}}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"\\ud800\"}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":\"soon\"}]}]}]}")]
    [InlineData("{\"resourceSpans\":7}")]
    [InlineData("{")]
    [InlineData("")]
    public void What_is_no_OTLP_is_refused_with_a_reason(string json)
    {
        var caught = Assert.Throws<InvalidDataException>(() => Protobuf(json));
        Assert.NotEqual("", caught.Message);
    }

    [Fact]
    public void A_bomb_of_empty_items_is_refused()
    {
        var request = new ProtobufWriter();
        var empty = new byte[2 * (OtlpRequest.ItemsMax + 1)];
        for (var i = 0; i < empty.Length; i += 2)
        {
            empty[i] = 2 << 3 | 2;
        }
        request.Message(1, resource => resource.Bytes(2, empty));

        Assert.Throws<InvalidDataException>(() => Read(Source.Outside, request.WrittenMemory));
    }

    internal static void Pair(ProtobufWriter writer, string name, string value)
    {
        writer.Text(1, name);
        writer.Message(2, inner => inner.Text(1, value));
    }

    private static ReadOnlyMemory<byte> Protobuf(string json) =>
        OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(json), OtlpShape.Traces);

    private static OtlpSpans Read(Source source, ReadOnlyMemory<byte> request)
    {
        var read = new OtlpSpans(source);
        read.Read(request.Span);
        return read;
    }
}
