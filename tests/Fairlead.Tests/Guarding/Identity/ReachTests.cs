using System.Net;
using Fairlead.Drivers.Http;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Guarding.Identity;

/// <summary>Where an address that somebody chose may lead.</summary>
public sealed class AddressKindTests
{
    [Theory]
    [InlineData("93.184.216.34", AddressKind.Public)]
    [InlineData("2606:4700::1111", AddressKind.Public)]
    [InlineData("127.0.0.1", AddressKind.Inside)]
    [InlineData("127.9.9.9", AddressKind.Inside)]
    [InlineData("::1", AddressKind.Inside)]
    [InlineData("10.0.0.1", AddressKind.Inside)]
    [InlineData("172.31.255.255", AddressKind.Inside)]
    [InlineData("172.32.0.0", AddressKind.Public)]
    [InlineData("192.168.1.1", AddressKind.Inside)]
    [InlineData("100.64.0.1", AddressKind.Inside)]
    [InlineData("fd12:3456::1", AddressKind.Inside)]
    [InlineData("::ffff:127.0.0.1", AddressKind.Inside)]
    [InlineData("64:ff9b::7f00:1", AddressKind.Inside)]
    [InlineData("2002:7f00:1::", AddressKind.Inside)]
    [InlineData("169.254.169.254", AddressKind.Never)]
    [InlineData("::ffff:169.254.169.254", AddressKind.Never)]
    [InlineData("64:ff9b::a9fe:a9fe", AddressKind.Never)]
    [InlineData("2002:a9fe:a9fe::", AddressKind.Never)]
    [InlineData("::169.254.169.254", AddressKind.Never)]
    [InlineData("fd00:ec2::254", AddressKind.Never)]
    [InlineData("100.100.100.200", AddressKind.Never)]
    [InlineData("fe80::1", AddressKind.Never)]
    [InlineData("fe80::1%2", AddressKind.Never)]
    [InlineData("0.0.0.0", AddressKind.Never)]
    [InlineData("::", AddressKind.Never)]
    [InlineData("224.0.0.1", AddressKind.Never)]
    [InlineData("ff02::1", AddressKind.Never)]
    [InlineData("255.255.255.255", AddressKind.Never)]
    public void An_address_leads_where_the_registers_say(string address, AddressKind expected) =>
        Assert.Equal(expected, AddressKinds.Of(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1", AddressKind.Public)]
    [InlineData("localhost", AddressKind.Public)]
    [InlineData("2130706433", AddressKind.Public)]
    [InlineData("0x7f.1", AddressKind.Public)]
    [InlineData("169.254.169.254", AddressKind.Inside)]
    public async Task Nobody_is_connected_where_they_may_not_go(string host, AddressKind most)
    {
        var caught = await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await OutboundGuard.ConnectAsync(new DnsEndPoint(host, 80), most, TestContext.Current.CancellationToken)
        );

        Assert.EndsWith("where Fairlead is not sent by this setting.", caught.Message);
    }
}
