using Fairlead.Roles.Edge.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Tests.Edge.Files;

public sealed class AnswerTests
{
    [Theory]
    [InlineData(null, "plain")]
    [InlineData("", "plain")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.9", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("BR", "br")]
    [InlineData("*", "br")]
    [InlineData("*;q=0", "none")]
    [InlineData("deflate", "plain")]
    [InlineData("identity;q=0", "none")]
    [InlineData("identity;q=0, gzip", "gzip")]
    [InlineData("identity, br;q=0.5", "plain")]
    [InlineData("br, *;q=0", "br")]
    [InlineData("br;q=wrong", "br")]
    public void The_smallest_form_that_a_client_takes_is_sent(string? accept, string expected)
    {
        var file = Sample();
        file.Encoded = [Form("br", 10), Form("gzip", 20)];
        var chosen = AcceptedEncodings.Choose(file, accept);
        Assert.Equal(
            expected,
            chosen is null ? "none"
                : chosen.Encoding.Count == 0 ? "plain"
                : chosen.Encoding.ToString()
        );
    }

    [Theory]
    [InlineData("bytes=0-4", 0, 5)]
    [InlineData("bytes=5-", 5, 95)]
    [InlineData("bytes=-10", 90, 10)]
    [InlineData("bytes=-1000", 0, 100)]
    [InlineData("bytes=90-1000", 90, 10)]
    [InlineData("Bytes= 1-1", 1, 1)]
    [InlineData("bytes=100-", 0, 0)]
    [InlineData("bytes=-0", 0, 0)]
    public void A_part_is_read_as_the_rfc_says(string header, long from, long length) =>
        Assert.Equal(new ByteRange(from, length), ByteRange.Read(header, 100));

    [Theory]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("items=0-1")]
    [InlineData("bytes=99999999999999999999-")]
    [InlineData("bytes=--5")]
    public void What_is_no_single_part_is_answered_with_all(string header) => Assert.Null(ByteRange.Read(header, 100));

    [Theory]
    [InlineData("If-None-Match", "\"tag\"", 304)]
    [InlineData("If-None-Match", "W/\"tag\"", 304)]
    [InlineData("If-None-Match", "\"other\", \"tag\"", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"other\"", 0)]
    [InlineData("If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT", 304)]
    [InlineData("If-Modified-Since", "Wed, 31 Dec 2025 23:59:59 GMT", 0)]
    [InlineData("If-Modified-Since", "yesterday", 0)]
    [InlineData("If-Match", "\"other\"", 412)]
    [InlineData("If-Match", "\"tag\"", 0)]
    [InlineData("If-Unmodified-Since", "Wed, 31 Dec 2025 23:59:59 GMT", 412)]
    public void Conditions_decide_whether_a_file_is_sent(string name, string value, int expected)
    {
        var file = Sample();
        var headers = new HeaderDictionary { [name] = value };
        Assert.Equal(expected, Conditions.Judge(headers, file, file.Plain, out _));
    }

    [Fact]
    public void A_date_counts_for_nothing_beside_an_etag()
    {
        var file = Sample();
        var headers = new HeaderDictionary
        {
            ["If-None-Match"] = "\"other\"",
            ["If-Modified-Since"] = "Thu, 01 Jan 2026 00:00:00 GMT",
        };
        Assert.Equal(0, Conditions.Judge(headers, file, file.Plain, out _));
    }

    private static SiteFile Sample() =>
        new()
        {
            Name = "/a.js",
            Type = "text/javascript",
            ContentType = "text/javascript",
            CacheControl = "no-cache",
            Modified = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            LastModified = "Thu, 01 Jan 2026 00:00:00 GMT",
            Plain = Form("", 100) with { ETag = "\"tag\"" },
        };

    private static Body Form(string encoding, long length) =>
        new(
            encoding.Length == 0 ? StringValues.Empty : encoding,
            "/nowhere",
            length,
            $"\"tag-{encoding}\"",
            Bytes: null
        );
}
