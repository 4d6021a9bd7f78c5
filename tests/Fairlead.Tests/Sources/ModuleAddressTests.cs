using Fairlead.Drivers.Git;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Sources;

/// <summary>Addresses of submodules, which whoever pushes may write.</summary>
public sealed class ModuleAddressTests
{
    [Theory]
    [InlineData("../lib.git", "https://git.example.com/acme/lib.git")]
    [InlineData("../../other/lib.git", "https://git.example.com/other/lib.git")]
    [InlineData("./lib", "https://git.example.com/acme/shop.git/lib")]
    [InlineData("https://git.example.com/other/lib.git", "https://git.example.com/other/lib.git")]
    [InlineData("https://GIT.example.com/other/lib.git", "https://git.example.com/other/lib.git")]
    [InlineData("git@git.example.com:other/lib.git", "https://git.example.com/other/lib.git")]
    [InlineData("ssh://git@git.example.com/other/lib.git", "https://git.example.com/other/lib.git")]
    [InlineData("https://friend.example.com/lib.git", "https://friend.example.com/lib.git")]
    [InlineData("git@friend.example.com:lib.git", "ssh://git@friend.example.com/lib.git")]
    public void The_own_host_is_asked_in_the_own_way_and_others_that_were_named(string url, string asked) =>
        Assert.Equal((asked, ""), ModuleAddress.Of(url, "https://git.example.com/acme/shop.git", Order()));

    [Theory]
    [InlineData("https://evil.example.com/lib.git", "nobody named")]
    [InlineData("https://git.example.com.evil.example.com/lib.git", "nobody named")]
    [InlineData("https://git.example.com:8443/lib.git", "nobody named")]
    [InlineData("http://git.example.com/lib.git", "no way")]
    [InlineData("http://friend.example.com/lib.git", "no way")]
    [InlineData("file:///etc/secret.git", "no way")]
    [InlineData("file://git.example.com/secret.git", "no way")]
    [InlineData("/etc/secret.git", "no")]
    [InlineData("ext::sh -c id", "no address")]
    [InlineData("ext::sh", "no address")]
    [InlineData("https://git.example.com/ext::sh", "no address")]
    [InlineData("git://git.example.com/lib.git", "no way")]
    [InlineData("-uploadpack=id", "no address")]
    [InlineData("ssh://-oProxyCommand=id/lib.git", "no")]
    [InlineData("git@friend.example.com:-x", "no address")]
    [InlineData("https://user:word@git.example.com/lib.git", "a login")]
    [InlineData("https://user@git.example.com/lib.git", "no address")]
    [InlineData("https://git.example.com/lib.git?x=1", "a query")]
    [InlineData("../../../../../../etc", "no address")]
    [InlineData("lib", "no address")]
    [InlineData("", "no address")]
    [InlineData("https://git.example.com/a\nb", "no address")]
    public void Nothing_else_is_asked(string url, string why)
    {
        var (asked, said) = ModuleAddress.Of(url, "https://git.example.com/acme/shop.git", Order());
        Assert.Null(asked);
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_by_ssh_asks_its_host_by_ssh_and_by_https()
    {
        var order = Order() with { Url = "ssh://git@git.example.com/acme/shop.git" };
        Assert.Equal("ssh://git@git.example.com/acme/lib.git", ModuleAddress.Of("../lib.git", order.Url, order).Url);
        Assert.Equal(
            "https://git.example.com/acme/lib.git",
            ModuleAddress.Of("https://git.example.com/acme/lib.git", order.Url, order).Url
        );
        Assert.Null(ModuleAddress.Of("https://git.example.com:8443/acme/lib.git", order.Url, order).Url);
    }

    [Fact]
    public void A_source_of_this_machine_lets_no_submodule_be_another_folder_of_it() =>
        Assert.Null(
            ModuleAddress
                .Of(
                    "../lib.git",
                    "file:///srv/shop.git",
                    Order() with
                    {
                        Url = "file:///srv/shop.git",
                        IsInside = true,
                    }
                )
                .Url
        );

    [Fact]
    public void Addresses_are_read_by_their_paths() =>
        Assert.Equal(
            new Dictionary<string, string> { ["libs/a b"] = "../b.git" },
            ModuleAddress.Read(
                "submodule.one.path\nlibs/a b\0submodule.one.url\n../a.git\0submodule.one.url\n../b.git\0submodule.two.url\nx\0submodule.three.path\ny\0core.x\ny\0submodule.one.update\n!id\0"
            )
        );

    [Fact]
    public void Git_lfs_asks_the_repositorys_own_host_and_its_token_goes_nowhere_else()
    {
        var env = GitSettings.Lfs(Order() with { Token = new("s3cret") }, "/home", "/storage");
        var settings = Enumerable
            .Range(0, int.Parse(env["GIT_CONFIG_COUNT"], System.Globalization.CultureInfo.InvariantCulture))
            .ToDictionary(at => env[$"GIT_CONFIG_KEY_{at}"], at => env[$"GIT_CONFIG_VALUE_{at}"]);

        Assert.Equal("https://git.example.com/acme/shop.git/info/lfs", settings["lfs.url"]);
        Assert.Equal("true", settings["lfs.basictransfersonly"]);
        Assert.Equal(
            ["http.https://git.example.com/acme/shop.git/info/lfs.extraHeader"],
            settings
                .Where(static one => one.Value.StartsWith("Authorization", StringComparison.Ordinal))
                .Select(static one => one.Key)
        );
    }

    private static GitOrder Order() =>
        new("shop", "https://git.example.com/acme/shop.git", IsInside: false, null, new Dictionary<int, string>())
        {
            ModuleHosts = ["friend.example.com"],
        };
}
