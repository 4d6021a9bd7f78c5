using Fairlead.Engine.Manifests;

namespace Fairlead.Tests.Manifests;

public sealed class ClusterNetworkTests
{
    [Fact]
    public void Whom_pods_may_call_is_what_the_service_uses_calls_and_names() =>
        Assert.Equal(
            ["api: web 8080, 10.0.0.0/8:5432", "store: ", "web: api 3000, store 6379, api.stripe.com:443"],
            Text(Shop.Load(Manifest("")))
        );

    [Fact]
    public void One_word_leaves_pods_alone() =>
        Assert.Equal(["api: open", "store: open", "web: open"], Text(Shop.Load(Manifest(", policies: none"))));

    [Fact]
    public void Elsewhere_nothing_of_it_is_said_so_nothing_becomes_a_new_version() =>
        Assert.All(
            Shop.Load(
                Manifest("")
                    .Replace("kubernetes, cluster: { registry: ghcr.io/acme }", "docker", StringComparison.Ordinal)
            ).Services,
            one => Assert.Null(one.Service.Container?.Cluster)
        );

    private static string Manifest(string more) =>
        $$"""
            app: shop
            services:
              web: { kind: web, run: ./start.sh, uses: [store, api], network: { hosts: [api.stripe.com] } }
              api: { kind: api, run: ./start.sh, port: 3000, routes: [/api], network: { calls: [web], hosts: ["10.0.0.0/8:5432"] } }
              store: { kind: worker, port: 6379, container: { image: "redis:7" } }
            environments: { production: { target: kubernetes, cluster: { registry: ghcr.io/acme{{more}} } } }
            """;

    private static IEnumerable<string> Text(LoadedApp app) =>
        app
            .Services.OrderBy(one => one.Service.Name)
            .Select(one => (one.Service.Name, one.Service.Container!.Cluster!.Network))
            .Select(one =>
                one.Network is { } network
                    ? $"{one.Name}: {string.Join(", ", network.Calls.Select(call => $"{call.Service} {call.Port}").Concat(network.Hosts.Select(host => $"{host}")))}"
                    : $"{one.Name}: open"
            );
}
