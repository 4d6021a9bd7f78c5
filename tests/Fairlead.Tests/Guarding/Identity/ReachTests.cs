using System.Net;
using Fairlead.Drivers.Http;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Guarding.Identity;

/// <summary>Where an address that somebody chose may lead.</summary>
public sealed class ReachTests
{
    [Theory]
    [InlineData("93.184.216.34", Reach.Public)]
    [InlineData("2606:4700::1111", Reach.Public)]
    [InlineData("127.0.0.1", Reach.Inside)]
    [InlineData("127.9.9.9", Reach.Inside)]
    [InlineData("::1", Reach.Inside)]
    [InlineData("10.0.0.1", Reach.Inside)]
    [InlineData("172.31.255.255", Reach.Inside)]
    [InlineData("172.32.0.0", Reach.Public)]
    [InlineData("192.168.1.1", Reach.Inside)]
    [InlineData("100.64.0.1", Reach.Inside)]
    [InlineData("fd12:3456::1", Reach.Inside)]
    [InlineData("::ffff:127.0.0.1", Reach.Inside)]
    [InlineData("64:ff9b::7f00:1", Reach.Inside)]
    [InlineData("2002:7f00:1::", Reach.Inside)]
    [InlineData("169.254.169.254", Reach.Never)]
    [InlineData("::ffff:169.254.169.254", Reach.Never)]
    [InlineData("64:ff9b::a9fe:a9fe", Reach.Never)]
    [InlineData("2002:a9fe:a9fe::", Reach.Never)]
    [InlineData("::169.254.169.254", Reach.Never)]
    [InlineData("fd00:ec2::254", Reach.Never)]
    [InlineData("100.100.100.200", Reach.Never)]
    [InlineData("fe80::1", Reach.Never)]
    [InlineData("fe80::1%2", Reach.Never)]
    [InlineData("0.0.0.0", Reach.Never)]
    [InlineData("::", Reach.Never)]
    [InlineData("224.0.0.1", Reach.Never)]
    [InlineData("ff02::1", Reach.Never)]
    [InlineData("255.255.255.255", Reach.Never)]
    public void An_address_leads_where_the_registers_say(string address, Reach expected) =>
        Assert.Equal(expected, Reaches.Of(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1", Reach.Public)]
    [InlineData("localhost", Reach.Public)]
    [InlineData("2130706433", Reach.Public)]
    [InlineData("0x7f.1", Reach.Public)]
    [InlineData("169.254.169.254", Reach.Inside)]
    public async Task Nobody_is_connected_where_they_may_not_go(string host, Reach most)
    {
        var caught = await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await OutboundGuard.ConnectAsync(new DnsEndPoint(host, 80), most, TestContext.Current.CancellationToken)
        );

        Assert.EndsWith("where Fairlead is not sent by this setting.", caught.Message);
    }
}
