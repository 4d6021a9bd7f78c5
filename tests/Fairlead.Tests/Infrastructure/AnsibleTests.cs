using System.Runtime.CompilerServices;
using Fairlead.Engine.Infrastructure;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Tests.Fakes;
using YamlDotNet.RepresentationModel;

namespace Fairlead.Tests.Infrastructure;

/// <summary>Playbooks as they are written. Run once with FAIRLEAD_GOLDEN=write to take new ones, and read the difference.</summary>
public sealed class AnsibleTests
{
    private const string Machines = """
        app: shop
        services:
          api: { kind: api, run: ./api, routes: / }
          worker: { kind: worker, run: ./worker }
        environments: { production: { hosts: [shop.example.com] } }
        infrastructure:
          cloud: aws
          services: { api: machines, worker: machines }
        """;

    private const string Containers = """
        app: shop
        services:
          api: { kind: api, run: ./api, routes: / }
        infrastructure: { cloud: aws }
        """;

    [Theory]
    [InlineData("machines", Machines)]
    [InlineData("no-machines", Containers)]
    public void A_playbook_makes_machines_ready(string name, string manifest)
    {
        var code = Write(manifest);
        var path = Path.Combine(Here(), "Golden", $"ansible-{name}.txt");
        var actual =
            string.Concat(code.Files.Select(static one => $"==> {one.Path}\n{one.Text}\n"))
            + string.Concat(code.Notes.Select(static one => $"note: {one}\n"));
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void Each_task_has_a_name_and_says_its_module_in_full()
    {
        foreach (
            var file in Write(Machines)
                .Files.Where(static one =>
                    one.Path.Contains("/tasks/", StringComparison.Ordinal)
                    || one.Path.Contains("/handlers/", StringComparison.Ordinal)
                )
        )
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(file.Text));
            Assert.All(
                ((YamlSequenceNode)yaml.Documents[0].RootNode).Children.Cast<YamlMappingNode>(),
                static task =>
                {
                    var keys = task.Children.Keys.Select(static key => key.ToString()).ToList();
                    Assert.Equal("name", keys[0]);
                    Assert.StartsWith("ansible.builtin.", keys[1], StringComparison.Ordinal);
                }
            );
        }
    }

    private static CodeFiles Write(string manifest)
    {
        var tree = new MemoryTree(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["fairlead.yaml"] = manifest,
                ["api"] = "",
                ["worker"] = "",
            }
        );
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        var app = new ManifestLoader(Detection.DetectService, Detection.DetectApp, _ => abilities).Load(tree, null);
        return AllCodeFormats.All.Single(static one => one.Name == "ansible").Write(GraphMaker.Of(app), new());
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
