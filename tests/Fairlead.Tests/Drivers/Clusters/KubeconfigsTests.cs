using Fairlead.Drivers.Clusters;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Clusters;

public sealed class KubeconfigsTests
{
    [Theory]
    [InlineData("in-cluster", null)]
    [InlineData("in-cluster", "/nowhere/config")]
    [InlineData(null, null)]
    public void A_pod_without_a_token_is_told_so(string? context, string? config)
    {
        using var clusters = new Kubeconfigs(name =>
            name switch
            {
                "KUBERNETES_SERVICE_HOST" => "10.96.0.1",
                "KUBECONFIG" => config,
                _ => null,
            }
        );

        var problem = Assert.Throws<ProblemException>(() => clusters.Open(context)).Problem;

        Assert.Equal("cluster.not-inside", problem.Code);
        Assert.Contains("automountServiceAccountToken", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kubeconfig_that_is_named_goes_before_the_cluster_that_this_is_in()
    {
        using var clusters = new Kubeconfigs(name =>
            name switch
            {
                "KUBERNETES_SERVICE_HOST" => "10.96.0.1",
                "KUBECONFIG" => "/nowhere/config",
                _ => null,
            }
        );

        Assert.Equal("cluster.no-config", Assert.Throws<ProblemException>(() => clusters.Open(null)).Problem.Code);
    }
}
