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

    [Fact]
    public void Nothing_prints_a_secret()
    {
        var zones = new Route53Zones.Settings { AccessKeyId = "AKIDEXAMPLE", SecretAccessKey = "hidden" };

        Assert.Equal(("AWS as AKIDEXAMPLE", "Route 53 as AKIDEXAMPLE"), (Keys.ToString(), zones.ToString()));
    }
}
