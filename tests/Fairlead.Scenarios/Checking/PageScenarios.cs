using System.Text.Json;
using Fairlead.Scenarios.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Scenarios.Checking;

/// <summary>Pages in a real Chromium, with the real axe-core and Lighthouse of npm.</summary>
public sealed class PageScenarios
{
    internal static readonly string Peers = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "fairlead-peers",
        "checks"
    );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_keeps_people_out_is_told_with_its_place()
    {
        Need("axe-core");
        var html =
            "<!doctype html><html lang=en><title>Shop</title><main><h1>Shop</h1><img src=data:, ><button></button></main></html>";
        await using var site = await SampleSite.StartAsync(context => SampleSite.HtmlAsync(context, html));
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("fairlead.checks.yaml", "site: { windows: [800x600] }\n");
        folder.Write(
            "node_modules/axe-core/axe.min.js",
            await File.ReadAllTextAsync(Path.Combine(Peers, "node_modules/axe-core/axe.min.js"), Stop)
        );
        var (code, output, error) = await folder.RunAsync(
            Stop,
            "check",
            "accessibility",
            site.Url,
            "--json",
            "--report",
            "reports/axe.xml"
        );
        Assert.True(code == 1, output + error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(
            ["critical button-name / at 800x600: button", "critical image-alt / at 800x600: img"],
            json.RootElement.GetProperty("data")
                .GetProperty("findings")
                .EnumerateArray()
                .Select(static one =>
                    $"{one.GetProperty("severity").GetString()} {one.GetProperty("rule").GetString()} {one.GetProperty("where").GetString()}"
                )
                .Order(StringComparer.Ordinal)
        );
        html =
            "<!doctype html><html lang=en><title>Shop</title><main><h1>Shop</h1><img src=data:, alt=Shop><button>Buy</button></main></html>";
        (code, output, error) = await folder.RunAsync(Stop, "check", "accessibility", site.Url);
        Assert.True(code == 0, output + error);
    }

    [Fact]
    public async Task Without_axe_one_is_told_how_to_get_it()
    {
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("fairlead.checks.yaml", "{}\n");
        var (code, _, error) = await folder.RunAsync(Stop, "check", "accessibility", "http://127.0.0.1:1/");
        Assert.Equal(3, code);
        Assert.Contains("npm install --save-dev axe-core", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_browser_one_is_told_how_to_get_it()
    {
        using var folder = new CiFolder(new Dictionary<string, string> { ["FAIRLEAD_CHROMIUM"] = "/nowhere/chromium" });
        folder.Write("fairlead.checks.yaml", "{}\n");
        var (code, _, error) = await folder.RunAsync(Stop, "check", "visual", "http://127.0.0.1:1/");
        Assert.Equal(3, code);
        Assert.Contains("browser.missing", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_looks_as_it_was_approved_until_it_does_not()
    {
        Need();
        var (colour, visits) = ("#0b6e4f", 0);
        await using var site = await SampleSite.StartAsync(context =>
            SampleSite.HtmlAsync(
                context,
                $$"""
                <!doctype html><html lang=en><title>Shop</title><style>body{font:16px sans-serif} .box{width:200px;height:60px;background:{{colour}};color:#fff;border-radius:12px;padding:10px}
                @keyframes turn { to { transform: rotate(360deg) } } .spin{width:40px;height:40px;border:4px dashed #333;animation:turn .5s infinite linear}</style>
                <h1>Shop</h1><div class=box>Buy</div><div class=spin></div><p class=visits>Visitor {{++visits}}</p><p id=now></p>
                <script>document.getElementById('now').textContent = new Date().toISOString() + ' ' + Math.random()</script></html>
                """
            )
        );
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("fairlead.checks.yaml", "site: { masks: [.visits] }\n");
        var (code, output, error) = await folder.RunAsync(Stop, "check", "visual", site.Url);
        Assert.True(code == 1 && output.Contains("page-new", StringComparison.Ordinal), output + error);
        (code, output, error) = await folder.RunAsync(Stop, "check", "visual", "--approve", "all");
        Assert.True(code == 0, output + error);
        Assert.True(File.Exists(folder.PathOf("visual/home-390x844.png")));
        // Time goes on, wheels turn, visitors come: it looks the same.
        (code, output, error) = await folder.RunAsync(Stop, "check", "visual", site.Url);
        Assert.True(code == 0, output + error);
        colour = "#b3261e";
        (code, output, error) = await folder.RunAsync(
            Stop,
            "check",
            "visual",
            site.Url,
            "--report",
            "reports/visual.xml"
        );
        Assert.True(code == 1 && output.Contains("page-changed", StringComparison.Ordinal), output + error);
        Assert.True(File.Exists(folder.PathOf("reports/visual/home-1280x800.difference.png")));
        Keep(folder);
        (code, output, error) = await folder.RunAsync(Stop, "check", "visual", "--approve", "home-1280x800");
        Assert.True(code == 0, output + error);
        (code, output, error) = await folder.RunAsync(Stop, "check", "visual", site.Url, "--json");
        using var json = JsonDocument.Parse(output);
        Assert.Equal(
            ["/ at 390x844"],
            json.RootElement.GetProperty("data")
                .GetProperty("findings")
                .EnumerateArray()
                .Select(static one => one.GetProperty("where").GetString())
        );
        (code, _, error) = await folder.RunAsync(Stop, "check", "visual", "--approve", "../../etc/passwd");
        Assert.Equal(2, code);
        Assert.Contains("check.no-picture", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lighthouse_is_asked_several_times_and_its_median_counts()
    {
        Need("lighthouse");
        await using var site = await SampleSite.StartAsync(static context =>
            context.Request.Path == "/"
                ? SampleSite.HtmlAsync(context, "<!doctype html><html><title></title><img src=data:,></html>")
                : NoneAsync(context)
        );
        using var folder = new CiFolder(new Dictionary<string, string>());
        folder.Write("fairlead.checks.yaml", "site: { windows: [1280x800] }\n");
        var (code, output, error) = await folder.RunAsync(
            Stop,
            "check",
            "lighthouse",
            site.Url,
            "--runs",
            "1",
            "--folder",
            Peers,
            "--json"
        );
        Assert.True(code == 1, output + error);
        using var json = JsonDocument.Parse(output);
        Assert.Contains(
            "lighthouse-accessibility",
            json.RootElement.GetProperty("data")
                .GetProperty("findings")
                .EnumerateArray()
                .Select(static one => one.GetProperty("rule").GetString())
        );
    }

    private static Task NoneAsync(HttpContext context)
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }

    // For whoever wants to see what the report looks like.
    private static void Keep(CiFolder folder)
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_KEEP") is { Length: > 0 } place)
        {
            Directory.CreateDirectory(place);
            foreach (var file in Directory.EnumerateFiles(folder.PathOf("reports/visual")))
            {
                File.Copy(file, Path.Combine(place, Path.GetFileName(file)), overwrite: true);
            }
        }
    }

    internal static void Need(params string[] packages)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Assert.SkipUnless(
            path.Any(static one => File.Exists(Path.Combine(one, "chromium"))),
            "chromium is not installed (Debian package chromium)"
        );
        foreach (var package in packages)
        {
            Assert.SkipUnless(
                Directory.Exists(Path.Combine(Peers, "node_modules", package)),
                $"{package} is not installed: npm install --prefix {Peers} {package}"
            );
        }
    }
}
