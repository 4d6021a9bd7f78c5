using Fairlead.Drivers.Builds.Web;
using Fairlead.Model.Apps;
using Fairlead.Model.Web;

namespace Fairlead.Tests.Drivers.Builds;

public sealed class SiteCheckTests : IDisposable
{
    private readonly Edge.TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_sound_site_has_no_warnings()
    {
        folder.Write(
            "index.html",
            """<link href="/app.css"><script src=app.js></script><a href="/docs">docs</a><img src='data:x'>"""
        );
        folder.Write("app.css", "a {}");
        folder.Write("app.js", "x");
        Assert.Empty(Warnings(new WebSettings()));
    }

    [Fact]
    public void What_a_site_lacks_or_should_not_ship_is_a_warning_with_its_place()
    {
        folder.Write(
            "docs/index.html",
            """<script src="../lost.js"></script><img src="/old.png"><img src="pic.png?v=1">"""
        );
        folder.Write("docs/pic.png", "x");
        folder.Write("_redirects", "/old.png /docs/pic.png\n/a /b 999\n");
        folder.Write("app.js.map", "{}");
        folder.Write(".env", "KEY=1");
        Assert.Equal(["_redirects:2", "/", "/.env", "/app.js.map", "/docs/index.html"], Warnings(new WebSettings()));
        Assert.DoesNotContain("/app.js.map", Warnings(new WebSettings { SourceMaps = SourceMaps.Keep }));
    }

    [Fact]
    public void Each_budget_that_is_exceeded_is_named_with_its_numbers()
    {
        folder.Write("index.html", new string('a', 100_000));
        folder.Write("app.js", string.Concat(Enumerable.Range(0, 20_000)));
        folder.Write("logo.png", new string('x', 5_000));
        var budget = new SizeBudget
        {
            Total = 100_000,
            Js = 10_000,
            Css = 1,
            Image = 5_000,
            Html = 1_000,
        };
        Assert.Equal(
            [
                "The build of web is larger than its budget for total.",
                "The build of web is larger than its budget for js.",
            ],
            Check(new WebSettings { Budget = budget }).OverBudget().Select(one => one.What)
        );
        Assert.Empty(Check(new WebSettings()).OverBudget());
    }

    [Theory]
    [InlineData("<a href='x.html'>", "/docs/x.html")]
    [InlineData("<a HREF=\"../x.html#top\">", "/x.html")]
    [InlineData("<a href=\"/a%20b.html?x=1&amp;y=2\">", "/a b.html")]
    [InlineData("<a href=\"https://elsewhere.example/x.html\">", "")]
    [InlineData("<a href=\"//elsewhere.example/x.html\">", "")]
    [InlineData("<a href=\"mailto:me@example\">", "")]
    [InlineData("<a href=\"#top\">", "")]
    [InlineData("<!-- <a href=\"x.html\"> -->", "")]
    [InlineData("<base href=\"/other/\"><a href=\"x.html\">", "")]
    [InlineData("<a data-href=\"x.html\">", "")]
    public void A_pages_references_are_those_to_its_own_site(string html, string expected) =>
        Assert.Equal(expected, string.Join(' ', HtmlReferences.Of("/docs/index.html", html)));

    private IEnumerable<string> Warnings(WebSettings settings) => Check(settings).Warnings().Select(one => one.Where!);

    private SiteCheck Check(WebSettings settings) => new(folder.Path, "web", settings);
}
