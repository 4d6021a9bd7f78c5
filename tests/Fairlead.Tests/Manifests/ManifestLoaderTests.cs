using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Manifests;

public sealed class ManifestLoaderTests
{
    [Fact]
    public void A_folder_without_a_manifest_is_told_how_to_begin() =>
        Assert.Equal(
            """
            /app has no fairlead.yaml.
              why: It tells what the app is called and where it runs.
              fix: fairlead init
              (manifest.missing)
            """,
            Refusal(Shop.Tree(manifest: null))
        );

    [Fact]
    public void A_manifest_under_another_name_is_pointed_at() =>
        Assert.Equal(
            """
            /app has no fairlead.yaml.
              why: There is a fairlead.yml, which is not read.
              fix: mv fairlead.yml fairlead.yaml
              (manifest.missing)
            """,
            Refusal(new MemoryTree(new Dictionary<string, string> { ["fairlead.yml"] = "app: shop" }))
        );

    [Fact]
    public void A_repository_without_anything_known_is_told_so() =>
        Assert.Equal(
            """
            fairlead.yaml:1:1: fairlead.yaml names no services.
              why: None was found in /app either: no project file that Fairlead knows is there or one folder below.
              fix: Add for example: services: { web: { kind: web, run: ./start.sh } }
              (manifest.no-services)
            """,
            Refusal(new MemoryTree(new Dictionary<string, string> { ["fairlead.yaml"] = "app: shop" }))
        );

    [Fact]
    public void Only_the_first_hundred_findings_are_shown()
    {
        var keys = string.Concat(Enumerable.Range(1, 300).Select(number => $"key{number}: 1\n"));
        var problems = Assert.Throws<ProblemException>(() => Shop.Load($"app: shop\n{keys}")).Problems;
        Assert.Equal((101, "200 more findings are not shown."), (problems.Count, problems[^1].What));
    }

    [Fact]
    public void A_fixed_port_is_no_hindrance_where_ports_overlap()
    {
        var containers = new ManifestLoader(
            Shop.DetectService,
            Shop.DetectApp,
            _ => new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true)
        );
        var app = containers.Load(Shop.Tree("app: shop\nservices: { legacy: { replicas: 3 } }\n"));
        Assert.Equal(("blue-green", 3), (app.Services[0].StrategyKind, app.Services[0].Service.Replicas));
    }

    /// <summary>In a container, the machine's own address is the container's alone: nobody would reach what listens there.</summary>
    [Theory]
    [InlineData(true, "", "0.0.0.0")]
    [InlineData(false, "", "127.0.0.1")]
    [InlineData(true, "run: 'flask run --host 127.0.0.1 --port {port}'", "127.0.0.1")]
    public void What_is_detected_listens_where_its_target_reaches_it(bool isContainer, string said, string expected)
    {
        var loader = new ManifestLoader(
            Detection.DetectService,
            Detection.DetectApp,
            _ => new TargetAbilities(isContainer, ServesStaticFiles: true)
        );
        var app = loader.Load(
            new MemoryTree(
                new Dictionary<string, string>
                {
                    ["fairlead.yaml"] = $"app: shop\nservices: {{ api: {{ path: ., {said} }} }}\n",
                    ["requirements.txt"] = "flask\n",
                    ["app.py"] = "from flask import Flask\napp = Flask(__name__)\n",
                }
            )
        );
        Assert.Contains(expected, app.Services[0].Service.Recipe.Run);
    }

    [Fact]
    public void A_command_that_is_told_its_port_overrules_the_port_detected()
    {
        var app = Shop.Load("app: shop\nservices: { legacy: { run: 'php legacy.php {port}' } }\n");
        Assert.Equal((null, "blue-green"), (app.Services[0].Service.Port, app.Services[0].StrategyKind));
    }

    [Fact]
    public void Files_without_a_process_need_a_target_that_serves_them()
    {
        var plain = new ManifestLoader(
            Shop.DetectService,
            Shop.DetectApp,
            _ => new TargetAbilities(FixedPortsOverlap: false, ServesStaticFiles: false)
        );
        var tree = Shop.Tree("app: shop\nservices: { web: {} }\n");
        Assert.Equal("manifest.static-target", Assert.Throws<ProblemException>(() => plain.Load(tree)).Problem.Code);
    }

    [Fact]
    public void What_is_written_for_a_repository_loads_as_what_was_detected()
    {
        var written = ManifestWriter.Text(Shop.DetectApp(Shop.Tree(manifest: null)));
        Assert.Equal(
            """
            # What Fairlead deploys from this folder. What is not said here is detected: see it with 'fairlead plan'.
            app: shop
            services:
              # aspnet, as api/api.csproj:1 tells: a web project of .NET
              api: {}
              # python, as mails/queue.py tells: a script
              mails: {}
              # static, as web/index.html tells: a page
              web: {}

            """,
            written
        );
        Assert.Equal(Shop.Answer("app: shop\n"), Shop.Answer(written));
    }

    [Fact]
    public void What_is_written_parts_the_routes_of_two_sites_and_keeps_to_one_line_each()
    {
        var page = Shop.DetectService(Shop.Tree(manifest: null).Inside("web"))! with
        {
            Evidence = [new Evidence("index.html", 3, "says\napp: evil")],
        };
        var written = ManifestWriter.Text(
            new("shop", [new("site", "web", page), new("admin", "./web", page), new("top", ".", page)])
        );
        Assert.Equal(
            """
            # What Fairlead deploys from this folder. What is not said here is detected: see it with 'fairlead plan'.
            app: shop
            services:
              # static, as web/index.html:3 tells: says?app: evil
              site:
                path: web
              # static, as ./web/index.html:3 tells: says?app: evil
              admin:
                path: ./web
                routes: /admin
              # static, as index.html:3 tells: says?app: evil
              top:
                path: .
                routes: /top

            """,
            written
        );
    }

    [Fact]
    public void What_is_written_for_an_unknown_repository_is_a_beginning_to_complete()
    {
        var app = Shop.Load(ManifestWriter.Text(new("shop", [])));
        Assert.Equal(["./start.sh"], app.Services[0].Service.Recipe.Run);
    }

    private static string Refusal(IFileTree tree) =>
        Assert.Throws<ProblemException>(() => Shop.Loader.Load(tree)).Problem.ToString();
}
