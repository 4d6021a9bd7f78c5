using Fairlead.Engine.Deploying;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Imaging;

/// <summary>What goes into which layer, how it is started, what is advised, what must stay.</summary>
public sealed class ImagePlanTests
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private const string Deps = """
        {"targets":{".NETCoreApp,Version=v10.0":{"shop/1.0.0":{"runtime":{"shop.dll":{}}},
        "Npgsql/9.0.3":{"runtime":{"lib/net8.0/Npgsql.dll":{}},"runtimeTargets":{"runtimes/linux-x64/native/libx.so":{}}}}},
        "libraries":{"shop/1.0.0":{"type":"project"},"Npgsql/9.0.3":{"type":"package"}}}
        """;

    [Fact]
    public void What_packages_brought_comes_before_the_code()
    {
        var list = string.Join(
            '\n',
            $"d {Hash} node_modules",
            $"f {Hash} node_modules/react/index.js",
            $"l {Hash} node_modules/.bin",
            $"x {Hash} server.js",
            $"f {Hash} Npgsql.dll",
            $"f {Hash} odd\\nname\\\\x",
            ""
        );
        var (dependencies, code) = ImagePlan.Split(list, "/artifact", ImagePlan.PackageFiles(Deps), static _ => "../x");
        Assert.Equal(
            [
                new LayerEntry.Folder("app/node_modules"),
                new LayerEntry.Copy("app/node_modules/react/index.js", "/artifact/node_modules/react/index.js", false),
                new LayerEntry.Link("app/node_modules/.bin", "../x"),
                new LayerEntry.Copy("app/Npgsql.dll", "/artifact/Npgsql.dll", false),
            ],
            dependencies
        );
        Assert.Equal(
            [
                new LayerEntry.Copy("app/server.js", "/artifact/server.js", true),
                new LayerEntry.Copy("app/odd\nname\\x", "/artifact/odd\nname\\x", false),
            ],
            code
        );
    }

    [Fact]
    public void Dotnets_own_list_says_which_files_packages_brought() =>
        Assert.Equal(["Npgsql.dll", "libx.so"], ImagePlan.PackageFiles(Deps).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"targets":1,"libraries":{"a":{"type":"package"}}}""")]
    [InlineData("""{"targets":{"a":{"b":7}},"libraries":{"b":{"type":"package"}}}""")]
    public void A_list_that_cannot_be_read_says_nothing(string deps) => Assert.Empty(ImagePlan.PackageFiles(deps));

    [Theory]
    [InlineData(null, "8080")]
    [InlineData(5000, "5000")]
    public void It_listens_where_the_image_says(int? port, string expected) =>
        Assert.Equal(
            ["dotnet", "shop.dll", "--urls", $"http://*:{expected}"],
            ImagePlan.Entrypoint(ServiceOf(port, ["dotnet", "shop.dll", "--urls", "http://*:{port}"]))
        );

    [Fact]
    public void A_layers_report_says_what_is_large_and_what_nobody_needs()
    {
        var sizes = new Dictionary<string, long>
        {
            ["/a/x.js"] = 100,
            ["/a/x.js.map"] = 900,
            ["/a/y"] = 300_000_000,
        };
        var entries = new[]
        {
            new LayerEntry.Copy("app/node_modules/react/x.js", "/a/x.js", false),
            new LayerEntry.Copy("app/node_modules/react/x.js.map", "/a/x.js.map", false),
        };
        var layer = new Layer(new(MediaTypes.GzipLayer, Digest.Of("x"u8), 500), Digest.Of("y"u8), 1000, 2);
        var report = SizeReport.Of("dependencies", layer, entries, path => sizes[path]);
        Assert.Equal(["app/node_modules/react 1.0 kB"], report.Largest);
        Assert.StartsWith("900 B are source maps: ", Assert.Single(report.Advice), StringComparison.Ordinal);
        var large = SizeReport.Of(
            "code",
            layer with
            {
                Bytes = 300_000_000,
            },
            [new LayerEntry.Copy("app/y", "/a/y", false)],
            path => sizes[path]
        );
        Assert.StartsWith("It has 300.0 MB unpacked", Assert.Single(large.Advice), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "1 2 3 4 5 6 7 8 9 40 41")]
    [InlineData(3, "5 8 9 40 41")]
    [InlineData(0, "5 8 9 40 41")]
    public void What_runs_or_can_be_rolled_back_to_stays_however_few_are_asked_for(int? most, string kept)
    {
        var site = new SiteRecord(new Site("shop", "production"))
        {
            // Taken back to 5 by hand; 9 was live before.
            Live = 5,
            History = [1, 2, 3, 4, 5, 6, 7, 8, 9, 5],
            Warm = [new(new Part("api", 8), 8, 1, default)],
            Active = "a",
            Queue = ["b"],
        };
        Assert.Equal(
            kept,
            string.Join(
                ' ',
                Retention
                    .Kept(site, [DeploymentOf("a", 40), DeploymentOf("b", 41), DeploymentOf("c", 39)], most)
                    .Order()
            )
        );
    }

    [Theory]
    [InlineData(null, "Found { }")]
    [InlineData("scratch", "Scratch { }")]
    [InlineData("host", "Host { }")]
    [InlineData("node:22", "Image { Name = docker.io/library/node:22 }")]
    public void A_base_is_chosen_by_a_word_or_an_images_name(string? text, string expected) =>
        Assert.Equal(expected, $"{BaseChoice.Of(text)}");

    private static Deployment DeploymentOf(string id, int release) =>
        new()
        {
            Id = id,
            Site = new("shop", "production"),
            Release = release,
            RequestedAt = default,
            Deadline = default,
        };

    private static Service ServiceOf(int? port, IReadOnlyList<string> run) =>
        new()
        {
            Name = "api",
            Kind = Kind.Api,
            Path = ".",
            Recipe = new() { Stack = "aspnet", Run = run },
            Health = new(),
            Replicas = 1,
            Port = port,
        };
}
