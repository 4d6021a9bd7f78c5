using System.Net;
using Fairlead.Roles.Edge.Gateway;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class ClientAddressTests
{
    private static readonly Networks Ours = new(["10.0.0.0/8", "2001:db8:1::/48", "192.0.2.1"]);

    [Theory]
    [InlineData("203.0.113.9", "6.6.6.6", "203.0.113.9")] // Nobody of ours: hearsay.
    [InlineData("10.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2, 192.0.2.1", "203.0.113.9")]
    [InlineData("10.0.0.1", "6.6.6.6|203.0.113.9,10.0.0.2", "203.0.113.9")] // Two lines of the header.
    [InlineData("10.0.0.1", "203.0.113.9:4711", "203.0.113.9")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.9, 7", "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.9,", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3")] // All are ours: the first of them.
    [InlineData("2001:db8:1::1", "203.0.113.9", "203.0.113.9")]
    public void The_last_address_that_is_not_ours_is_the_client(string connection, string forwarded, string client) =>
        Assert.Equal(
            IPAddress.Parse(client),
            ClientAddress.Of(IPAddress.Parse(connection), forwarded.Split('|'), Ours)
        );

    [Fact]
    public void A_household_of_IPv6_is_one_client_and_every_IPv4_address_is_its_own()
    {
        string[] addresses = ["2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.2", "::1"];
        Assert.Equal(5, addresses.Select(one => ClientAddress.Key(IPAddress.Parse(one))).Distinct().Count());
    }

    [Fact]
    public void A_line_that_never_ends_is_not_followed_for_ever() =>
        Assert.Equal(
            IPAddress.Parse("10.0.0.9"),
            ClientAddress.Of(
                IPAddress.Parse("10.0.0.1"),
                string.Join(',', Enumerable.Repeat("10.0.0.9", 100_000)),
                Ours
            )
        );
}
