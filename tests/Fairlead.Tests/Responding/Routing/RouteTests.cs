using System.Globalization;

namespace Fairlead.Tests.Responding.Routing;

/// <summary>Where alerts go, as Alertmanager sends them.</summary>
public sealed class RouteTests
{
    private const string Tree = """
        route:
          receiver: rest
          group_wait: 1s
          repeat_interval: 2h
          routes:
            - matchers: [severity="page"]
              receiver: pager
              group_by: [service, app]
              routes:
                - matchers: [service=~"db.*", app="shop"]
                  receiver: databases
                  group_wait: 0s
                - match: { app: 'quoted "shop"' }
            - receiver: log
              match_re: { app: 'shop|till' }
              continue: true
              group_by: ['...']
            - matchers: [app="shop"]
              receiver: shop
            - matchers: [app="till"]
        receivers: [{ name: rest }, { name: pager }, { name: databases }, { name: log }, { name: shop }]
        """;

    [Theory]
    [InlineData("severity=ticket", "rest")]
    [InlineData("severity=page", "pager")]
    [InlineData("severity=page app=shop service=api", "pager")]
    [InlineData("severity=page app=shop service=db-1", "databases")]
    [InlineData("severity=ticket app=shop", "log shop")]
    [InlineData("severity=ticket app=till", "log rest")]
    [InlineData("severity=ticket app=shopping", "rest")]
    public void The_first_route_that_fits_takes_it_unless_it_goes_on(string labels, string receivers) =>
        Assert.Equal(
            receivers,
            string.Join(' ', Words.PlanOf(Tree).Root.For(Words.LabelsOf(labels)).Select(one => one.Receiver))
        );

    [Fact]
    public void Each_is_known_by_the_matchers_on_the_way_to_it_as_with_Alertmanager() =>
        Assert.Equal(
            [
                "{}",
                "{}/{severity=\"page\"}",
                "{}/{severity=\"page\"}/{app=\"shop\",service=~\"db.*\"}",
                "{}/{severity=\"page\"}/{app=\"quoted \\\"shop\\\"\"}",
                "{}/{app=~\"shop|till\"}",
                "{}/{app=\"shop\"}",
                "{}/{app=\"till\"}",
            ],
            Words.PlanOf(Tree).Root.All.Select(one => one.Key)
        );

    [Fact]
    public void What_a_route_does_not_say_the_one_above_it_says() =>
        Assert.Equal(
            [
                "rest by app, environment: 1s 30s 2h",
                "pager by service, app: 1s 30s 2h",
                "databases by service, app: 0s 30s 2h",
                "pager by service, app: 1s 30s 2h",
                "log by all: 1s 30s 2h",
                "shop by app, environment: 1s 30s 2h",
                "rest by app, environment: 1s 30s 2h",
            ],
            Words
                .PlanOf(Tree)
                .Root.All.Select(one =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{one.Receiver} by {(one.GroupBy is { } names ? string.Join(", ", names) : "all")}: {one.GroupWait.TotalSeconds}s {one.GroupInterval.TotalSeconds}s {one.RepeatInterval.TotalHours}h"
                    )
                )
        );

    [Fact]
    public void Alerts_are_grouped_by_the_labels_that_it_names()
    {
        var labels = Words.LabelsOf("alertname=Down app=shop environment=production service=api");
        var plan = Words.PlanOf(Tree);

        Assert.Equal("{app=\"shop\", environment=\"production\"}", plan.Root.GroupOf(labels).ToString());
        Assert.Equal("{app=\"shop\", service=\"api\"}", plan.Root.Routes[0].GroupOf(labels).ToString());
        Assert.Same(labels, plan.Root.Routes[1].GroupOf(labels));
    }
}
