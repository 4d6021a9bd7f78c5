using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge.Files;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge.Files;

public sealed class EarlierReleasesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_release_that_loses_its_traffic_is_remembered_for_as_long_as_pages_may_be_open()
    {
        var first = Remember(Site(41), before: null, Now);
        var second = Remember(Site(42), first, Now);
        var third = Remember(Site(43), second, Now.AddMinutes(30));
        Assert.Equal("", Text(first));
        Assert.Equal("api@41 until 13:00", Text(second));
        Assert.Equal("api@42 until 13:30, api@41 until 13:00", Text(third));
        Assert.Equal("api@42 until 13:30", Text(Remember(Site(43), third, Now.AddHours(1))));
    }

    [Fact]
    public void A_release_that_has_traffic_again_is_not_an_earlier_one()
    {
        var second = Remember(Site(42), Remember(Site(41), before: null, Now), Now);
        Assert.Equal("api@42 until 13:10", Text(Remember(Site(41), second, Now.AddMinutes(10))));
    }

    [Fact]
    public void What_an_order_says_of_earlier_releases_counts_for_nothing()
    {
        var order = Site(41);
        var forged = order with
        {
            Services =
            [
                order.Services[0] with
                {
                    Earlier = [new(new Part("api", 9), new Uri("file:///etc/"), Now.AddYears(1))],
                },
            ],
        };
        Assert.Equal("", Text(Remember(forged, before: null, Now)));
    }

    [Fact]
    public void Nothing_is_remembered_where_the_site_wants_none() =>
        Assert.Equal("", Text(Remember(Site(42, new WebSettings { Skew = TimeSpan.Zero }), Site(41), Now)));

    private static Routing Remember(Routing next, Routing? before, DateTimeOffset now) =>
        EarlierReleases.Remember(before ?? Model.Releases.Routing.None(Shop), next, now);

    private static Routing Site(int since, WebSettings? settings = null) =>
        Routing(
            Api(Backend(since, 100, [new Uri($"file:///artifacts/{since}/")])) with
            {
                Web = settings ?? new WebSettings { Skew = TimeSpan.FromHours(1) },
            }
        );

    private static string Text(Routing routing) =>
        string.Join(", ", routing.Services[0].Earlier.Select(one => $"{one.Part} until {one.Until:HH:mm}"));
}
