using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Drivers.Forwarding;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Tests.Drivers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>What a vendor is sent: at the place of its format, with its key, and never ours.</summary>
public sealed class ForwardingTests
{
    private const string Ours = "fl173686f702f70726f64756374696f6e0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(
        "https://key@o1.ingest.sentry.io/42",
        "sentry",
        "/api/1/envelope/",
        "https://o1.ingest.sentry.io/api/42/envelope/"
    )]
    [InlineData(
        "https://key@host:9000/behind/proxy/42",
        "sentry",
        "/api/1/store/",
        "https://host:9000/behind/proxy/api/42/store/"
    )]
    [InlineData("https://key@api.rollbar.com", "rollbar", "/api/1/item/", "https://api.rollbar.com/api/1/item/")]
    [InlineData("https://key@notify.bugsnag.com", "bugsnag", "/notify", "https://notify.bugsnag.com/notify")]
    [InlineData("https://key@host/bugs", "bugsnag", "/sessions", "https://host/bugs/sessions")]
    public void Each_format_has_its_place(string to, string format, string path, string expected)
    {
        using var request = VendorForwarder.RequestOf(new Uri(to), Original(format, path, "{}"));

        Assert.Equal(expected, request.RequestUri!.AbsoluteUri);
        Assert.Contains(
            request.Headers,
            header =>
                header.Value.Any(value => value == "key" || value.EndsWith("sentry_key=key", StringComparison.Ordinal))
        );
        Assert.DoesNotContain("@", request.RequestUri.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "sentry",
        "{\"dsn\":\"http://"
            + Ours
            + "@127.0.0.1:8077/1\",\"trace\":{\"public_key\":\""
            + Ours
            + "\"}}\n{\"type\":\"event\",\"length\":2}\n{}",
        "{\"dsn\":\"https://key@host/7\",\"trace\":{\"public_key\":\"key\"}}\n{\"type\":\"event\",\"length\":2}\n{}"
    )]
    [InlineData("rollbar", "{\"access_token\":\"" + Ours + "\",\"é\":1}", "{\"access_token\":\"key\",\"é\":1}")]
    [InlineData("bugsnag", "{\"apiKey\":\"" + Ours + "\"}", "{\"apiKey\":\"key\"}")]
    [InlineData("sentry", "{\"public_key\":\"" + Ours + "\"}", "{\"public_key\":\"key\"}")]
    public void Our_key_is_not_told(string format, string body, string expected) =>
        Assert.Equal(
            expected,
            Encoding.UTF8.GetString(
                VendorForwarder.BodyOf(new("https://key@host/7"), "key", Original(format, "/x", body)).Span
            )
        );

    [Fact]
    public async Task What_somebody_chose_who_operates_one_app_does_not_lead_to_this_machine()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var here = new Uri($"http://key@{listener.LocalEndpoint}/7");
        await using var forwarder = new VendorForwarder(
            new World(new HastyClock(DateTimeOffset.UnixEpoch), new Random(1)),
            NullLogger.Instance
        );
        var stop = TestContext.Current.CancellationToken;

        forwarder.Offer(new("shop", "production"), new(here, AddressKind.Public), Original("rollbar", "/x", "{}"));
        // In order: once this one comes, the other has been given up.
        forwarder.Offer(new("shop", "production"), new(here, AddressKind.Inside), Original("rollbar", "/x", "{}"));
        using var came = await listener.AcceptTcpClientAsync(stop);
        Assert.Equal((0, 1), forwarder.Counts);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("*", AddressKind.Inside)]
    [InlineData("shop", AddressKind.Public)]
    public void How_far_an_address_may_lead_depends_on_who_chose_it(string team, AddressKind most)
    {
        var caller = new Principal(PrincipalKind.Person, "olga", "Olga") { Grants = [new Grant("operator", team)] };
        var policy = new AccessPolicy(Role.BuiltIn, []);
        Assert.Equal(
            most,
            ForwardErrors.Most(
                new EngineContext
                {
                    World = new World(TimeProvider.System, new Random(1)),
                    OpenFolder = _ => throw new NotSupportedException(),
                    WriteNewFile = (_, _) => { },
                    Standing = new Standing(caller, policy, []),
                }
            )
        );
    }

    private static Original Original(string format, string path, string body) =>
        new(format, path, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body));
}
