using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.ComposeFiles.Exporting;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Manifests.ComposeFiles;

/// <summary>
/// Compose files in the manner of well-known projects, with the manifest that each becomes and all that is said of it. To take new
/// answers, run once with FAIRLEAD_GOLDEN=write and read the difference.
/// </summary>
public sealed class ComposeImportTests
{
    private static readonly string[] Secrets =
    [
        "hunter2",
        "somewordpress",
        "abc-not-for-you",
        "tiger",
        "sk_live_abc",
        "not a real one",
        "k-123",
        "examplepass",
        "0123456789abcdef",
    ];

    public static TheoryData<string> Names => [.. ComposeSample.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_compose_file_becomes_a_manifest_and_nothing_is_lost_in_silence(string name)
    {
        var path = Path.Combine(ComposeSample.Folder, $"{name}.txt");
        var input = ComposeSample.Input(name);
        var answer = ComposeSample.Answer(input);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, input + ComposeSample.Line + answer);
            return;
        }
        Assert.Equal(File.ReadAllText(path).Split(ComposeSample.Line).ElementAtOrDefault(1), answer);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_value_of_a_secret_is_ever_written(string name)
    {
        var answer = ComposeSample.Answer(ComposeSample.Input(name));
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, answer, StringComparison.Ordinal));
    }

    /// <summary>Only this one names a service that nobody could start.</summary>
    private static readonly string[] Incomplete = ["profiles"];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_made_is_a_whole_manifest(string name)
    {
        var codes = Import(name).Answer.Findings.Select(static one => one.Code);
        Assert.Equal(Incomplete.Contains(name), codes.Contains("compose.manifest"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Images_go_back_to_compose_as_they_came(string name)
    {
        var (answer, files) = Import(name);
        if (Incomplete.Contains(name))
        {
            return;
        }
        var tree = new MemoryTree(
            new Dictionary<string, string>(files) { ["fairlead.yaml"] = answer.Manifest },
            "/srv/shop"
        );
        var app = new ManifestLoader(
            Detection.DetectService,
            Detection.DetectApp,
            static _ => new(FixedPortsOverlap: true, ServesStaticFiles: true)
        ).Load(tree);
        // A secret that is a variable must be set, or Compose starts nothing.
        var secrets = app.Services.SelectMany(static one => one.Service.Secrets ?? []);
        var exported = ComposeExport.Run(app, tree).Compose;
        var again = new MemoryTree(
            new Dictionary<string, string>(files)
            {
                ["again.yaml"] = exported,
                [".env"] = string.Concat(secrets.Select(static one => $"{one.Secret}=x\n").Distinct()),
            },
            "/srv/shop"
        );
        var back = new ManifestLoader(
            Detection.DetectService,
            Detection.DetectApp,
            static _ => new(FixedPortsOverlap: true, ServesStaticFiles: true)
        ).Load(
            new MemoryTree(
                new Dictionary<string, string>(files)
                {
                    ["fairlead.yaml"] = ComposeImport.Run(again, new(["again.yaml"])).Manifest,
                },
                "/srv/shop"
            )
        );
        Assert.Equal(app.Services.Select(Said).OfType<string>(), Ready(app, back).Select(Said).OfType<string>());
        foreach (var (before, after) in Ready(app, app).Zip(Ready(app, back)))
        {
            // What 'uses' tells is written out there, beside what was said.
            Assert.Empty(before.Service.Env.Except(after.Service.Env));
            Assert.Equal(Told(before), Told(after));
        }
    }

    private static IEnumerable<string> Told(LoadedService loaded) =>
        (loaded.Service.Secrets ?? []).Select(static one => one.Told).Order(StringComparer.Ordinal);

    /// <summary>Those services that were ready images before: an export adds others, such as one that gives volumes to their owner.</summary>
    private static IEnumerable<LoadedService> Ready(LoadedApp before, LoadedApp after) =>
        before
            .Services.Where(static one => one.Service.Container?.Image is not null)
            .Select(one => after.Services.Single(other => other.Service.Name == one.Service.Name));

    /// <summary>What an image is run with; null for what is built.</summary>
    private static string? Said(LoadedService loaded)
    {
        var service = loaded.Service;
        if (service.Container is not { Image: { } image } container)
        {
            return null;
        }
        return $"{service.Name} {image} [{string.Join(' ', service.Recipe.Run)}] at {service.Port} as {container.User} "
            + $"writes {container.IsWritable} may {string.Join(' ', container.Capabilities ?? [])} "
            + $"keeps {string.Join(' ', container.Volumes?.Values ?? [])}";
    }

    private static (ComposeImport.Answer Answer, IReadOnlyDictionary<string, string> Files) Import(string name)
    {
        var (question, files) = ComposeSample.Read(ComposeSample.Input(name));
        return (ComposeImport.Run(new MemoryTree(files, "/srv/shop"), question), files);
    }

    [Fact]
    public void Every_finding_has_its_place() =>
        Assert.All(
            ComposeSample.Names,
            name =>
            {
                var (question, files) = ComposeSample.Read(ComposeSample.Input(name));
                var answer = Engine.Manifests.ComposeFiles.Importing.ComposeImport.Run(
                    new Fakes.MemoryTree(files, "/srv/shop"),
                    question
                );
                Assert.All(answer.Findings, one => Assert.Matches(@"^[\w./-]+:\d+:\d+$", one.Where));
                Assert.All(answer.Findings, one => Assert.NotEmpty(one.Fix));
            }
        );
}
