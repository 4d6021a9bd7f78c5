using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Guarding.Network.Formats;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Clusters;

/// <summary>What is written into clusters, whole.</summary>
public sealed class ClusterGoldenTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly RouteVersions Versions = new("gateway.networking.k8s.io/v1", "networking.istio.io/v1");

    [Theory]
    [InlineData(RouteKind.Gateway, "infra/public")]
    [InlineData(RouteKind.Linkerd, null)]
    [InlineData(RouteKind.Istio, "istio-system/ingress")]
    [InlineData(RouteKind.Nginx, null)]
    public void Routers_are_told_by_their_own_objects(RouteKind by, string? gateway) =>
        Same(
            $"routes-{by}.yaml".ToLowerInvariant(),
            RouteObjects.Of(Routing, new(by) { Gateway = gateway }, "shop", Versions)
        );

    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    public void A_part_is_a_Deployment_with_what_its_service_needs(int minor)
    {
        var order = Order(Api);
        Same(
            $"part-{minor}.yaml",
            [
                .. ClusterObjects.Around(Shop, Api, "shop", minor > 20 ? "policy/v1" : "policy/v1beta1"),
                ClusterObjects.Deployment(order, "ghcr.io/acme/shop/api@sha256:1", ([0, 1], [2]), ("shop", minor)),
            ]
        );
    }

    [Theory]
    [InlineData("outside", null)]
    [InlineData("inside", null)]
    [InlineData("inside", RouteKind.Linkerd)]
    public void A_policy_lets_the_edge_and_the_app_in_and_what_is_named_out(string where, RouteKind? routes)
    {
        var cluster = Api.Container!.Cluster! with
        {
            Routes = routes is { } by ? new(by) : null,
            Network = new(
                [new("store", 6379)],
                [
                    new("api.stripe.com", 443, Transport.Tcp),
                    new("0.0.0.0/0", 123, Transport.Udp),
                    new("10.20.0.0/16", 5432, Transport.Tcp),
                ]
            ),
        };
        var service = Api with
        {
            Container = Api.Container with { Cluster = cluster },
            Metrics = new() { Path = "/metrics", Port = 9100 },
        };
        Same(
            $"policy-{where}{(routes is null ? "" : "-mesh")}.yaml",
            [
                ClusterPolicy.Of(
                    Order(service),
                    where is "inside" ? new([], "fairlead", 8081) : new(["10.0.0.5/32"], null, 40100)
                )!,
            ]
        );
    }

    [Theory]
    [InlineData("istio-outside", RouteKind.Istio)]
    [InlineData("istio-inside", RouteKind.Istio)]
    [InlineData("linkerd-outside", RouteKind.Linkerd)]
    [InlineData("linkerd-inside", RouteKind.Linkerd)]
    public void A_mesh_lets_in_what_it_has_sealed_and_the_edge(string golden, RouteKind by)
    {
        var cluster = Api.Container!.Cluster! with
        {
            Routes = new(by) { Gateway = "ingress/public" },
            IsSealed = true,
        };
        var service = Api with
        {
            Container = Api.Container with { Cluster = cluster },
            Metrics = new() { Path = "/metrics", Port = 9100 },
        };
        var isInside = golden.EndsWith("inside", StringComparison.Ordinal);
        Same(
            $"mesh-{golden}.yaml",
            [
                .. MeshPolicy.Of(
                    Order(service),
                    isInside ? new([], "fairlead", 8081) : new(["10.0.0.5/32"], null, 40100),
                    by is RouteKind.Istio ? new("security.istio.io/v1", null) : new(null, "policy.linkerd.io/v1beta3")
                ),
            ]
        );
    }

    [Fact]
    public void Nothing_is_sealed_that_nobody_asked_for_or_where_the_edge_is_unknown()
    {
        var mesh = new MeshVersions("security.istio.io/v1", null);
        var place = Api.Container!.Cluster! with { Routes = new(RouteKind.Istio) };
        Service With(bool isSealed) =>
            Api with
            {
                Container = Api.Container! with { Cluster = place with { IsSealed = isSealed } },
            };

        Assert.NotEmpty(MeshPolicy.Of(Order(With(isSealed: true)), new([], "fairlead", 8081), mesh));
        Assert.Empty(MeshPolicy.Of(Order(With(isSealed: true)), null, mesh));
        Assert.Empty(MeshPolicy.Of(Order(With(isSealed: false)), new([], "fairlead", 8081), mesh));
        Assert.Empty(MeshPolicy.Of(Order(With(isSealed: true)), new([], "fairlead", 8081), new(null, null)));
    }

    [Fact]
    public void A_worker_that_only_shows_metrics_is_asked_for_them_by_Fairlead_alone()
    {
        var worker = Api with
        {
            Routes = [],
            Metrics = new() { Path = "/metrics" },
            Container = Api.Container! with { Cluster = new("shop") { Network = new([], []) } },
        };

        var rule = Assert.Single(
            ClusterPolicy.Of(Order(worker), new(["10.0.0.5/32"], null, 8081))!["spec"]!["ingress"]!.AsArray()
        )!;

        Assert.Equal(
            """{"from":[{"ipBlock":{"cidr":"10.0.0.5/32"}}],"ports":[{"protocol":"TCP","port":8080}]}""",
            rule.ToJsonString()
        );
    }

    [Fact]
    public void Nothing_keeps_pods_apart_where_nobody_knows_from_where_the_edge_calls_or_the_manifest_says_none()
    {
        var policed = Api with { Container = Api.Container! with { Cluster = new("shop") { Network = new([], []) } } };

        Assert.NotNull(ClusterPolicy.Of(Order(policed), new([], "fairlead", 8081)));
        Assert.Null(ClusterPolicy.Of(Order(policed), null));
        Assert.Null(ClusterPolicy.Of(Order(Api), new([], "fairlead", 8081)));
    }

    [Fact]
    public void Names_of_secrets_are_kept_apart_although_objects_can_hold_less()
    {
        string[] names = ["DATABASE_URL", "DATABASE-URL", "database_url", "_", new string('X', 40)];
        var made = names.Select(name => ClusterObjects.SecretName(name, 3)).ToList();

        Assert.Equal(names.Length, made.Distinct().Count());
        Assert.All(made, name => Assert.Matches("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", name));
    }

    private static InstanceOrder Order(Service service) =>
        new()
        {
            Key = new(Shop, new Part("api", 42), 1),
            Artifact = "abc",
            Env = new Dictionary<string, string> { ["MODE"] = "live $(HOME)", ["DB_URL"] = "tcp://db:5432" },
            Service = service,
        };

    private static Service Api { get; } =
        new()
        {
            Name = "api",
            Kind = Kind.Api,
            Path = ".",
            Recipe = new() { Stack = "custom", Run = ["./start.sh", "{port}"] },
            Health = new() { Http = "/healthz" },
            Replicas = 2,
            Routes = ["/api"],
            Limits = new() { Cpu = 0.5, Memory = 268_435_456 },
            Secrets =
            [
                new("DATABASE_URL", "DATABASE_URL") { Version = 3 },
                new("KEY", "TLS_KEY") { Version = 1, IsFile = true },
            ],
            Container = new()
            {
                Volumes = new Dictionary<string, string> { ["Orders"] = "/data" },
                Cluster = new("shop") { Registry = "ghcr.io/acme" },
            },
        };

    private static Routing Routing { get; } =
        new(
            Shop,
            ["shop.example.com"],
            [
                Routed("api", ["/api"], (42, 75), (43, 25)),
                Routed("web", ["/"], (40, 100)),
                Routed("pages", ["/pages"]) with
                {
                    Backends =
                    [
                        new(new("pages", 1), Share.All, [new(new(Shop, new("pages", 1), 0), new("file:///a"))]),
                    ],
                },
            ]
        );

    private static ServiceRouting Routed(
        string service,
        IReadOnlyList<string> paths,
        params (int Since, int Percent)[] parts
    ) =>
        new()
        {
            Service = service,
            Routes = paths,
            Backends =
            [
                .. parts.Select(one => new Backend(
                    new(service, one.Since),
                    new(one.Percent),
                    [new(new(Shop, new(service, one.Since), 0), new("http://10.1.2.3:8080"))]
                )),
            ],
        };

    private static void Same(string golden, IReadOnlyList<JsonObject> objects)
    {
        var path = Path.Combine(Here(), "Golden", golden);
        var actual = YamlText.Of([], objects);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
