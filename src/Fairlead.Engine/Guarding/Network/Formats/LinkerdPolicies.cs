using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Engine.Guarding.Network.Formats;

/// <summary>Linkerd 2.16 or later: who may come in, proved by mTLS. What goes out is for Kubernetes' own policies.</summary>
internal static class LinkerdPolicies
{
    public static WrittenPolicy Write(NetworkPlan plan, Places places) =>
        new(
            YamlText.Of(
                [
                    $"Who may talk to whom in {plan.Site}, from its fairlead.yaml. Everything else is refused.",
                    $"For the namespace {places.Namespace}; each service runs under the service account of its name.",
                    "These say who may come in; for what goes out, apply the policies for Kubernetes as well.",
                ],
                [
                    new()
                    {
                        ["apiVersion"] = "v1",
                        ["kind"] = "Namespace",
                        ["metadata"] = new JsonObject
                        {
                            ["name"] = places.Namespace,
                            ["annotations"] = new JsonObject
                            {
                                ["linkerd.io/inject"] = "enabled",
                                ["config.linkerd.io/default-inbound-policy"] = "deny",
                            },
                        },
                    },
                    .. plan.Members.Select(member => IstioPolicies.Account(member, plan, places)),
                    .. plan.Members.SelectMany(member =>
                        plan.Into(member)
                            .GroupBy(flow => flow.Port)
                            .SelectMany(group => OfPort(member, group, plan, places))
                    ),
                ]
            ),
            plan.Notes
        );

    private static IEnumerable<JsonObject> OfPort(
        string member,
        IGrouping<int, Flow> flows,
        NetworkPlan plan,
        Places places
    )
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"fairlead-service-{member}-{flows.Key}");
        yield return new()
        {
            ["apiVersion"] = "policy.linkerd.io/v1beta3",
            ["kind"] = "Server",
            ["metadata"] = KubernetesPolicies.Metadata(name, plan, places),
            ["spec"] = new JsonObject
            {
                ["podSelector"] = new JsonObject { ["matchLabels"] = KubernetesPolicies.Labels(plan, member) },
                ["port"] = flows.Key,
                ["accessPolicy"] = "deny",
            },
        };
        yield return new()
        {
            ["apiVersion"] = "policy.linkerd.io/v1alpha1",
            ["kind"] = "MeshTLSAuthentication",
            ["metadata"] = KubernetesPolicies.Metadata(name, plan, places),
            ["spec"] = new JsonObject
            {
                ["identityRefs"] = new JsonArray([
                    .. flows.Select(flow => flow.From).Distinct().Select(peer => AccountOf(peer, places)),
                ]),
            },
        };
        yield return new()
        {
            ["apiVersion"] = "policy.linkerd.io/v1alpha1",
            ["kind"] = "AuthorizationPolicy",
            ["metadata"] = KubernetesPolicies.Metadata(name, plan, places),
            ["spec"] = new JsonObject
            {
                ["targetRef"] = Reference("Server", name),
                ["requiredAuthenticationRefs"] = new JsonArray(Reference("MeshTLSAuthentication", name)),
            },
        };
    }

    private static JsonObject Reference(string kind, string name) =>
        new()
        {
            ["group"] = "policy.linkerd.io",
            ["kind"] = kind,
            ["name"] = name,
        };

    private static JsonObject AccountOf(Peer peer, Places places)
    {
        var (name, place) = peer switch
        {
            Peer.Member member => (member.Service, places.Namespace),
            Peer.Edge => ("fairlead-edge", places.FairleadNamespace),
            Peer.Server => ("fairlead-server", places.FairleadNamespace),
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "never comes in"),
        };
        return new()
        {
            ["kind"] = "ServiceAccount",
            ["name"] = name,
            ["namespace"] = place,
        };
    }
}
