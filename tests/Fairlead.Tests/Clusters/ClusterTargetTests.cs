using System.Text.Json.Nodes;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Engine.Imaging;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Clusters;

public sealed class ClusterTargetTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly ClusterPlace Place = new("shop-production");

    private readonly FakeTimeProvider clock = new(new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly World world;
    private readonly MemoryStore store;
    private readonly MemoryCluster cluster;
    private FairleadPlace? fairlead = new(["10.0.0.5/32"], null, 8081);

    public ClusterTargetTests()
    {
        world = new World(clock, new Random(7));
        store = new MemoryStore(world);
        cluster = new MemoryCluster(world);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_of_a_part_are_one_Deployment_and_starting_one_twice_is_starting_it_once()
    {
        var (target, fence) = await ServerAsync();
        foreach (var slot in new[] { 0, 1, 1, 0 })
        {
            await target.EnsureAsync(Order(slot), fence, Stop);
        }
        cluster.GoOn();

        Assert.Equal(["0 Ready", "1 Ready"], await SeenAsync(target));
        Assert.Equal(2, cluster.Find("Deployment", "api-42")!["spec"]!["replicas"]!.GetValue<int>());
        Assert.Equal(
            "registry.test/api@sha256:" + new string('a', 64),
            $"{cluster.Find("Deployment", "api-42")!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]}"
        );
        Assert.NotNull(cluster.Find("Namespace", "shop-production"));
        Assert.NotNull(cluster.Find("Service", "api"));
        Assert.NotNull(cluster.Find("PodDisruptionBudget", "api"));
    }

    [Fact]
    public async Task The_replica_that_was_told_to_stop_is_the_one_that_goes()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 3);

        await target.StopAsync(Order(1).Key, fence, Stop);

        Assert.Equal(["0 Ready", "1 Stopping", "2 Ready"], await SeenAsync(target));
        cluster.GoOn();
        Assert.Equal(["pod-000", "pod-002"], cluster.Of("Pod").Select(one => $"{one["metadata"]!["name"]}"));
        Assert.Equal(["0 Ready", "2 Ready"], await SeenAsync(target));
    }

    [Fact]
    public async Task The_last_replica_takes_the_Deployment_with_it_and_the_place_is_forgotten_by_and_by()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 1);
        var keeper = Keeper(fence);

        await target.StopAsync(Order(0).Key, fence, Stop);
        Assert.Equal(["0 Stopping"], await SeenAsync(target));
        await keeper.KeepAsync(Shop, Place, Stop);
        Assert.NotNull(cluster.Find("Deployment", "api-42"));
        cluster.GoOn();
        Assert.Empty(await SeenAsync(target));

        await keeper.KeepAsync(Shop, Place, Stop);
        cluster.GoOn();
        Assert.Null(cluster.Find("Deployment", "api-42"));
        // It may have been placed a moment ago; later it is not looked at any more.
        clock.Advance(TimeSpan.FromMinutes(3));
        await keeper.KeepAsync(Shop, Place, Stop);
        Assert.Empty(await new ClusterSites(store, world).AllAsync(Stop));
        await target.StopAsync(Order(0).Key, fence, Stop);
    }

    [Fact]
    public async Task A_part_that_is_wanted_again_while_it_stops_runs_on()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 1);

        await target.StopAsync(Order(0).Key, fence, Stop);
        await target.EnsureAsync(Order(0), fence, Stop);
        cluster.GoOn();

        Assert.Equal(["0 Ready"], await SeenAsync(target));
    }

    [Fact]
    public async Task A_server_that_was_paused_in_the_midst_of_a_change_changes_nothing()
    {
        var (old, stale) = await ServerAsync();
        await PlaceAsync(old, stale, replicas: 2);
        var (next, fence) = await ServerAsync();
        // The old one has looked and is about to write when the next one takes charge.
        cluster.Before = async call =>
        {
            if (call.StartsWith("apply Deployment", StringComparison.Ordinal))
            {
                cluster.Before = null;
                await next.ObserveAsync(Shop, Stop);
            }
        };

        var stopping = old.StopAsync(Order(1).Key, stale, Stop);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<FencedException>(() => stopping);
        await Assert.ThrowsAsync<FencedException>(() => old.StopAsync(Order(1).Key, stale, Stop));
        await Assert.ThrowsAsync<FencedException>(() => old.EnsureAsync(Order(2), stale, Stop));

        cluster.GoOn();
        Assert.Equal(["0 Ready", "1 Ready"], await SeenAsync(next));
        await next.StopAsync(Order(1).Key, fence, Stop);
    }

    [Fact]
    public async Task Another_Fairlead_and_objects_of_others_are_left_alone()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 1);
        var foreign = new MemoryStore(world);
        var other = Target(foreign);
        var mine = await foreign.TakeChargeAsync("other", Stop);
        await other.TakeChargeAsync(mine, Stop);

        var caught = await Assert.ThrowsAsync<ProblemException>(() => other.EnsureAsync(Order(0), mine, Stop));
        Assert.Equal("cluster.other-fairlead", caught.Problem.Code);

        cluster.Find("Deployment", "api-42")!["metadata"]!["labels"]!["app.kubernetes.io/managed-by"] = "helm";
        caught = await Assert.ThrowsAsync<ProblemException>(() => target.EnsureAsync(Order(1), fence, Stop));
        Assert.Equal("cluster.not-ours", caught.Problem.Code);
    }

    [Fact]
    public async Task What_a_program_wrote_before_it_ended_is_shown_and_asked_for_once()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 1);
        cluster.Logs["pod-000"] = ["2026-11-27T12:00:01.5Z no such table: orders"];
        cluster.StatusOf = static _ =>
            JsonNode
                .Parse("""{"containerStatuses":[{"restartCount":1,"lastState":{"terminated":{"exitCode":3}}}]}""")!
                .AsObject();
        cluster.GoOn();

        var seen = Assert.Single(await target.ObserveAsync(Shop, Stop));
        cluster.Logs.Clear();
        var again = Assert.Single(await target.ObserveAsync(Shop, Stop));

        Assert.Equal(["no such table: orders"], seen.Problem!.Evidence);
        Assert.Equal(seen.Problem.Evidence, again.Problem!.Evidence);
    }

    [Fact]
    public async Task A_refusal_to_make_pods_is_said_and_has_failed_when_a_start_takes_no_longer()
    {
        var (target, fence) = await ServerAsync();
        await target.EnsureAsync(Order(0), fence, Stop);
        cluster.Find("Deployment", "api-42")!["status"] = JsonNode.Parse(
            """{"conditions":[{"type":"ReplicaFailure","status":"True","message":"exceeded quota: small","lastTransitionTime":"2026-11-27T12:00:00Z"}]}"""
        );

        var early = Assert.Single(await target.ObserveAsync(Shop, Stop));
        clock.Advance(TimeSpan.FromMinutes(2));
        var late = Assert.Single(await target.ObserveAsync(Shop, Stop));

        Assert.Equal((InstanceState.Starting, "cluster.no-pods"), (early.State, early.Problem?.Code));
        Assert.Equal(InstanceState.Failed, late.State);
        Assert.Contains("quota", late.Problem!.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_changed_by_hand_is_put_back_and_found()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 2);
        var keeper = Keeper(fence);
        await keeper.KeepAsync(Shop, Place, Stop);
        Assert.Empty(await new FindingBook(store, () => fence, world).AllAsync(Stop));

        cluster.Find("Deployment", "api-42")!["spec"]!["replicas"] = 9;
        await keeper.KeepAsync(Shop, Place, Stop);

        Assert.Equal(2, cluster.Find("Deployment", "api-42")!["spec"]!["replicas"]!.GetValue<int>());
        var found = Assert.Single(await new FindingBook(store, () => fence, world).AllAsync(Stop));
        Assert.Equal(
            "Deployment shop-production/api-42 of shop/production was changed by hand, and is as ordered again",
            found.What
        );
        Assert.Equal(["2026-11-27 12:00:00Z spec.replicas was 9, not 2"], found.Evidence);
    }

    [Fact]
    public async Task A_policy_of_a_part_comes_before_its_pods_and_is_put_back_and_goes_with_the_part()
    {
        var (target, fence) = await ServerAsync();
        var order = Policed(Order(0));
        await target.EnsureAsync(order, fence, Stop);
        cluster.GoOn();
        Assert.True(
            cluster.Effects.IndexOf("apply NetworkPolicy shop-production/api-42")
                < cluster.Effects.IndexOf("apply Deployment shop-production/api-42")
        );
        var keeper = Keeper(fence);
        await keeper.KeepAsync(Shop, Place, Stop);
        Assert.Empty(await new FindingBook(store, () => fence, world).AllAsync(Stop));

        cluster.Find("NetworkPolicy", "api-42")!["spec"]!["ingress"] = new JsonArray(new JsonObject());
        await keeper.KeepAsync(Shop, Place, Stop);
        Assert.Equal(2, cluster.Find("NetworkPolicy", "api-42")!["spec"]!["ingress"]![0]!.AsObject().Count);
        await cluster.DeleteAsync(
            new("networking.k8s.io/v1", "NetworkPolicy", "shop-production", "api-42"),
            null,
            Stop
        );
        cluster.GoOn();
        Assert.Null(cluster.Find("NetworkPolicy", "api-42"));
        await keeper.KeepAsync(Shop, Place, Stop);
        Assert.NotNull(cluster.Find("NetworkPolicy", "api-42"));

        Assert.Equal(
            "NetworkPolicy shop-production/api-42 of shop/production was changed by hand, and is as ordered again",
            Assert.Single(await new FindingBook(store, () => fence, world).AllAsync(Stop)).What
        );
        await target.StopAsync(order.Key, fence, Stop);
        cluster.GoOn();
        await keeper.KeepAsync(Shop, Place, Stop);
        cluster.GoOn();
        clock.Advance(TimeSpan.FromMinutes(3));
        await keeper.KeepAsync(Shop, Place, Stop);
        Assert.Null(cluster.Find("NetworkPolicy", "api-42"));
    }

    [Fact]
    public async Task What_a_mesh_is_told_of_a_part_comes_before_its_pods_and_is_put_back_and_goes_with_the_part()
    {
        var (target, fence) = await ServerAsync();
        var place = Place with { Routes = new(RouteKind.Istio), IsSealed = true };
        var order = Policed(Order(0));
        order = order with
        {
            Service = order.Service with
            {
                Container = order.Service.Container! with
                {
                    Cluster = order.Service.Container.Cluster! with { Routes = place.Routes, IsSealed = true },
                },
            },
        };
        await target.EnsureAsync(order, fence, Stop);
        cluster.GoOn();
        Assert.True(
            cluster.Effects.IndexOf("apply PeerAuthentication shop-production/api-42")
                < cluster.Effects.IndexOf("apply Deployment shop-production/api-42")
        );
        var keeper = Keeper(fence);

        cluster.Find("PeerAuthentication", "api-42")!["spec"]!["mtls"]!["mode"] = "DISABLE";
        await keeper.KeepAsync(Shop, place, Stop);

        Assert.Equal("STRICT", $"{cluster.Find("PeerAuthentication", "api-42")!["spec"]!["mtls"]!["mode"]}");
        Assert.Equal(
            "PeerAuthentication shop-production/api-42 of shop/production was changed by hand, and is as ordered again",
            Assert.Single(await new FindingBook(store, () => fence, world).AllAsync(Stop)).What
        );
        await target.StopAsync(order.Key, fence, Stop);
        cluster.GoOn();
        await keeper.KeepAsync(Shop, place, Stop);
        cluster.GoOn();
        clock.Advance(TimeSpan.FromMinutes(3));
        await keeper.KeepAsync(Shop, place, Stop);
        Assert.Null(cluster.Find("PeerAuthentication", "api-42"));
        Assert.Null(cluster.Find("AuthorizationPolicy", "api-42"));
    }

    [Fact]
    public async Task Policies_follow_Fairlead_to_another_place_without_a_word()
    {
        var (target, fence) = await ServerAsync();
        await target.EnsureAsync(Policed(Order(0)), fence, Stop);
        cluster.GoOn();

        fairlead = new(["10.0.0.6/32"], null, 8081);
        await Keeper(fence).KeepAsync(Shop, Place, Stop);

        Assert.Equal(
            "10.0.0.6/32",
            $"{cluster.Find("NetworkPolicy", "api-42")!["spec"]!["ingress"]![0]!["from"]![0]!["ipBlock"]!["cidr"]}"
        );
        Assert.Empty(await new FindingBook(store, () => fence, world).AllAsync(Stop));
    }

    // Whoever teaches the target another call adds its rule to deploy/kubernetes/chart/templates/access.yaml.
    [Fact]
    public async Task The_role_of_an_installation_holds_what_the_target_calls_and_nothing_else()
    {
        HashSet<string> called = ["pods/log get"]; // Logs are text, not an object.
        cluster.Before = call =>
        {
            called.UnionWith(RoleReading.RulesOf(call));
            return Task.CompletedTask;
        };
        var (target, fence) = await ServerAsync();
        var order = Policed(Order(0));
        var service = order.Service with
        {
            Secrets = [new("TOKEN", "TOKEN") { Version = 1 }],
            Container = order.Service.Container! with
            {
                Volumes = new Dictionary<string, string> { ["data"] = "/data" },
            },
        };
        var shelf = new ClusterSecrets(cluster, new ClusterSites(store, world), world);
        await new ClusterSites(store, world).AddAsync(Shop, Place, fence, Stop);
        await shelf.GiveAsync([new(new(Shop, "TOKEN", 1), new Secret("mzq4-mzq4"))], fence, Stop);
        await target.EnsureAsync(order with { Service = service }, fence, Stop);
        cluster.GoOn();
        await target.ObserveAsync(Shop, Stop);
        await shelf.MissingAsync(Stop);
        // The number is left to the cluster's own autoscaler, and taken back.
        await target.EnsureAsync(order with { Service = service, Key = order.Key with { Slot = 1 } }, fence, Stop);
        cluster.GoOn();
        await Scaler(fence).KeepAsync(Looked(order with { Service = service }), Stop);
        await target.EnsureAsync(order with { Service = service, Key = order.Key with { Slot = 2 } }, fence, Stop);
        cluster.GoOn();
        // The next server takes charge.
        var next = await store.TakeChargeAsync("another", Stop);
        var other = Target(store);
        await other.TakeChargeAsync(next, Stop);
        await other.ObserveAsync(Shop, Stop);
        await other.StopAsync(order.Key with { Slot = 2 }, next, Stop);
        await other.StopAsync(order.Key with { Slot = 1 }, next, Stop);
        await other.StopAsync(order.Key, next, Stop);
        cluster.GoOn();
        clock.Advance(TimeSpan.FromMinutes(3));
        await Keeper(next).KeepAsync(Shop, Place, Stop);
        cluster.GoOn();
        await Keeper(next).KeepAsync(Shop, Place, Stop);

        // To make namespaces is a right of its own.
        Assert.Equal(
            RoleReading.OfInstallation().Order(StringComparer.Ordinal),
            called.Except(["namespaces create", "namespaces patch"]).Order(StringComparer.Ordinal)
        );
    }

    private static InstanceOrder Policed(InstanceOrder order) =>
        order with
        {
            Service = order.Service with
            {
                Container = order.Service.Container! with
                {
                    Cluster = Place with
                    {
                        Network = new([new("store", 6379)], [new("api.stripe.com", 443, Transport.Tcp)]),
                    },
                },
            },
        };

    [Fact]
    public async Task What_is_only_to_be_reported_stays_as_somebody_made_it()
    {
        var (target, fence) = await ServerAsync();
        var order = Order(0);
        var container = order.Service.Container! with { Cluster = Place with { Drift = DriftPolicy.Report } };
        await target.EnsureAsync(order with { Service = order.Service with { Container = container } }, fence, Stop);

        cluster.Find("Deployment", "api-42")!["spec"]!["replicas"] = 9;
        await Keeper(fence).KeepAsync(Shop, Place, Stop);
        clock.Advance(TimeSpan.FromMinutes(1));
        await Keeper(fence).KeepAsync(Shop, Place, Stop);

        Assert.Single(Assert.Single(await new FindingBook(store, () => fence, world).AllAsync(Stop)).Evidence);
        Assert.Equal(9, cluster.Find("Deployment", "api-42")!["spec"]!["replicas"]!.GetValue<int>());
        Assert.Equal(
            "Deployment shop-production/api-42 of shop/production was changed by hand",
            Assert.Single(await new FindingBook(store, () => fence, world).AllAsync(Stop)).What
        );
    }

    [Fact]
    public async Task What_no_part_needs_any_more_is_removed_but_not_at_once()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 2);
        var keeper = Keeper(fence);
        await target.StopAsync(Order(0).Key, fence, Stop);
        await target.StopAsync(Order(1).Key, fence, Stop);
        cluster.GoOn();
        await keeper.KeepAsync(Shop, Place, Stop);
        cluster.GoOn();

        await keeper.KeepAsync(Shop, Place, Stop);
        Assert.NotNull(cluster.Find("Service", "api"));
        clock.Advance(TimeSpan.FromMinutes(3));
        await keeper.KeepAsync(Shop, Place, Stop);

        Assert.Null(cluster.Find("Service", "api"));
        Assert.Null(cluster.Find("PodDisruptionBudget", "api"));
        Assert.NotNull(cluster.Find("Namespace", "shop-production"));
    }

    [Fact]
    public async Task Logs_of_pods_and_of_this_machine_are_read_as_one_and_on_from_the_cursor()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 1);
        cluster.Logs["pod-000"] = ["2026-11-27T12:00:01.5Z one", "2026-11-27T12:00:01.51Z two"];
        var logs = new ClusterLogs(new NoLogs(), Ports(store));

        var first = await logs.ReadAsync(new(Shop, null, Tail: 10, Max: 100), null, Stop);
        cluster.Logs["pod-000"].Add("2026-11-27T12:00:01.511Z three");
        var second = await logs.ReadAsync(new(Shop, "api", Tail: 10, Max: 100), first.Cursor, Stop);

        Assert.Equal(["one", "two"], first.Lines.Select(line => line.Text));
        Assert.Equal([new LogLine("api@42#0", "three")], second.Lines);
    }

    [Fact]
    public async Task What_leads_requests_is_kept_for_as_long_as_the_edge_has_it()
    {
        var (target, fence) = await ServerAsync();
        var place = Place with { Routes = new(RouteKind.Gateway) };
        var order = Order(0);
        var container = order.Service.Container! with { Cluster = place };
        await target.EnsureAsync(order with { Service = order.Service with { Container = container } }, fence, Stop);
        cluster.GoOn();
        var router = new ClusterRouter(new NoEdge(), Ports(store));
        await router.ApplyAsync(Shares((42, 100)), fence, Stop);
        var findings = new FindingBook(store, () => fence, world);
        var keeper = new ClusterKeeper(Ports(store), router, findings, () => fence, NullLogger.Instance);

        clock.Advance(TimeSpan.FromHours(1));
        cluster.Effects.Clear();
        await keeper.KeepAsync(Shop, place, Stop);

        Assert.NotNull(cluster.Find("Service", "api-42"));
        Assert.NotNull(cluster.Find("HTTPRoute", "api"));
        Assert.DoesNotContain(cluster.Effects, effect => effect.StartsWith("delete", StringComparison.Ordinal));

        // The edge has nothing of it any more.
        await router.ApplyAsync(Routing.None(Shop), fence, Stop);
        await keeper.KeepAsync(Shop, place, Stop);
        Assert.Null(cluster.Find("HTTPRoute", "api"));
        Assert.Null(cluster.Find("Service", "api-42"));
    }

    [Fact]
    public async Task What_a_pod_writes_of_a_secret_is_hidden()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 1);
        cluster.Logs["pod-000"] = ["2026-11-27T12:00:01.5Z token is mzq4-mzq4-mzq4"];
        var mask = new LiveMask { Now = SecretMask.Of([new Secret("mzq4-mzq4-mzq4")]) };

        var page = await new ClusterLogs(new NoLogs(), Ports(store) with { Mask = mask }).ReadAsync(
            new(Shop, null, Tail: 10, Max: 100),
            null,
            Stop
        );

        Assert.DoesNotContain("mzq4", Assert.Single(page.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routers_of_the_cluster_are_told_the_shares_and_forget_who_is_gone()
    {
        var (target, fence) = await ServerAsync();
        var place = Place with { Routes = new(RouteKind.Gateway) { Gateway = "infra/public" } };
        var order = Order(0);
        var container = order.Service.Container! with { Cluster = place };
        await target.EnsureAsync(order with { Service = order.Service with { Container = container } }, fence, Stop);
        var edge = new NoEdge();
        var router = new ClusterRouter(edge, Ports(store));

        await router.ApplyAsync(Shares((42, 90), (43, 10)), fence, Stop);
        Assert.Equal(
            """[{"name":"api-42","port":80,"weight":90},{"name":"api-43","port":80,"weight":10}]""",
            cluster.Find("HTTPRoute", "api")!["spec"]!["rules"]![0]!["backendRefs"]!.ToJsonString()
        );
        Assert.NotNull(cluster.Find("Service", "api-43"));

        await router.ApplyAsync(Shares((42, 100)), fence, Stop);
        Assert.Equal(
            """[{"name":"api-42","port":80,"weight":100}]""",
            cluster.Find("HTTPRoute", "api")!["spec"]!["rules"]![0]!["backendRefs"]!.ToJsonString()
        );
        Assert.Null(cluster.Find("Service", "api-43"));
        Assert.NotNull(cluster.Find("Service", "api"));
        Assert.Equal(100, (await edge.ObserveAsync(Shop, Stop)).Routing.Services[0].Backends[0].Share.Percent);
    }

    [Fact]
    public async Task What_is_live_and_calm_is_left_to_the_clusters_own_autoscaler()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 2);

        await Scaler(fence).KeepAsync(Looked(Order(0), DeploymentPhase.RollingOut), Stop);
        Assert.Empty(cluster.Of("HorizontalPodAutoscaler"));
        await Scaler(fence).KeepAsync(Looked(Order(0)), Stop);

        Assert.Equal(
            """
            {"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"api-42"},"minReplicas":2,"maxReplicas":10,
            "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"AverageValue","averageValue":"700m"}}}],
            "behavior":{"scaleDown":{"stabilizationWindowSeconds":120,"policies":[{"type":"Percent","value":100,"periodSeconds":15}]},
            "scaleUp":{"stabilizationWindowSeconds":0,"selectPolicy":"Max","policies":[{"type":"Percent","value":100,"periodSeconds":15},
            {"type":"Pods","value":4,"periodSeconds":15}]}}}
            """.ReplaceLineEndings(""),
            cluster.Find("HorizontalPodAutoscaler", "api-42")!["spec"]!.ToJsonString()
        );
        await AutoscalerSaysAsync(5);
        Assert.Equal(["0 Ready", "1 Ready", "2 Ready", "3 Ready", "4 Ready"], await SeenAsync(target));
        Assert.All(await target.ObserveAsync(Shop, Stop), one => Assert.True(one.IsScaledByTarget));

        // Neither is it drift, nor is it set back by whoever finds that all of them are there.
        await Keeper(fence).KeepAsync(Shop, Place, Stop);
        await target.EnsureAsync(Order(4), fence, Stop);
        Assert.Equal(5, Replicas());
        await AutoscalerSaysAsync(3);
        Assert.Equal(["0 Ready", "1 Ready", "2 Ready"], await SeenAsync(target));
    }

    [Fact]
    public async Task Who_needs_another_number_takes_it_back_from_the_autoscaler_first()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 2);
        await Scaler(fence).KeepAsync(Looked(Order(0)), Stop);
        await AutoscalerSaysAsync(4);

        await target.EnsureAsync(Order(4), fence, Stop);

        Assert.Empty(cluster.Of("HorizontalPodAutoscaler"));
        cluster.GoOn();
        Assert.Equal(["0 Ready", "1 Ready", "2 Ready", "3 Ready", "4 Ready"], await SeenAsync(target));
        Assert.All(await target.ObserveAsync(Shop, Stop), one => Assert.False(one.IsScaledByTarget));
        await target.StopAsync(Order(4).Key, fence, Stop);
        cluster.GoOn();
        Assert.Equal(["0 Ready", "1 Ready", "2 Ready", "3 Ready"], await SeenAsync(target));

        var other = Order(0) with { Key = new(Shop, new("api", 41), 0) };
        await Scaler(fence).KeepAsync(Looked(other), Stop); // What is not live is handed over to nobody.
        Assert.Empty(cluster.Of("HorizontalPodAutoscaler"));
    }

    [Fact]
    public async Task One_fewer_is_one_fewer_however_often_the_change_loses_a_race()
    {
        var (target, fence) = await ServerAsync();
        await PlaceAsync(target, fence, replicas: 2);
        await Scaler(fence).KeepAsync(Looked(Order(0)), Stop);
        await AutoscalerSaysAsync(4);
        var races = 3;
        cluster.Before = async what =>
        {
            if (what.StartsWith("apply Deployment", StringComparison.Ordinal) && races-- > 0)
            {
                await cluster.AnnotateAsync(
                    new("apps/v1", "Deployment", Place.Namespace, "api-42"),
                    new Dictionary<string, string?> { ["seen"] = $"{races}" },
                    Stop
                );
            }
        };

        var stopping = target.StopAsync(Order(3).Key, fence, Stop);
        while (!stopping.IsCompleted)
        {
            clock.Advance(1.Seconds);
            await Task.Yield();
        }
        await stopping;

        Assert.Equal(3, Replicas());
    }

    // What the controller in a cluster does with its autoscaler's number, and with pods after that.
    private async Task AutoscalerSaysAsync(int replicas)
    {
        await cluster.ApplyAsync(
            ClusterScaler.Replicas(cluster.Find("Deployment", "api-42")!, replicas),
            new("kube-controller-manager"),
            Stop
        );
        cluster.GoOn();
    }

    private int Replicas() => cluster.Find("Deployment", "api-42")!["spec"]!["replicas"]!.GetValue<int>();

    private ClusterScaler Scaler(Fence fence) => new(Ports(store), static () => [], () => fence, NullLogger.Instance);

    private static Snapshot Looked(InstanceOrder order, DeploymentPhase phase = DeploymentPhase.Promoted)
    {
        var service = order.Service with
        {
            Scale = new()
            {
                Min = 2,
                Max = 10,
                Cpu = 0.7,
                Stabilization = 2.Minutes,
            },
        };
        var at = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        var live = new Release
        {
            Site = Shop,
            Number = 42,
            Hosts = [],
            Source = "",
            At = at,
            Services = [new(service, order.Key.Part, order.Artifact, new("blue-green", default))],
        };
        var deployment = new Deployment
        {
            Id = "d",
            Site = Shop,
            Release = 42,
            RequestedAt = at,
            Deadline = at,
            Phase = phase,
        };
        var seen = new Observation(
            [],
            new("", Routing.None(Shop), new Dictionary<string, int>(), [], new(0, 0, 0, 0, 0)),
            new Dictionary<string, BuildView>(),
            new Dictionary<string, CommandView>()
        );
        return new(new SiteRecord(Shop), deployment, live, null, seen, at, null);
    }

    private static Routing Shares(params (int Since, int Percent)[] parts) =>
        new(
            Shop,
            ["shop.test"],
            [
                new()
                {
                    Service = "api",
                    Routes = ["/", "/v2"],
                    Backends =
                    [
                        .. parts.Select(one => new Backend(
                            new("api", one.Since),
                            one.Percent.Percent,
                            [new(new(Shop, new("api", one.Since), 0), new("http://10.1.2.3:8080"))]
                        )),
                    ],
                },
            ]
        );

    private async Task PlaceAsync(ClusterTarget target, Fence fence, int replicas)
    {
        for (var slot = 0; slot < replicas; slot++)
        {
            await target.EnsureAsync(Order(slot), fence, Stop);
        }
        cluster.GoOn();
    }

    private static async Task<List<string>> SeenAsync(ClusterTarget target) =>
        [.. (await target.ObserveAsync(Shop, Stop)).Select(one => $"{one.Key.Slot} {one.State}")];

    private async Task<(ClusterTarget Target, Fence Fence)> ServerAsync()
    {
        var fence = await store.TakeChargeAsync("server", Stop);
        var target = Target(store);
        await target.TakeChargeAsync(fence, Stop);
        return (target, fence);
    }

    private ClusterKeeper Keeper(Fence fence) =>
        new(
            Ports(store),
            new ClusterRouter(new NoEdge(), Ports(store)),
            new FindingBook(store, () => fence, world),
            () => fence,
            NullLogger.Instance
        );

    private ClusterTarget Target(IStore own) => new(Ports(own));

    private ClusterPorts Ports(IStore own) =>
        new(cluster, new ClusterSites(own, world), new SentImages(NoImages, null!, static _ => new Note()), world)
        {
            Fairlead = fairlead,
        };

    private static ImagePorts NoImages() =>
        new(null!, null!, null!, static artifact => artifact, static _ => null, static _ => 0, new("amd64", "linux"))
        {
            Dockerfiles = null!,
            Folders = null!,
        };

    private static InstanceOrder Order(int slot) =>
        new()
        {
            Key = new(Shop, new Part("api", 42), slot),
            Artifact = "abc",
            Env = new Dictionary<string, string> { ["MODE"] = "live" },
            Service = new()
            {
                Name = "api",
                Kind = Kind.Api,
                Path = ".",
                Recipe = new() { Stack = "image" },
                Health = new() { Http = "/healthz" },
                Replicas = 2,
                Routes = ["/"],
                Container = new() { Image = "registry.test/api:1", Cluster = Place },
            },
        };

    /// <summary>The artifact of a ready image.</summary>
    private sealed class Note : IFileTree
    {
        private static readonly string Digest = "sha256:" + new string('a', 64);

        public string Root => "/";

        public string? ReadText(string path) =>
            path == ReadyImage.FileName ? $$"""{"Reference":"registry.test/api@{{Digest}}","Id":"{{Digest}}"}""" : null;

        public IReadOnlyList<string> List(string path) => [];

        public bool FileExists(string path) => false;

        public bool FolderExists(string path) => false;

        public IFileTree Inside(string folder) => this;
    }

    /// <summary>An edge that keeps what it is told.</summary>
    private sealed class NoEdge : IRouter
    {
        private Routing routing = Routing.None(Shop);

        public Task TakeChargeAsync(Fence fence, CancellationToken stop) => Task.CompletedTask;

        public Task<RouterView> ObserveAsync(Site site, CancellationToken stop) =>
            Task.FromResult(new RouterView("1", routing, new Dictionary<string, int>(), [], new(0, 0, 0, 0, 0)));

        public Task ApplyAsync(Routing next, Fence fence, CancellationToken stop)
        {
            routing = next;
            return Task.CompletedTask;
        }

        public Task<WakeCall> ListenAsync(long after, CancellationToken stop) => throw new NotSupportedException();

        public Task CutAsync(Site site, IReadOnlyList<InstanceKey> instances, Fence fence, CancellationToken stop) =>
            Task.CompletedTask;
    }

    private sealed class NoLogs : ILogs
    {
        public Task<LogPage> ReadAsync(LogQuery query, string? cursor, CancellationToken stop) =>
            Task.FromResult(new LogPage([], cursor ?? "here"));
    }
}
