using Fairlead.Drivers.Pipelines.Shared;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Pipelines.Shared;

public sealed class SharedSettingsTests
{
    private static readonly (string Private, string Public) Key = Machine.NewKey();
    private static readonly World World = new(TimeProvider.System, new Random(1));
    private static readonly Blob Blob = new(BlobKind.Bytes, "abc");

    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal)
    {
        ["FAIRLEAD_CACHE_URL"] = "https://cache.example.com/team",
        ["FAIRLEAD_CACHE_KEY"] = Key.Private,
    };

    [Fact]
    public void Who_has_a_key_reads_and_writes_and_who_only_trusts_reads()
    {
        Assert.Equal((true, true), Modes());
        variables.Remove("FAIRLEAD_CACHE_KEY");
        variables["FAIRLEAD_CACHE_TRUST"] = $"main:{Key.Public}";
        Assert.Equal((true, false), Modes());
        variables["FAIRLEAD_CACHE_KEY"] = Key.Private;
        variables["FAIRLEAD_CACHE_MODE"] = "write";
        Assert.Equal((false, true), Modes());
        variables["FAIRLEAD_CACHE_MODE"] = "read";
        Assert.Equal((true, false), Modes());
        variables.Remove("FAIRLEAD_CACHE_URL");
        Assert.Null(SharedSettings.Read(variables.GetValueOrDefault, World));
    }

    [Theory]
    [InlineData("FAIRLEAD_CACHE_URL", "cache.example.com")]
    [InlineData("FAIRLEAD_CACHE_URL", "ftp://u:s3cret@cache.example.com")]
    [InlineData("FAIRLEAD_CACHE_URL", "s3:///nowhere")]
    [InlineData("FAIRLEAD_CACHE_MODE", "sometimes")]
    [InlineData("FAIRLEAD_CACHE_KEY", "s3cret")]
    [InlineData("FAIRLEAD_CACHE_KEY", "")]
    [InlineData("FAIRLEAD_CACHE_TRUST", "main:s3cret")]
    [InlineData("FAIRLEAD_CACHE_URL", "s3://bucket")]
    public void What_makes_no_sense_is_said_before_anything_runs_and_without_secrets(string name, string value)
    {
        variables[name] = value;
        variables["HOME"] = "/nonexistent";
        var problem = Assert
            .Throws<ProblemException>(() => SharedSettings.Read(variables.GetValueOrDefault, World))
            .Problem;
        Assert.Contains(problem.Code, (string[])["pipeline.shared-cache", "aws.no-credentials"]);
        Assert.DoesNotContain("s3cret", $"{problem}", StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_are_asked_as_those_of_Bazel_are()
    {
        using var bearer = Of("https://cache.example.com/team").Of(HttpMethod.Get, Blob, null);
        Assert.Equal("https://cache.example.com/team/cas/abc", bearer.RequestUri!.AbsoluteUri);
        Assert.Null(bearer.Headers.Authorization);

        variables["FAIRLEAD_CACHE_TOKEN"] = "t0ken";
        using var token = Of("https://cache.example.com/").Of(HttpMethod.Put, Blob, null);
        Assert.Equal("Bearer t0ken", $"{token.Headers.Authorization}");

        variables.Remove("FAIRLEAD_CACHE_TOKEN");
        var named = Of("https://ci:p%40ss@cache.example.com:8443/a/?x=1#y");
        using var basic = named.Of(HttpMethod.Head, new(BlobKind.Entry, "abc"), null);
        Assert.Equal("Basic Y2k6cEBzcw==", $"{basic.Headers.Authorization}");
        Assert.Equal("https://cache.example.com:8443/a/ac/abc", basic.RequestUri!.AbsoluteUri);
        Assert.Equal("https://cache.example.com:8443/a/", named.Shown);
    }

    [Fact]
    public void Buckets_are_asked_with_a_signature_over_the_digest_of_what_is_sent()
    {
        variables["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
        variables["AWS_SECRET_ACCESS_KEY"] = "s3cret";
        variables["AWS_REGION"] = "eu-central-1";
        var digest = new string('c', 64);
        using var put = Of("s3://bucket/team/a").Of(HttpMethod.Put, Blob, digest);
        Assert.Equal("https://bucket.s3.eu-central-1.amazonaws.com/team/a/cas/abc", put.RequestUri!.AbsoluteUri);
        Assert.Equal(digest, put.Headers.GetValues("X-Amz-Content-Sha256").Single());
        Assert.Contains(
            "/eu-central-1/s3/aws4_request",
            put.Headers.GetValues("Authorization").Single(),
            StringComparison.Ordinal
        );

        variables["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:9000/";
        using var own = Of("s3://bucket").Of(HttpMethod.Get, Blob, null);
        Assert.Equal("http://127.0.0.1:9000/bucket/cas/abc", own.RequestUri!.AbsoluteUri);
    }

    private IBlobRequests Of(string address) => SharedSettings.RequestsOf(address, variables.GetValueOrDefault, World);

    private (bool, bool) Modes()
    {
        var settings = SharedSettings.Read(variables.GetValueOrDefault, World)!;
        return (settings.Reads, settings.Writes);
    }
}
