using Fairlead.Engine.Infrastructure;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Infrastructure;

public class GraphMakerTests
{
    private const string Shop = """
        app: shop
        services:
          api: { kind: api, run: ./api, health: /healthz, routes: /api, secrets: [STRIPE_KEY], replicas: { min: 2, max: 6, cpu: 70% } }
          web: { kind: web, build: ./build.sh, output: dist }
          worker: { kind: worker, run: ./worker, uses: [api] }
        environments:
          production: { hosts: [shop.example.com] }
          staging: { infrastructure: { region: eu-west-1, databases: { main: { size: medium } } } }
        infrastructure:
          cloud: aws
          zone: example.com
          databases: { main: postgres }
          buckets: { uploads: { for: [api], readers: [worker] } }
          queues: { orders: { senders: [api] } }
          alerts: [ops@example.com]
        """;

    [Fact]
    public void A_shop_gets_what_somebody_who_has_done_it_often_would_give_it() =>
        Assert.Equal(
            """
            network network
            subnet public-a
            subnet public-b
            subnet private-a
            subnet private-b
            firewall load-balancer-firewall
            DNS zone zone
            certificate certificate
            load balancer load-balancer
            bucket web-files
            certificate cdn-certificate
            CDN web-cdn
            DNS record shop-example-com-record
            firewall programs-firewall
            firewall main-database-firewall
            database main-database
            bucket uploads-bucket
            queue orders-queue
            container pool containers
            registry api-images
            log group api-log
            secret stripe-key-secret
            identity api-starter
            identity api-identity
            container service api
            registry worker-images
            log group worker-log
            identity worker-starter
            identity worker-identity
            container service worker
            alarm topic alarms
            alarm api-errors
            alarm api-unhealthy
            alarm api-cpu
            alarm worker-cpu
            alarm main-database-cpu
            alarm main-database-disk
            alarm orders-queue-put-aside
            alarm orders-queue-age
            """,
            string.Join('\n', Graph(Shop, "production").Resources)
        );

    [Fact]
    public void Each_program_may_do_just_what_it_has_to()
    {
        var graph = Graph(Shop, "production");

        Assert.Equal(
            """
            api-starter: pull api-images, log api-log, read stripe-key-secret, read main-database
            api-identity: write uploads-bucket, send orders-queue
            worker-starter: pull worker-images, log worker-log, read main-database
            worker-identity: read uploads-bucket, receive orders-queue
            """,
            string.Join(
                '\n',
                graph
                    .All<Identity>()
                    .Select(static one =>
                        $"{one.Name}: {string.Join(", ", one.Grants.Select(static grant => $"{grant.Access.ToString().ToLowerInvariant()} {grant.On.Name}"))}"
                    )
            )
        );
    }

    [Fact]
    public void Programs_are_told_where_things_are_and_no_password_is_among_it()
    {
        var worker = Graph(Shop, "production")
            .All<ContainerService>()
            .Single(static one => one.Name == "worker")
            .Workload;

        Assert.Equal(
            ["API_URL=http://api", "DATABASE_NAME=shop", "DATABASE_PORT=5432"],
            worker.Env.Select(static one => $"{one.Key}={one.Value}")
        );
        Assert.Equal(
            [
                "DATABASE_HOST: Host of main-database",
                "DATABASE_PASSWORD: Password of main-database",
                "DATABASE_USER: User of main-database",
                "ORDERS_QUEUE_URL: QueueUrl of orders-queue",
                "UPLOADS_BUCKET: BucketName of uploads-bucket",
            ],
            worker.Facts.Select(static one => $"{one.Key}: {one.Value.Kind} of {one.Value.Of.Name}")
        );
    }

    [Fact]
    public void Only_the_load_balancer_is_open_and_data_is_reached_by_programs_alone()
    {
        var graph = Graph(Shop, "production");

        Assert.Equal(
            """
            load-balancer-firewall: 80 from 0.0.0.0/0 (visitors, who are sent to HTTPS), 443 from 0.0.0.0/0 (visitors)
            programs-firewall: 8080 from load-balancer-firewall (the load balancer), 8080 from itself (programs that use each other)
            main-database-firewall: 5432 from programs-firewall (the app's programs)
            """,
            string.Join(
                '\n',
                graph
                    .All<Firewall>()
                    .Select(static one =>
                        $"{one.Name}: {string.Join(", ", one.LetsIn.Select(static rule => $"{rule.Port} from {rule.Peer?.Name ?? rule.Range ?? "itself"} ({rule.Why})"))}"
                    )
            )
        );
    }

    [Fact]
    public void An_environment_says_more_than_the_app_and_production_is_held_more_safely()
    {
        var (production, staging) = (Graph(Shop, "production"), Graph(Shop, "staging", zone: false));

        Assert.Equal(("eu-central-1", "eu-west-1"), (production.Place.Region, staging.Place.Region));
        Assert.Equal(
            (true, true, false, false),
            (
                production.All<Database>().Single().HasStandby,
                production.All<Database>().Single().IsProtected,
                staging.All<Database>().Single().HasStandby,
                staging.All<Database>().Single().IsProtected
            )
        );
        Assert.Equal(MachineSize.MediumMachine, staging.All<Database>().Single().Size);
    }

    [Fact]
    public void Files_alone_need_no_network() =>
        Assert.Equal(
            ["bucket site-files", "CDN site-cdn"],
            Graph("app: page\nservices:\n  site: { kind: web, build: ./build.sh, output: dist }\ninfrastructure: aws\n")
                .Resources.Select(static one => one.ToString())
        );

    [Theory]
    [InlineData("infrastructure: {}", "manifest.no-cloud", 6)]
    [InlineData("infrastructure: { cloud: aws, network: 8.8.0.0/16 }", "manifest.cloud-network", 6)]
    [InlineData("infrastructure: { cloud: aws, network: 10.0.0.0/24 }", "manifest.cloud-network", 6)]
    [InlineData("infrastructure: { cloud: aws, zone: example.org }", "manifest.cloud-zone", 6)]
    [InlineData("infrastructure: { cloud: aws, services: { apo: function } }", "manifest.unknown-service", 6)]
    [InlineData("infrastructure: { cloud: aws, buckets: { a: { for: [apo] } } }", "manifest.unknown-service", 6)]
    [InlineData("infrastructure: { cloud: aws, databases: { a: { size: { cpu: 2 } } } }", "manifest.cloud-size", 6)]
    [InlineData("infrastructure: { cloud: aws, databases: { a: { storage: 1GiB } } }", "manifest.cloud-storage", 6)]
    [InlineData("infrastructure: { cloud: moon }", "manifest.bad-value", 6)]
    public void What_cannot_be_is_a_finding_with_its_line(string line, string code, int at)
    {
        var caught = Assert.Throws<ProblemException>(() =>
            Graph(
                $"app: shop\nservices:\n  api: {{ kind: api, run: ./api }}\nenvironments:\n  production: {{ hosts: [shop.example.com] }}\n{line}\n"
            )
        );

        Assert.Equal(code, caught.Problem.Code);
        Assert.StartsWith($"fairlead.yaml:{at}:", caught.Problem.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_that_says_nothing_of_a_cloud_is_told_so()
    {
        var caught = Assert.Throws<ProblemException>(() =>
            Graph("app: shop\nservices:\n  api: { kind: api, run: ./api }\n")
        );

        Assert.Equal("infra.nothing-needed", caught.Problem.Code);
    }

    private static ResourceGraph Graph(string manifest, string? environment = null, bool zone = true)
    {
        var text = zone ? manifest : manifest.Replace("  zone: example.com\n", "", StringComparison.Ordinal);
        var tree = new MemoryTree(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["fairlead.yaml"] = text,
                ["build.sh"] = "",
                ["api"] = "",
                ["worker"] = "",
            }
        );
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        var loader = new ManifestLoader(Detection.DetectService, Detection.DetectApp, _ => abilities);
        return GraphMaker.Of(loader.Load(tree, environment));
    }
}
