using System.Text;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Dns;

namespace Fairlead.Tests.Drivers.Aws;

/// <summary>The vectors that AWS publishes for Signature Version 4.</summary>
public sealed class AwsSignatureTests
{
    private static readonly AwsKeys Keys = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData(
        "GET",
        "/?Param2=value2&Param1=value1",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    )]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void Requests_are_signed_as_published(string method, string path, string signature)
    {
        using var request = new HttpRequestMessage(new(method), $"https://example.amazonaws.com{path}");

        new AwsSignature(Keys, "us-east-1", "service").Sign(
            request,
            body: [],
            new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero)
        );

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + $"SignedHeaders=host;x-amz-date, Signature={signature}",
            request.Headers.GetValues("Authorization").Single()
        );
    }

    /// <summary>From AWS's page "Authenticating Requests: Using the Authorization Header".</summary>
    [Theory]
    [InlineData(
        "GET",
        "/test.txt",
        "Range: bytes=0-9",
        "",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )]
    [InlineData(
        "PUT",
        "/test%24file.text",
        "Date: Fri, 24 May 2013 00:00:00 GMT\nx-amz-storage-class: REDUCED_REDUNDANCY",
        "Welcome to Amazon S3.",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    )]
    [InlineData("GET", "/?lifecycle", "", "", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData(
        "GET",
        "/?max-keys=2&prefix=J",
        "",
        "",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    )]
    public void Requests_to_S3_are_signed_as_published(
        string method,
        string path,
        string headers,
        string body,
        string signature
    )
    {
        using var request = new HttpRequestMessage(new(method), $"https://examplebucket.s3.amazonaws.com{path}");
        foreach (var header in headers.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            request.Headers.TryAddWithoutValidation(header.Split(": ", 2)[0], header.Split(": ", 2)[1]);
        }
        var keys = new AwsKeys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

        new AwsSignature(keys, "us-east-1", "s3").Sign(
            request,
            Encoding.UTF8.GetBytes(body),
            new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero)
        );

        Assert.EndsWith(
            $"Signature={signature}",
            request.Headers.GetValues("Authorization").Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Nothing_prints_a_secret()
    {
        var zones = new Route53Zones.Settings { AccessKeyId = "AKIDEXAMPLE", SecretAccessKey = "hidden" };

        Assert.Equal(("AWS as AKIDEXAMPLE", "Route 53 as AKIDEXAMPLE"), (Keys.ToString(), zones.ToString()));
    }
}
