using CsCheck;
using Fairlead.Model.Apps;

namespace Fairlead.Tests.Guarding.Network;

public sealed class OutsideHostTests
{
    [Theory]
    [InlineData("api.stripe.com", "api.stripe.com:443")]
    [InlineData("smtp.example.com:587", "smtp.example.com:587")]
    [InlineData("db", "db:443")]
    [InlineData("10.0.0.0/8:5432", "10.0.0.0/8:5432")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8:443")]
    [InlineData("10.1.2.3", "10.1.2.3/32:443")]
    [InlineData("0.0.0.0/0:443/tcp", "0.0.0.0/0:443")]
    [InlineData("[2001:DB8:0::1]:443", "[2001:db8::1/128]:443")]
    [InlineData("[2001:db8::/32]", "[2001:db8::/32]:443")]
    [InlineData("time.example.com:123/udp", "time.example.com:123/udp")]
    public void A_host_is_read_in_its_one_way_of_writing(string text, string read) =>
        Assert.Equal(read, OutsideHost.TryParse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("API.example.com")]
    [InlineData("https://api.example.com")]
    [InlineData("*.example.com")]
    [InlineData("-a.example.com")]
    [InlineData("a..b")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("2001:db8::1")]
    [InlineData("[2001:db8::1%eth0]")]
    [InlineData("[10.0.0.1]")]
    [InlineData("a.example.com:0")]
    [InlineData("a.example.com:65536")]
    [InlineData("a.example.com:+1")]
    [InlineData("a.example.com/8")]
    [InlineData("a.example.com; drop")]
    public void What_is_no_host_is_none(string text) => Assert.Null(OutsideHost.TryParse(text));

    [Fact]
    public void Whatever_is_read_is_read_again_as_the_same() =>
        Gen.OneOf(
                Gen.Char["a1.-:/[]%ud tcp\n*"].Array[0, 24].Select(letters => new string(letters)),
                Gen.Select(Gen.UInt, Gen.Int[0, 33])
                    .Select(
                        (bits, length) => $"{bits >> 24}.{(bits >> 16) & 255}.{(bits >> 8) & 255}.{bits & 255}/{length}"
                    )
            )
            .Sample(text =>
            {
                var read = OutsideHost.TryParse(text);
                return read is null || OutsideHost.TryParse(read.ToString()) == read;
            });
}
