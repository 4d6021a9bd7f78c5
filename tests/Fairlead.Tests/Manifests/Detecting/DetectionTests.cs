using System.Globalization;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Manifests.Detecting;

public sealed class DetectionTests
{
    // FAIRLEAD_ACCEPT=1 writes what comes out into the golden files, to be read and judged before it is committed.
    private static readonly bool IsAccepting = Environment.GetEnvironmentVariable("FAIRLEAD_ACCEPT") == "1";

    public static TheoryData<string> GoldenFiles =>
        [
            .. new DirectoryInfo(GoldenCase.Folder)
                .EnumerateFiles("*.txt")
                .Select(file => file.Name)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Repositories_are_recognised(string file)
    {
        var path = Path.Combine(GoldenCase.Folder, file);
        var cases = GoldenCase.Read(path);
        GoldenCase[] seen = [.. cases.Select(one => one with { Expected = Text(one.Files) })];
        if (IsAccepting)
        {
            File.WriteAllText(path, GoldenCase.Text(seen));
        }
        Assert.Equal(GoldenCase.Text(cases), GoldenCase.Text(seen));
    }

    [Fact]
    public void Every_rule_has_a_golden_case()
    {
        var stacks = Directory
            .EnumerateFiles(GoldenCase.Folder, "*.txt")
            .SelectMany(GoldenCase.Read)
            .SelectMany(one => Detection.DetectApp(new MemoryTree(one.Files)).Services)
            .Select(service => service.Detected.Stack)
            .ToHashSet();
        Assert.Equal("", string.Join(" ", AllRules.Rules.Select(rule => rule.Stack).Except(stacks)));
    }

    [Fact]
    public void A_folder_tells_the_same_as_when_the_whole_repository_is_asked()
    {
        MemoryTree tree = new(
            new Dictionary<string, string>
            {
                ["api/Api.csproj"] = """<Project Sdk="Microsoft.NET.Sdk.Web" />""",
                ["web/index.html"] = "<h1>Shop</h1>",
            }
        );
        foreach (var service in Detection.DetectApp(tree).Services)
        {
            var alone = Detection.DetectService(tree.Inside(service.Path));
            Assert.Equal(
                (service.Detected.Stack, service.Detected.Kind, string.Join(' ', service.Detected.Recipe.Run)),
                (alone?.Stack, alone?.Kind ?? default, string.Join(' ', alone?.Recipe.Run ?? []))
            );
        }
    }

    [Fact]
    public void A_path_that_leads_outside_is_nothing()
    {
        MemoryTree tree = new(new Dictionary<string, string> { ["index.html"] = "" });
        Assert.Null(Detection.DetectService(tree, "../other"));
        Assert.Null(Detection.DetectService(tree, "/etc"));
    }

    [Fact]
    public void The_reasons_are_told_with_what_came_close()
    {
        MemoryTree tree = new(
            new Dictionary<string, string>
            {
                ["package.json"] = """
                {
                  "dependencies": {
                    "express": "^5.0.0",
                    "vite": "^7.0.0"
                  },
                  "scripts": {
                    "start": "node server.js"
                  }
                }
                """,
                ["server.js"] = "app.get('/healthz', ok);\napp.listen(process.env.PORT);\n",
                ["tools/index.js"] = "http.createServer(answer).listen(9000);\n",
            },
            root: "/home/ann/Shop_2"
        );
        Assert.Equal(
            [
                "api (.) is express, kind api:",
                "  package.json:3 depends on express",
                "  package.json:7 starts it by 'node server.js'",
                "  server.js:1 answers /healthz",
                "  build: npm install --omit=dev",
                "  run: node server.js",
                "  health: /healthz",
                "  not bun, though package.json is there: no file with Bun.serve",
                "  not vite, though package.json:4 depends on vite: no index.html",
                "  not node, though package.json is there: express comes first",
            ],
            Detection.Explain(tree)
        );
        Assert.Equal("shop-2", Detection.DetectApp(tree).Name);
    }

    [Fact]
    public void What_looks_like_a_service_but_is_none_is_told()
    {
        MemoryTree tree = new(
            new Dictionary<string, string>
            {
                ["index.html"] = "<h1>About us</h1>",
                ["api/go.mod"] = "module example.com/api",
                ["api/main.go"] = "func main() { http.ListenAndServe(\":\" + os.Getenv(\"PORT\"), nil) }",
                ["seed/main.py"] = "print('seeded')",
            }
        );
        Assert.Equal(
            [
                "not taken:",
                "  seed looks like python, but nothing says that it is a service of its own",
                "  index.html would make the whole repository static, but its parts are services",
            ],
            Detection.Explain(tree).SkipWhile(line => line != "not taken:")
        );
    }

    private static string Text(IReadOnlyDictionary<string, string> files)
    {
        var app = Detection.DetectApp(new MemoryTree(files));
        return app.Services.Count == 0 ? "nothing" : string.Join('\n', app.Services.SelectMany(Lines));
    }

    private static IEnumerable<string> Lines(DetectedService service)
    {
        var (name, path, detected) = service;
        var recipe = detected.Recipe;
        yield return $"{name} in {path}: {detected.Stack}, {detected.Kind.ToString().ToLowerInvariant()}";
        yield return $"  needs {string.Join(", ", recipe.Needs)}";
        foreach (var command in recipe.Build)
        {
            yield return $"  build {Words(command)}";
        }
        yield return $"  output {recipe.Output ?? "{out}"}";
        yield return recipe.Run.Count > 0 ? $"  run {Words(recipe.Run)}" : "  served as files";
        if (recipe.Inputs.Count > 0)
        {
            yield return $"  inputs {string.Join(' ', recipe.Inputs)}";
        }
        if (detected.HealthPath is { } health)
        {
            yield return $"  health {health}";
        }
        if (detected.Port is { } port)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  port {port}");
        }
        foreach (var evidence in detected.Evidence)
        {
            yield return $"  - {evidence}";
        }
    }

    private static string Words(IReadOnlyList<string> words) =>
        string.Join(' ', words.Select(word => word.Contains(' ') ? $"'{word}'" : word));
}
