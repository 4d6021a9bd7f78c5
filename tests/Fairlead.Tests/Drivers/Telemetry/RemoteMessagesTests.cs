using CsCheck;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Drivers.Formats.RemoteWrite;
using Fairlead.Drivers.Telemetry.Remote;
using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Snappier;

namespace Fairlead.Tests.Drivers.Telemetry;

public sealed class RemoteMessagesTests
{
    private static readonly Labels Up = Labels.Of([new(Labels.MetricName, "up"), new("job", "a")]);

    [Fact]
    public void A_write_request_is_protobuf_within_snappy()
    {
        // WriteRequest { timeseries { labels { name value } ... samples { value timestamp } } }, by prompb/remote.proto.
        var message = Snappy.DecompressToArray(RemoteMessages.Write([new(Up, [new(-5, 1.5)])]));
        Assert.Equal(
            "0A300A0E0A085F5F6E616D655F5F120275700A080A036A6F621201611214090000000000" + "00F83F10FBFFFFFFFFFFFFFFFF01",
            Convert.ToHexString(message)
        );
    }

    [Fact]
    public void A_read_answer_is_what_was_written()
    {
        // A response wraps the same series in results, field 1.
        var request = Snappy.DecompressToArray(RemoteMessages.Write([new(Up, [new(1, 2), new(2, Sample.Stale)])]));
        var response = new ProtobufWriter();
        response.Bytes(1, request);
        var series = Assert.Single(RemoteMessages.ReadAnswer(Snappy.CompressToArray(response.Written), 10_000));
        Assert.Equal(Up, series.Labels);
        Assert.Equal([1L, 2L], series.Samples.Select(one => one.At));
        Assert.True(series.Samples[1].IsStale);
        Assert.Throws<InvalidDataException>(() =>
            RemoteMessages.ReadAnswer(Snappy.CompressToArray(response.Written), 10)
        );
    }

    [Fact]
    public void Whatever_a_store_answers_is_read_or_refused() =>
        Gen
            .Byte.Array[0, 60]
            .Sample(
                bytes =>
                {
                    try
                    {
                        RemoteMessages.ReadAnswer(Snappy.CompressToArray(bytes), 1_000);
                        RemoteMessages.ReadAnswer(bytes, 1_000);
                    }
                    catch (InvalidDataException) { }
                },
                iter: 20_000
            );

    [Fact]
    public void A_length_beyond_all_numbers_is_refused() =>
        Assert.Throws<InvalidDataException>(() =>
            RemoteMessages.ReadAnswer([240, 247, 164, 156, 8, 128, 227, 232, 245, 169, 218, 107], 1_000)
        );

    [Fact]
    public void Names_are_asked_with_matchers_that_prometheus_takes() =>
        Assert.Equal(
            "?start=1.5&end=2&match[]={job!=\"a\\\"b\",__name__=~\".+\"}",
            Uri.UnescapeDataString(RemoteMetrics.Query([new(MatchKind.NotEqual, "job", "a\"b")], 1500, 2000))
        );

    [Theory]
    [InlineData("http://ann:${SECRET}@host:9090/x", "http://host:9090/x", "Basic YW5uOnBAOnMvZA==")]
    [InlineData("https://:${SECRET}@host/", "https://host/", "Bearer p@:s/d")]
    [InlineData("http://host", "http://host/", "")]
    public void What_is_secret_in_an_address_is_not_shown(string text, string shown, string login)
    {
        var address = RemoteAddress.Read(text, name => name == "SECRET" ? "p@:s/d" : null);
        Assert.Equal(shown, address.ToString());
        Assert.Equal(login, address.Login?.ToString() ?? "");
    }

    [Fact]
    public void A_variable_that_is_missing_is_named_and_nothing_else_is_told()
    {
        var problem = Assert
            .Throws<ProblemException>(() => TargetAddress.Complete("http://a:${NOT_THERE}@b", _ => null))
            .Problem;
        Assert.Equal("scrape.missing-variable", problem.Code);
        Assert.Contains("NOT_THERE", problem.Why, StringComparison.Ordinal);
        problem = Assert
            .Throws<ProblemException>(() => TargetAddress.Complete("nonsense://ann:secret@", _ => null))
            .Problem;
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }
}
