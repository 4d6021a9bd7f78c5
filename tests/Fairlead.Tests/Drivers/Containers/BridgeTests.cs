using System.Net;
using Fairlead.Drivers.Containers;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Containers;

public sealed class BridgeTests
{
    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5:0")]
    [InlineData("10.244.0.7:8081", "10.244.0.7:8081")]
    public void Any_private_address_can_be_the_bridge_with_a_port_or_any(string said, string wanted) =>
        Assert.Equal(IPEndPoint.Parse(wanted), Bridge.Wanted(name => name == Bridge.Variable ? said : null));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("127.0.0.1:8081")]
    [InlineData("10.0.0.5:99999")]
    [InlineData("$(POD_IP):8081")]
    [InlineData("fd00::1")]
    public void What_is_none_is_refused(string said) =>
        Assert.Equal(
            "container.wrong-bridge",
            Assert
                .Throws<ProblemException>(() => Bridge.Wanted(name => name == Bridge.Variable ? said : null))
                .Problem.Code
        );

    [Theory]
    [InlineData("http://10.96.3.4:8081", "http://10.96.3.4:8081")]
    [InlineData("http://fairlead-bridge.fairlead:8081/", "http://fairlead-bridge.fairlead:8081")]
    [InlineData("", null)]
    public void Callers_are_told_another_address_where_one_is_said(string said, string? told) =>
        Assert.Equal(told, Bridge.SaidUrl(name => name == Bridge.UrlVariable ? said : null));

    [Theory]
    [InlineData("http://$(FAIRLEAD_BRIDGE_SERVICE_HOST):8081")]
    [InlineData("https://10.96.3.4:8081")]
    [InlineData("http://10.96.3.4:8081/path")]
    [InlineData("http://user@10.96.3.4")]
    [InlineData("10.96.3.4:8081")]
    public void What_a_cluster_has_not_filled_in_and_what_is_no_address_is_refused_before_anybody_is_told(string said)
    {
        var problem = Assert
            .Throws<ProblemException>(() => Bridge.SaidUrl(name => name == Bridge.UrlVariable ? said : null))
            .Problem;

        Assert.Equal("container.wrong-bridge-url", problem.Code);
        Assert.Contains("kubectl rollout restart", problem.Fix, StringComparison.Ordinal);
    }
}
