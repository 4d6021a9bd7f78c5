using Fairlead.Model.Apps;
using Fairlead.Roles.Edge.Files;

namespace Fairlead.Tests.Edge.Files;

public sealed class SiteMapTests : IDisposable
{
    private readonly TempFolder folder = new();

    public SiteMapTests()
    {
        foreach (
            var name in new[]
            {
                "index.html",
                "about.html",
                "docs/index.html",
                "docs/a.html",
                "404.html",
                "both.html",
                "both/index.html",
                "app.js",
                "app.js.map",
                "_redirects",
                ".env",
            }
        )
        {
            folder.Write(name, name);
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("/", "index.html")]
    [InlineData("/index.html", "index.html")]
    [InlineData("/about", "about.html")]
    [InlineData("/about.html", "about.html")]
    [InlineData("/about/", "307 ../about")]
    [InlineData("/docs", "307 ./docs/")]
    [InlineData("/docs/", "docs/index.html")]
    [InlineData("/both", "both.html")]
    [InlineData("/both/", "both/index.html")]
    [InlineData("/app.js", "app.js")]
    [InlineData("/app.js.map", "")]
    [InlineData("/_redirects", "")]
    [InlineData("/.env", "")]
    [InlineData("/404", "")]
    [InlineData("/docs/../about", "")]
    public void By_default_a_page_is_found_with_and_without_its_ending(string path, string expected) =>
        Assert.Equal(expected, Show(new WebSettings(), path));

    [Theory]
    [InlineData("/about", "about.html")]
    [InlineData("/about.html", "308 ./about")]
    [InlineData("/docs/index.html", "308 ./")]
    [InlineData("/docs/a.html", "308 ./a")]
    [InlineData("/404.html", "404.html")]
    public void Clean_addresses_lead_away_from_the_ending(string path, string expected) =>
        Assert.Equal(expected, Show(new WebSettings { HasCleanUrls = true }, path));

    [Theory]
    [InlineData("/about", "")]
    [InlineData("/about.html", "about.html")]
    public void Without_clean_addresses_a_file_has_its_name_alone(string path, string expected) =>
        Assert.Equal(expected, Show(new WebSettings { HasCleanUrls = false }, path));

    [Theory]
    [InlineData("/", TrailingSlash.Remove, "index.html")]
    [InlineData("/docs", TrailingSlash.Remove, "docs/index.html")]
    [InlineData("/docs/", TrailingSlash.Remove, "308 ../docs")]
    [InlineData("/about/", TrailingSlash.Remove, "308 ../about")]
    [InlineData("/about", TrailingSlash.Add, "308 ./about/")]
    [InlineData("/about/", TrailingSlash.Add, "about.html")]
    [InlineData("/docs", TrailingSlash.Add, "308 ./docs/")]
    public void A_slash_is_added_or_removed_as_the_site_wants(string path, TrailingSlash slash, string expected) =>
        Assert.Equal(expected, Show(new WebSettings { TrailingSlash = slash }, path));

    [Fact]
    public void Source_maps_are_seen_only_where_they_are_kept() =>
        Assert.Equal("app.js.map", Show(new WebSettings { SourceMaps = SourceMaps.Keep }, "/app.js.map"));

    [Fact]
    public void The_manifest_overrules_vercel_json()
    {
        folder.Write("vercel.json", """{ "cleanUrls": true, "trailingSlash": true }""");
        Assert.Equal("308 ./about/", Show(new WebSettings(), "/about.html"));
        Assert.Equal("about.html", Show(new WebSettings { HasCleanUrls = false }, "/about.html"));
        Assert.Equal("308 ./about", Show(new WebSettings { TrailingSlash = TrailingSlash.Remove }, "/about.html"));
    }

    [Fact]
    public void A_files_rules_set_its_headers_and_how_long_it_is_kept()
    {
        folder.Write("_headers", "/app.js\n  Cache-Control: max-age=60\n  X-Robots-Tag: noindex\n");
        var shown = Map(new WebSettings()).Find("/app.js")!;
        Assert.Equal(
            ("max-age=60", "X-Robots-Tag: noindex"),
            (shown.CacheControl.ToString(), string.Join(" | ", shown.Headers.Select(one => $"{one.Name}: {one.Value}")))
        );
    }

    [Fact]
    public void Equal_bytes_have_equal_tags_in_every_release_and_shipped_forms_are_used()
    {
        using var other = new TempFolder();
        folder.Write("x.js", "let x = 1;");
        folder.Write("x.js.br", "br");
        folder.Write("x.js.gz", "longer than the file itself");
        other.Write("x.js", "let x = 1;");
        var (one, two) = (Map(new WebSettings()).Find("/x.js")!.File!, Scan(other.Path).ByName["/x.js"]);
        Assert.Equal(one.Plain.ETag, two.Plain.ETag);
        Assert.Equal(["br"], one.Encoded.Select(body => body.Encoding.ToString()));
    }

    private string Show(WebSettings settings, string path) =>
        Map(settings).Find(path) switch
        {
            { File: { } file } => file.Name[1..],
            { Location: { } location, Status: var status } => $"{status} {location}",
            _ => "",
        };

    private SiteMap Map(WebSettings settings) => SiteMap.Build(Scan(folder.Path), settings);

    private static SiteFiles Scan(string path) =>
        new SiteScan(path, new HotBytes(new HotRoom()), TestContext.Current.CancellationToken).Run();
}
