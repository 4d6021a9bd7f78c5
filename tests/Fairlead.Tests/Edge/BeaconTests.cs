using System.Text;
using Fairlead.Roles.Edge.Vitals;

namespace Fairlead.Tests.Edge;

/// <summary>The script for pages, and who may tell.</summary>
public sealed class BeaconTests
{
    [Fact]
    public void The_script_with_all_that_measures_is_smaller_than_3_kB() =>
        Assert.InRange(new VitalsScript().GzipBytes, 500, 2_999);

    [Theory]
    [InlineData("", true)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/156.0.0.0", true)]
    [InlineData("curl/8.5.0", true)]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari/604.1",
        false
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 10; CUBOT_X30) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36",
        false
    )]
    public void Programs_are_told_from_people(string userAgent, bool expected) =>
        Assert.Equal(expected, Bots.Is(userAgent));

    [Theory]
    [InlineData("{\"p\":\"/\",\"r\":\"web@42\",\"v\":{}}", "web@42")]
    [InlineData("{\"v\":{\"r\":\"web@1\"},\"p\":\"/\"}", null)]
    [InlineData("{\"r\":7}", null)]
    [InlineData("{\"r\":\"", null)]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    public void A_page_says_which_release_it_is_of(string body, string? expected) =>
        Assert.Equal(expected, Beacon.Claim(Encoding.UTF8.GetBytes(body)));
}
