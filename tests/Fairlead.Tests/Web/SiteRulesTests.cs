using System.Text;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Tests.Web;

public sealed class SiteRulesTests
{
    private const int FuzzRuns = 3_000;

    private static readonly string[] Parts =
    [
        "/",
        "*",
        ":a",
        ":splat",
        "/a/",
        "//",
        " ",
        "\t",
        "\n",
        "\r",
        "301",
        "200!",
        "!",
        "#",
        "id=:id",
        "=",
        "https://",
        "x.example",
        "?q=1",
        "%0d%0a",
        "\0",
        "é",
        "\\",
        "Name: value",
        ":",
        "{",
        "}",
        "[",
        "\"source\":",
        "\"/(.*)\"",
        "\"redirects\":",
        ",",
        "(",
        ")",
        "..",
        "/../",
        "Set-Cookie: a=b",
    ];

    [Theory]
    [InlineData("/home / 301", "/home", "301 /")]
    [InlineData("/home /", "/home/", "301 /")]
    [InlineData("/home / # why\n#/home /x", "/home", "301 /")]
    [InlineData("/a /first\n/a /second", "/a", "301 /first")]
    [InlineData("/a/* /all\n/a/b /one", "/a/b", "301 /all")]
    [InlineData("/a/b /one\n/a/* /all", "/a/b", "301 /one")]
    [InlineData("/news/* /blog/:splat 302", "/news/2026/may", "302 /blog/2026/may")]
    [InlineData("/news/* /blog/:splat 302", "/news", "302 /blog/")]
    [InlineData("/:year/:slug /posts/:slug-:year 307", "/2026/hello", "307 /posts/hello-2026")]
    [InlineData("/store id=:id /shop/:id", "/store?id=5", "301 /shop/5")]
    [InlineData("/store id=:id /shop/:id", "/store", "")]
    [InlineData("/store id=5 /five", "/store?id=6", "")]
    [InlineData("/caf%C3%A9 /coffee", "/café", "301 /coffee")]
    [InlineData("/x https://example.com:8080/y?z=1 308", "/x", "308 https://example.com:8080/y?z=1")]
    [InlineData("http://old.example/* https://new.example/:splat 301!", "/x", "")]
    [InlineData("http://shop.example/* https://new.example/:splat 301!", "/x", "301 https://new.example/x")]
    [InlineData("/old/* /:splat", "/old//evil.example", "301 /evil.example")]
    [InlineData("/old/* /to/:splat", "/old/a\r\nSet-Cookie: x", "301 /to/a%0D%0ASet-Cookie%3A%20x")]
    [InlineData("/gone /410.html 410", "/gone", "410 /410.html")]
    public void The_first_redirect_that_matches_holds(string file, string asked, string expected) =>
        Assert.Equal(expected, Followed(SiteRules.Read(Files(("_redirects", file))), asked));

    [Theory]
    [InlineData("""{"redirects":[{"source":"/a","destination":"/b"}]}""", "/a", "308 /b")]
    [InlineData("""{"redirects":[{"source":"/a","destination":"/b","permanent":false}]}""", "/a", "307 /b")]
    [InlineData(
        """{"redirects":[{"source":"/a/:path*","destination":"/b/:path*","statusCode":301}]}""",
        "/a/x/y",
        "301 /b/x/y"
    )]
    [InlineData("""{"redirects":[{"source":"/a/(.*)","destination":"/b/$1"}]}""", "/a/x", "308 /b/x")]
    [InlineData("""{"rewrites":[{"source":"/(.*)","destination":"/index.html"}]}""", "/any/thing", "200 /index.html")]
    [InlineData(
        """{"redirects":[{"source":"/a","has":[{"type":"query","key":"v","value":"1"}],"destination":"/b"}]}""",
        "/a?v=1",
        "308 /b"
    )]
    [InlineData(
        """{"redirects":[{"source":"/a","missing":[{"type":"header","key":"x-in"}],"destination":"/b"}]}""",
        "/a",
        "308 /b"
    )]
    [InlineData(
        """{"redirects":[{"source":"/a","has":[{"type":"cookie","key":"in"}],"destination":"/b"}]}""",
        "/a",
        ""
    )]
    public void Vercels_redirects_and_rewrites_hold_as_there(string file, string asked, string expected) =>
        Assert.Equal(expected, Followed(SiteRules.Read(Files(("vercel.json", file))), asked));

    [Fact]
    public void Headers_of_all_matching_paths_are_joined()
    {
        var rules = SiteRules.Read(
            Files(
                (
                    "_headers",
                    "# all\n/*\n  X-Frame-Options: DENY\n  Cache-Control: no-cache\n\n/assets/*.js\n  cache-control: no-store\n/posts/:id\n\tX-Post: yes\n"
                ),
                (
                    "vercel.json",
                    """{"headers":[{"source":"/assets/(.*)","headers":[{"key":"X-From","value":"vercel"}]}]}"""
                )
            )
        );
        Assert.Empty(rules.Findings);
        Assert.Equal(
            "X-Frame-Options: DENY | Cache-Control: no-cache, no-store | X-From: vercel",
            Headers("/assets/a.js")
        );
        Assert.Equal("X-Frame-Options: DENY | Cache-Control: no-cache | X-Post: yes", Headers("/posts/7"));

        string Headers(string path) =>
            string.Join(" | ", rules.HeadersOf(path).Select(one => $"{one.Name}: {one.Value}"));
    }

    [Fact]
    public void Every_line_that_is_not_understood_is_a_finding_with_its_place()
    {
        var rules = SiteRules.Read(
            Files(
                (
                    "_redirects",
                    """
                    /only-one
                    /a /b 999
                    /a /b 302 Country=de
                    /api/* https://api.example/:splat 200
                    /a/*/b /c
                    /x/:id /y/:other
                    /x /y\evil
                    /x https://:sub.example/
                    /turn /around
                    /around /turn
                    /self/ /self
                    """
                ),
                (
                    "_headers",
                    "X-Alone: 1\n/*\n  Content-Length: 5\n  no header\n  Bad Name: x\n  X-Empty:\n  Transfer-Encoding: chunked\n  Fairlead-Release: me\n/a*b*c\n  X: skipped\n"
                ),
                (
                    "vercel.json",
                    """
                    {"functions":{}, "cleanUrls":"yes",
                     "rewrites":[{"source":"/((?!api).*)","destination":"/"},{"source":"/api/(.*)","destination":"https://api.example/$1"}],
                     "redirects":[{"source":"/:id(\\d+)","destination":"/x"},{"destination":"/x"},
                       {"source":"/a","has":[{"type":"header","key":"x","value":"^a.*"}],"destination":"/b"}]}
                    """
                )
            )
        );
        Assert.Equal(
            "_redirects:1,2,3,4,5,6,7,8 _headers:1,3,4,5,6,7,8,9 vercel.json:functions,cleanUrls,rewrites[0],rewrites[1],redirects[0],redirects[1],redirects[2] _redirects:9,10,11",
            Places(rules.Findings)
        );
        Assert.All(rules.Findings, one => Assert.All([one.What, one.Why, one.Fix], Assert.NotEmpty));
        Assert.Equal((0, 0), (rules.Forced.Count, rules.Others.Count));
    }

    [Fact]
    public void A_broken_vercel_json_is_one_finding_and_changes_nothing()
    {
        var rules = SiteRules.Read(Files(("vercel.json", "{\n \"cleanUrls\": tru")));
        Assert.Equal(["vercel.json:2"], rules.Findings.Select(one => one.Where));
        Assert.Null(rules.HasCleanUrls);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_written_is_read_in_bounded_time_and_never_breaks_a_header(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < FuzzRuns; run++)
        {
            var text = new StringBuilder();
            for (var at = random.Next(60); at > 0; at--)
            {
                text.Append(Parts[random.Next(Parts.Length)]);
            }
            var asked =
                "/" + string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Parts[random.Next(Parts.Length)]));
            var file = text.ToString();
            var rules = SiteRules.Read(
                Files(("_redirects", file), ("_headers", file), ("vercel.json", "{" + file + "}"))
            );
            var followed = Followed(rules, asked);
            var headers = rules.HeadersOf(asked);
            Assert.False(
                followed.Any(char.IsControl)
                    || followed.Contains(" //", StringComparison.Ordinal)
                    || headers.Any(one => one.Value.Any(letter => letter is '\r' or '\n' or '\0')),
                $"seed {seed}, run {run}: {file} asked {asked} gave {followed}"
            );
        }
    }

    // Findings of one file in a row share its name.
    private static string Places(IEnumerable<Problem> findings)
    {
        var (text, last) = ("", "");
        foreach (var where in findings.Select(one => one.Where!))
        {
            var file = where[..where.IndexOf(':', StringComparison.Ordinal)];
            text += file == last ? "," + where[(file.Length + 1)..] : $" {where}";
            last = file;
        }
        return text.Trim();
    }

    private static string Followed(SiteRules rules, string asked)
    {
        var request = new Request(asked);
        return (rules.Forced.Find(request) ?? rules.Others.Find(request)) is var (rule, found)
            ? $"{rule.Status} {rule.To.Expand(found)}"
            : "";
    }

    private static Func<string, string?> Files(params (string Name, string Text)[] files) =>
        name => files.FirstOrDefault(one => one.Name == name).Text;

    private sealed class Request(string address) : IAsked
    {
        public string Path => address.Split('?')[0];

        public string Host => "shop.example";

        public string? Header(string name) => null;

        public string? Cookie(string name) => null;

        public string? Query(string name) =>
            address.Split('?') is [_, var query] && query.Split('=') is [var key, var value] && key == name
                ? value
                : null;
    }
}
