using Fairlead.Model.Apps;
using static Fairlead.Tests.Edge.Gateway.GatewaySample;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class SecurityHeaderTests
{
    [Fact]
    public async Task The_standard_is_what_breaks_no_site() =>
        Assert.Equal(
            """
            200
            Permissions-Policy: camera=(), geolocation=(), microphone=()
            Referrer-Policy: strict-origin-when-cross-origin
            X-Content-Type-Options: nosniff
            X-Frame-Options: SAMEORIGIN
            """,
            Text(await Edge(SecurityPolicy.Standard).AskAsync("GET /"))
        );

    [Fact]
    public async Task Over_HTTPS_browsers_are_told_to_stay_there()
    {
        var edge = new GatewaySample(
            new()
            {
                Security = SecurityPolicy.Standard,
                TrustedProxies = ["192.0.2.0/24"],
                RequestIds = false,
            }
        );
        var answer = await edge.AskAsync("GET /", ("X-Forwarded-Proto", "https"));
        Assert.Equal("max-age=31536000", answer.Response.Headers.StrictTransportSecurity);
    }

    [Theory]
    [InlineData(false, "DENY")]
    [InlineData(true, "SAMEORIGIN")]
    public async Task What_the_app_has_set_stays_unless_it_is_overruled(bool isForced, string frame)
    {
        var edge = Edge(SecurityPolicy.Standard with { Force = isForced });
        edge.AppSets = ("X-Frame-Options", "DENY");
        Assert.Equal(frame, (await edge.AskAsync("GET /")).Response.Headers.XFrameOptions);
    }

    private static GatewaySample Edge(SecurityPolicy policy) => new(new() { Security = policy, RequestIds = false });
}
