using Fairlead.Engine.Operations;
using Fairlead.Engine.Watching.Scraping;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Watching.Scraping;

public sealed class TargetSearchTests
{
    private static readonly MetricsSettings Said = new() { Path = "/metrics", Every = TimeSpan.FromSeconds(5) };

    private static readonly Instance Ready = new()
    {
        Key = new InstanceKey(new Site("shop", "production"), new Part("api", 42), 1),
        State = InstanceState.Ready,
        Endpoint = new Uri("http://127.0.0.1:40123"),
    };

    [Fact]
    public void A_replica_is_asked_where_its_manifest_says()
    {
        var target = Assert.Single(TargetSearch.Of(Ready, Said));
        Assert.Equal(
            ("shop/api", "127.0.0.1:40123", "http://127.0.0.1:40123/metrics"),
            (target.Job, target.Instance, target.Url)
        );
        Assert.Equal((5, 5), (target.Every.TotalSeconds, target.Timeout.TotalSeconds));
        Assert.Equal("42", target.Source.Stamp.Single(one => one.Name == "release").Value);
        Assert.Equal(
            "http://127.0.0.1:9100/metrics",
            Assert.Single(TargetSearch.Of(Ready, Said with { Port = 9100 })).Url
        );
    }

    [Fact]
    public void A_worker_is_asked_on_the_port_that_is_said_and_only_there()
    {
        var worker = Ready with { Endpoint = null };
        Assert.Empty(TargetSearch.Of(worker, Said));
        Assert.Equal("127.0.0.1:9100", Assert.Single(TargetSearch.Of(worker, Said with { Port = 9100 })).Instance);
    }

    [Theory]
    [InlineData(InstanceState.Starting, 0)]
    [InlineData(InstanceState.Ready, 1)]
    [InlineData(InstanceState.Down, 1)]
    [InlineData(InstanceState.Failed, 0)]
    [InlineData(InstanceState.Stopping, 0)]
    public void One_that_came_up_is_asked_until_it_is_told_to_stop(InstanceState state, int targets) =>
        Assert.Equal(targets, TargetSearch.Of(Ready with { State = state }, Said).Count());

    [Theory]
    [InlineData("http://127.0.0.1:9100/metrics", "127.0.0.1:9100", "http://127.0.0.1:9100/metrics")]
    [InlineData("postgres://ann:${PW}@db:5432/shop?x=1", "db:5432", "postgres://ann:${PW}@db:5432/shop?x=1")]
    [InlineData("postgres://ann:s@cret@db/shop", "db", "postgres://***@db/shop")]
    [InlineData("redis://:secret@db", "db", "redis://***@db")]
    [InlineData("nonsense", "nonsense", "nonsense")]
    public void An_address_is_shown_without_the_password_that_somebody_typed(string url, string instance, string shown)
    {
        Assert.Equal(instance, TargetSearch.InstanceOf(url));
        Assert.Equal(shown, AddScrape.Shown(url));
    }

    [Fact]
    public void The_same_target_is_known_again()
    {
        var (one, other) = (TargetSearch.Of(Ready, Said).Single(), TargetSearch.Of(Ready, Said).Single());
        Assert.True(one.IsSame(other));
        Assert.False(one.IsSame(TargetSearch.Of(Ready, Said with { Every = TimeSpan.FromSeconds(6) }).Single()));
        Assert.False(one.IsSame(TargetSearch.Of(Ready with { Key = Ready.Key with { Slot = 2 } }, Said).Single()));
    }
}
