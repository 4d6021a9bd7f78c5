using System.Text.Json;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Manifests;

public sealed class AwsTests
{
    [Fact]
    public void A_function_has_a_name_of_its_own_and_no_process()
    {
        var service = Load(
            "lambda: { runtime: nodejs22.x, handler: index.handler, role: \"arn:{app}:{environment}\", memory: 256MiB }"
        );
        Assert.Equal(
            new AwsFunction
            {
                Name = "shop-production-notes",
                Role = "arn:shop:production",
                Runtime = "nodejs22.x",
                Handler = "index.handler",
                Memory = 256,
            },
            service.Aws!.Function
        );
        Assert.Equal((false, 1, 0), (service.IsStatic, service.Replicas, service.Recipe.Run.Count));
    }

    [Fact]
    public void A_database_at_RDS_is_found_by_the_environments_own_name_and_only_where_it_is_said_to_be()
    {
        const string Text = """
            app: shop
            services: { api: { kind: api, run: ./api } }
            databases:
              db: { kind: postgres, url: DATABASE_URL, migrations: { folder: db, command: ./m.sh }, rds: "{app}-{environment}-db" }
              other: { kind: mysql, url: OTHER_URL, migrations: { folder: m, command: ./m.sh }, rds: { cluster: shop, region: eu-west-1, keep: 3, in: [staging] } }
            environments: { production: {}, staging: {} }
            """;

        Assert.Equal(
            [new RdsPlace { Name = "shop-production-db", Keep = 5 }, null],
            Shop.Load(Text).Databases!.Select(static one => one.Rds)
        );
        Assert.Equal(
            new RdsPlace
            {
                Name = "shop",
                IsCluster = true,
                Region = "eu-west-1",
                Keep = 3,
            },
            Shop.Load(Text, "staging").Databases![1].Rds
        );
    }

    [Fact]
    public void Elsewhere_the_same_word_changes_nothing_and_a_process_needs_its_command() =>
        Assert.Equal(
            "manifest.no-run",
            Assert
                .Throws<ProblemException>(() =>
                    Shop.Load(
                        Manifest("lambda: { runtime: nodejs22.x, handler: index.handler, role: r }")
                            .Replace("target: aws", "target: local", StringComparison.Ordinal)
                    )
                )
                .Problem.Code
        );

    [Theory]
    [InlineData("lambda: { role: r }", "", "manifest.aws-lambda")]
    [InlineData("lambda: { role: r, runtime: a, handler: b, memory: 64MiB }", "", "manifest.aws-lambda")]
    [InlineData("lambda: { role: r, runtime: a, handler: b, timeout: 16m }", "", "manifest.aws-lambda")]
    [InlineData("lambda: { role: r, runtime: a, handler: b, name: \"a b\" }", "", "manifest.aws-lambda")]
    [InlineData("region: x", "run: ./start.sh", "manifest.aws-kind")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }, site: b", "", "manifest.aws-kind")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }", "gateway: { maxBody: 1MiB }", "manifest.aws-unused")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }", "secrets: [TOKEN]", "manifest.aws-unused")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }", "routes: []", "manifest.aws-worker")]
    [InlineData("lambda: { role: r, runtime: a, handler: b }", "deploy: recreate", "manifest.aws-strategy")]
    [InlineData(
        "lambda: { role: r, runtime: a, handler: b }",
        "deploy: { strategy: blue-green, preview: 5m }",
        "manifest.aws-strategy"
    )]
    public void What_AWS_cannot_do_is_said_before_anything_is_done(string aws, string more, string code) =>
        Assert.Contains(
            code,
            Assert.Throws<ProblemException>(() => Shop.Load(Manifest(aws, more))).Problems.Select(one => one.Code)
        );

    [Fact]
    public void A_site_has_no_shares() =>
        Assert.Equal(
            ["manifest.aws-strategy"],
            Assert
                .Throws<ProblemException>(() =>
                    Shop.Load(
                        """
                        app: shop
                        services: { web: { aws: { site: shop-web }, deploy: canary } }
                        environments: { production: { target: aws } }
                        """
                    )
                )
                .Problems.Select(one => one.Code)
        );

    [Fact]
    public void A_site_is_below_a_folder_of_its_own()
    {
        var app = Shop.Load(
            """
            app: shop
            services: { web: { aws: { site: shop-web } } }
            environments: { production: { target: aws, hosts: [shop.example.com] } }
            """
        );
        var bucket = Assert.Single(app.Services).Service.Aws!.Bucket!;
        Assert.Equal(("shop-web", "shop/production/web"), (bucket.Name, bucket.Folder));
        Assert.Equal(["shop.example.com"], bucket.Hosts);
    }

    [Fact]
    public void Tasks_have_a_name_of_their_own_as_many_as_replicas_and_the_hosts_and_paths_of_their_rule()
    {
        var service = Assert
            .Single(
                Shop.Load(
                    ManifestOf(
                        "cluster: \"{environment}\", subnets: [s-1, s-2], securityGroups: [g-1], executionRole: \"arn:{app}\", loadBalancer: shop",
                        "container: { image: registry.example.com/notes:1 }, replicas: 3, port: 3000"
                    )
                ).Services
            )
            .Service;
        Assert.Equal(
            """
            {"Name":"shop-production-notes","Cluster":"production","Cpu":256,"Memory":512,"Architecture":"x86_64","Subnets":["s-1","s-2"],"SecurityGroups":["g-1"],"ExecutionRole":"arn:shop","LoadBalancer":"shop","Count":3,"Hosts":["shop.example.com"],"Routes":["/"]}
            """,
            JsonSerializer.Serialize(service.Aws!.Tasks)
        );
        Assert.Equal(
            (1, 3000, "registry.example.com/notes:1", false, TimeSpan.FromMinutes(5)),
            (service.Replicas, service.Port, service.Container!.Image, service.IsStatic, service.Health.StartGrace)
        );
    }

    [Fact]
    public void Tasks_without_an_image_are_made_into_one_for_their_registry()
    {
        var service = Assert
            .Single(
                Shop.Load(
                    TasksManifest("registry: \"{app}.example.com\"", "run: ./start.sh, container: { base: debian:12 }")
                ).Services
            )
            .Service;

        Assert.Equal("shop.example.com", service.Registry);
        Assert.Equal((null, "debian:12"), (service.Container!.Image, service.Container.Base));
        Assert.False(service.IsStatic);
    }

    [Theory]
    [InlineData("cpu: 0.3", Image, "Fargate gives 0.25")]
    [InlineData("cpu: 1, memory: 1GiB", Image, "2048 to 8192 MiB in steps of 1024, and this is 1024 MiB")]
    [InlineData("cpu: 0.5, memory: 1500MiB", Image, "1024 to 4096 MiB in steps of 1024, and this is 1500 MiB")]
    [InlineData("memory: 512.5MiB", Image, "this is 512.5 MiB")]
    [InlineData("name: a_b", Image, "'a_b' is not")]
    [InlineData("listener: l", Image, "Exactly one of listener and loadBalancer")]
    [InlineData("cpu: 1", "run: ./start.sh", "ECS runs an image")]
    [InlineData("cpu: 1", $"{Image}, replicas: {{ min: 1, max: 3, cpu: 70% }}", "does not follow")]
    [InlineData("cpu: 1", $"{Image}, replicas: {{ min: 0, max: 1 }}", "does not follow")]
    [InlineData("cpu: 1", $"{Image}, stopGrace: 3m", "2 minutes at most")]
    [InlineData("cpu: 1", $"{Image}, drain: 2h", "one hour at most")]
    [InlineData("cpu: 1", $"{Image}, routes: [/a, /b, /c]", "1 and 6")]
    [InlineData("cpu: 1, registry: r.example.com", Image, "nothing is made or sent")]
    [InlineData("cpu: 1", "container: { image: i, base: b }", "has a base already")]
    [InlineData("cpu: 1", "container: { image: i, volumes: { data: /data } }", "no volumes")]
    public void What_Fargate_or_a_load_balancer_does_not_take_is_said_with_its_numbers(
        string ecs,
        string more,
        string why
    )
    {
        var problem = Assert.Single(
            Assert.Throws<ProblemException>(() => Shop.Load(TasksManifest(ecs, more))).Problems
        );
        Assert.Equal("manifest.aws-ecs", problem.Code);
        Assert.Contains(why, problem.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limits: { memory: 1GiB }", "manifest.aws-unused")]
    [InlineData("deploy: recreate", "manifest.aws-strategy")]
    [InlineData("deploy: { strategy: canary, gates: [{ check: dast }] }", "manifest.aws-strategy")]
    public void What_is_said_elsewhere_or_cannot_be_there_is_refused_for_tasks_too(string more, string code) =>
        Assert.Equal(
            [code],
            Assert
                .Throws<ProblemException>(() => Shop.Load(TasksManifest("cpu: 1", $"{Image}, {more}")))
                .Problems.Select(static one => one.Code)
        );

    private const string Image = "container: { image: i }";

    private static string TasksManifest(string ecs, string more) =>
        ManifestOf($"cluster: c, subnets: [s], securityGroups: [g], executionRole: r, loadBalancer: shop, {ecs}", more);

    private static string ManifestOf(string ecs, string more) =>
        $$"""
            app: shop
            services:
              notes: { kind: api, path: ., aws: { ecs: { {{ecs}} } }, {{more}} }
            environments: { production: { target: aws, hosts: [shop.example.com] } }
            """;

    private static Service Load(string aws) => Assert.Single(Shop.Load(Manifest(aws)).Services).Service;

    private static string Manifest(string aws, string more = "") =>
        $$"""
            app: shop
            services:
              notes:
                kind: api
                aws: { {{aws}} }
                {{more}}
            environments: { production: { target: aws } }
            """;
}
