using Fairlead.Drivers.Containers;

namespace Fairlead.Tests.Clusters;

public sealed class PlaceOfFairleadTests
{
    private static readonly Bridge Bridge = new("10.0.0.5", 40100);

    [Fact]
    public void Fairlead_is_where_its_bridge_is_or_in_its_own_namespace() =>
        Assert.Equal(
            ["10.0.0.5/32:40100", "fairlead:40100"],
            [
                $"{Place(("FAIRLEAD_BRIDGE", "10.0.0.5"))}",
                $"{Place(("FAIRLEAD_BRIDGE", "10.0.0.5"), ("FAIRLEAD_NAMESPACE", "fairlead"))}",
            ]
        );

    // The address for containers of this machine's engine is no address by which a cluster's pods see the edge.
    [Fact]
    public void An_address_that_nobody_said_is_not_taken_for_that_from_which_the_edge_calls_pods() =>
        Assert.Null(Place());

    private static Engine.Clusters.FairleadPlace? Place(params (string Name, string Value)[] variables) =>
        Compose.PlaceOfFairlead(name => variables.FirstOrDefault(one => one.Name == name).Value, Bridge);
}
