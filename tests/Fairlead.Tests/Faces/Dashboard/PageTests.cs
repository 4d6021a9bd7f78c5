using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Pages;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Block = Fairlead.Faces.Dashboard.Pages.Block;

namespace Fairlead.Tests.Faces.Dashboard;

/// <summary>What pages are made of: their catalogue, their addresses, their words, the commands beside them.</summary>
public sealed class PageTests
{
    [Fact]
    public void Every_page_has_a_place_of_its_own_and_the_navigation_leads_to_pages_alone()
    {
        var routes = AllPages.Entries.Select(static one => one.Route).ToList();
        Assert.Equal(routes.Distinct(), routes);
        Assert.All(routes, static one => Assert.StartsWith(DashboardFace.Folder, one, StringComparison.Ordinal));
        var links = AllPages.Navigation.SelectMany(static one => one.Links).ToList();
        Assert.Empty(links.Select(static one => one.Url).Except(routes));
        Assert.Empty(AllPages.Entries.Select(static one => one.Section).Except(links.Select(static one => one.Word)));
    }

    [Fact]
    public void Script_and_style_weigh_little()
    {
        Assert.InRange(AssetShelf.WeightOf("dashboard.js"), 1, 30_000);
        Assert.InRange(AssetShelf.WeightOf("dashboard.css"), 1, 20_000);
        Assert.Matches("^/ui/assets/dashboard\\.[0-9a-f]{12}\\.css$", AssetShelf.UrlOf("dashboard.css"));
    }

    [Theory]
    [InlineData("up{job=\"api\",zone=\"a\"}", "__name__=up job=api zone=a")]
    [InlineData("{app=\"a\\\"b\\\\c\\nd\"}", "__name__= app=a\"b\\c\nd")]
    [InlineData("scalar", "__name__=scalar")]
    [InlineData("broken{app=", "__name__=broken")]
    public void Labels_are_read_as_the_API_writes_them(string series, string expected) =>
        Assert.Equal(expected, string.Join(' ', LabelText.Read(series).Select(static one => $"{one.Key}={one.Value}")));

    [Fact]
    public void Series_are_called_by_what_tells_them_apart() =>
        Assert.Equal(
            ["shop api", "blog web"],
            LabelText.Telling([
                "{app=\"shop\",job=\"edge\",service=\"api\"}",
                "{app=\"blog\",job=\"edge\",service=\"web\"}",
            ])
        );

    [Theory]
    [InlineData(
        "rollback",
        """{"app":"shop","environment":"production","to":41}""",
        "fairlead rollback shop --environment production --to 41"
    )]
    [InlineData(
        "approve",
        """{"deployment":"1f","reason":"it's fine; rm -rf /"}""",
        "fairlead approve 1f --reason 'it'\\''s fine; rm -rf /'"
    )]
    [InlineData("incident.list", """{"all":true}""", "fairlead incident list --all")]
    [InlineData("follow", """{"deployment":"1f","waitMilliseconds":5}""", "fairlead follow 1f --wait-milliseconds 5")]
    [InlineData("status", "{}", "fairlead status")]
    public void The_command_beside_a_page_is_the_one_that_asks_the_same(
        string operation,
        string input,
        string expected
    ) => Assert.Equal(expected, CommandText.Of(Of(operation), JsonNode.Parse(input)!.AsObject()));

    [Fact]
    public void What_a_form_holds_becomes_what_the_operation_takes_and_nothing_else()
    {
        var typed = Act.Typed(
            Of("rollback"),
            new Dictionary<string, string>
            {
                ["app"] = "shop",
                ["to"] = "41",
                ["environment"] = "",
                ["unknown"] = "x",
            }
        );
        Assert.Equal("""{"app":"shop","to":41}""", typed.ToJsonString());
        Assert.Equal(
            """{"matchers":["app=shop","alert=Down"],"for":"1h"}""",
            Act.Typed(
                    Of("silence.add"),
                    new Dictionary<string, string> { ["matchers"] = "app=shop\nalert=Down", ["for"] = "1h" }
                )
                .ToJsonString()
        );
    }

    [Fact]
    public void Acts_that_pages_offer_are_operations_that_change_something() =>
        Assert.All(
            AllOperations.Entries.Where(static one => AllActs.Find(one.Name) is not null),
            static one => Assert.True(one.Effect is not Effect.Reads || one.Name == "monitor.test", one.Name)
        );

    [Fact]
    public void A_proof_is_of_one_session_alone()
    {
        var proof = new FormProof();
        Assert.True(proof.Holds("session", proof.Of("session")));
        Assert.False(proof.Holds("another", proof.Of("session")));
        Assert.False(proof.Holds("session", ""));
        Assert.False(new FormProof().Holds("session", proof.Of("session")));
        Assert.NotEqual(proof.MarkOf("session", "abort"), proof.MarkOf("session", "approve"));
        Assert.NotEqual(proof.MarkOf("another", "abort"), proof.MarkOf("session", "abort"));
    }

    [Fact]
    public void A_pages_address_holds_its_whole_state()
    {
        var place = new Place(
            "/ui/logs?app=shop&level=error",
            new Dictionary<string, string>(),
            Query("app=shop;level=error")
        );
        Assert.Equal("/ui/logs?app=shop&level=error&cursor=a%26b", place.With("cursor", "a&b"));
        Assert.Equal("/ui/logs?app=shop", place.With("level", null));
    }

    [Fact]
    public async Task Names_of_others_stay_texts()
    {
        using var painter = new Painter();
        const string hostile = "</title><script>alert(1)</script><img src=x onerror=alert(1)>";
        var sheet = new Sheet(
            hostile,
            [
                new Block.Table(hostile, [hostile], [new(hostile, [Cell.Link(hostile, Links.App(hostile, hostile))])]),
                new Block.Text(hostile, hostile),
                new Block.Lines(
                    hostile,
                    [
                        new("2026-11-28T12:00:00.000000000Z", "error", hostile, hostile)
                        {
                            Stream = new Dictionary<string, string>(),
                        },
                    ]
                ),
                new Block.Filter("/ui/logs", [new("text", hostile, hostile, [])]),
            ]
        );
        var main = await painter.MainAsync(
            new(
                sheet.As(hostile),
                null,
                new("/ui/", new Dictionary<string, string>(), QueryCollection.Empty),
                new Asking(
                    (_, _, _) => throw new InvalidOperationException(),
                    (_, _, _) => Task.FromResult(false),
                    Principal.Owner,
                    new World(TimeProvider.System, new Random(1))
                ),
                ""
            ),
            TestContext.Current.CancellationToken
        );
        Assert.DoesNotContain("<script", main, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", main, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", main, StringComparison.Ordinal);
    }

    private static Operation Of(string name) => AllOperations.Entries.Single(one => one.Name == name);

    private static QueryCollection Query(string pairs) =>
        new(
            pairs
                .Split(';')
                .Select(static one => one.Split('='))
                .ToDictionary(static one => one[0], static one => new StringValues(one[1]))
        );

    [Fact]
    public void What_was_done_knows_what_takes_it_back()
    {
        var query = Undoing.Query(AddSilence.Operation, [], new JsonObject { ["id"] = "a&b" });
        Assert.Equal("&undo.id=a%26b", query);
        var asked = new QueryCollection(new Dictionary<string, StringValues> { ["undo.id"] = "a&b" });
        var undo = Undoing.Of("silence.add", new Place("/ui/alerts", new Dictionary<string, string>(), asked));
        Assert.Equal("fairlead silence remove 'a&b'", undo?.Command);
        Assert.Equal("", Undoing.Query(Abort.Operation, [], new JsonObject()));
        Assert.Null(
            Undoing.Of("silence.add", new Place("/ui/alerts", new Dictionary<string, string>(), QueryCollection.Empty))
        );
    }
}
