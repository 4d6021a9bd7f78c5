using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying;

public sealed class PlannerTests
{
    private static readonly Service Api = new()
    {
        Name = "api",
        Kind = Kind.Api,
        Path = ".",
        Recipe = new() { Stack = "image" },
        Health = new(),
        Replicas = 2,
        Drain = 5.Seconds,
        StopGrace = 10.Seconds,
    };

    [Fact]
    public void What_ends_in_a_cluster_has_more_time_as_its_machine_may_be_busy_or_out_of_reach()
    {
        var pod = Api with { Container = new() { Cluster = new("shop") } };

        Assert.Equal(45.Seconds, LimitOf(Api));
        Assert.Equal(45.Seconds + 3.Minutes, LimitOf(pod));
    }

    private static TimeSpan LimitOf(Service service) =>
        Planner.LimitOf(
            new Step.Retire(new("api", 41), 0),
            new Release
            {
                Site = new("shop", "production"),
                Number = 42,
                Hosts = [],
                Source = "",
                At = default,
                Services = [new(service, new("api", 42), "a", new("rolling", default))],
            }
        );
}
