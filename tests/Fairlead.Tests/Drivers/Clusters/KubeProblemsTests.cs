using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Clusters;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Clusters;

public sealed class KubeProblemsTests
{
    [Theory]
    [InlineData(
        403,
        "deployments.apps is forbidden: User \"bot\" cannot create resource \"deployments\" in API group \"apps\" in the namespace \"shop\"",
        "cluster.denied",
        "Add to its role: apiGroups: [\"apps\"], resources: [deployments], verbs: [create]"
    )]
    [InlineData(
        403,
        "secrets is forbidden: User \"bot\" cannot patch resource \"secrets\" in API group \"\" in the namespace \"shop\"",
        "cluster.denied",
        "apiGroups: [\"\"], resources: [secrets], verbs: [patch]"
    )]
    [InlineData(
        403,
        "pods \"x\" is forbidden: exceeded quota: small",
        "cluster.quota",
        "kubectl describe resourcequota"
    )]
    [InlineData(
        400,
        "admission webhook \"images.policy.test\" denied the request: not signed",
        "cluster.webhook-denied",
        "ask who set that rule"
    )]
    [InlineData(401, "Unauthorized", "cluster.not-known", "kubectl auth whoami")]
    [InlineData(403, "namespace is being terminated", "cluster.forbidden", "kubectl auth can-i")]
    [InlineData(422, "Deployment.apps \"x\" is invalid: spec.replicas", "cluster.invalid", "fairlead.yaml")]
    [InlineData(404, "namespaces \"shop\" not found", "cluster.not-found", "next deployment")]
    [InlineData(500, "etcdserver: request timed out", "cluster.refused", "/readyz")]
    public void What_a_cluster_refuses_is_said_with_what_to_do(int status, string message, string code, string fix)
    {
        var answer = new JsonObject { ["kind"] = "Status", ["message"] = message }.ToJsonString();

        var problem = KubeProblems.Refused("https://c:6443", (HttpStatusCode)status, answer);

        Assert.Equal(code, problem.Code);
        Assert.Contains(fix, problem.Fix, StringComparison.Ordinal);
        Assert.Contains(message, problem.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>504 Gateway Timeout</html>")]
    [InlineData("")]
    [InlineData("[1,2]")]
    public void Who_stands_before_a_cluster_and_answers_for_it_is_understood_as_well(string answer) =>
        Assert.Equal("cluster.refused", KubeProblems.Refused("c", HttpStatusCode.GatewayTimeout, answer).Code);

    [Fact]
    public void Fields_of_others_are_named()
    {
        const string answer = """
            {"code":409,"details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"kubectl-edit\" using apps/v1","field":".spec.replicas"}]}}
            """;

        Assert.Equal([".spec.replicas: conflict with \"kubectl-edit\" using apps/v1"], KubeProblems.FieldsOf(answer));
        Assert.Empty(KubeProblems.FieldsOf("""{"code":409,"message":"the object has been modified"}"""));
    }

    [Fact]
    public void Without_a_kubeconfig_it_is_said_where_it_was_looked_for()
    {
        using var folder = new TempFolder();
        using var clusters = new Kubeconfigs(name => name == "HOME" ? folder.Path : null);

        var caught = Assert.Throws<ProblemException>(() => clusters.Open(context: null));
        Assert.Equal("cluster.no-config", caught.Problem.Code);
        Assert.Contains(Path.Combine(folder.Path, ".kube", "config"), caught.Problem.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense: [")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: gone\n")]
    [InlineData("apiVersion: v1\nkind: Config\nclusters: 7\n")]
    [InlineData("")]
    public void A_kubeconfig_that_leads_nowhere_is_said_so(string text)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "config");
        File.WriteAllText(file, text);
        using var clusters = new Kubeconfigs(name => name == "KUBECONFIG" ? file : null);

        Assert.Equal(
            "cluster.wrong-config",
            Assert.Throws<ProblemException>(() => clusters.Open(context: null)).Problem.Code
        );
    }
}
