using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Turns Compose files into a manifest, and says all that did not come along.</summary>
internal static class ComposeImport
{
    /// <summary>Names that Compose looks for, the one that is taken first.</summary>
    private static readonly string[] Usual =
    [
        "compose.yaml",
        "compose.yml",
        "docker-compose.yml",
        "docker-compose.yaml",
    ];

    /// <summary>What is asked for.</summary>
    /// <param name="Files">As seen from the app's folder; each is laid over those before.</param>
    public sealed record Question(IReadOnlyList<string> Files)
    {
        public string? Name { get; init; }

        public string? EnvironmentFile { get; init; }

        public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

        /// <summary>Of which services are taken too; <c>*</c> for all.</summary>
        public IReadOnlyList<string> Profiles { get; init; } = [];
    }

    /// <param name="Services">How many came along.</param>
    public sealed record Answer(string Manifest, int Services, IReadOnlyList<Problem> Findings);

    /// <summary>The files that Compose itself would read in a folder; none when there are none.</summary>
    public static IReadOnlyList<string> Customary(IFileTree tree)
    {
        var file = Array.Find(Usual, tree.FileExists);
        if (file is null)
        {
            return [];
        }
        var dot = file.LastIndexOf('.');
        string[] over = [$"{file[..dot]}.override.yml", $"{file[..dot]}.override.yaml"];
        return Array.Find(over, tree.FileExists) is { } found ? [file, found] : [file];
    }

    /// <exception cref="ProblemException">The files mean nothing: all faults that were found.</exception>
    public static Answer Run(IFileTree tree, Question question)
    {
        var notes = new Notes();
        var (file, variables) = ComposeLoader.Load(
            tree,
            question.Files,
            question.EnvironmentFile,
            question.Variables,
            notes
        );
        var siblings = new Siblings(file);
        var names = Names(file, siblings, question.Profiles, notes);
        var images = names
            .Keys.Where(name => siblings.BuildOf(file.Services[name]) is null)
            .ToDictionary(
                static name => name,
                name => ImageService.Of(name, Siblings.ImageOf(file.Services[name])!, file), // It has one, or is built.
                StringComparer.Ordinal
            );
        var scope = new ImportScope(file, tree, variables, names, images, siblings, notes);
        List<ServiceDraft> drafts = [.. names.Keys.Select(name => new ServiceDraft(name, file.Services[name], scope))];
        drafts.ForEach(ServiceImport.Apply);
        RouteImport.Apply(drafts);
        notes.ThrowIfFaulty();
        Rights(drafts, notes);
        var services = new JsonObject(
            drafts.Select(static one => KeyValuePair.Create(one.Name, (JsonNode?)ServiceImport.Finished(one)))
        );
        var app = question.Name ?? Naming.Slug(file.Name ?? Paths.Name(tree.Root.TrimEnd('/'))) ?? "app";
        var manifest = new JsonObject
        {
            ["app"] = app,
            ["services"] = services,
            ["environments"] = new JsonObject { ["production"] = new JsonObject { ["target"] = "docker" } },
        };
        var text =
            $"# From {string.Join(", ", question.Files)}. What is not said here is detected: see it with 'fairlead plan'.\n{YamlLines.Of(manifest)}";
        return new(text, names.Count, [.. notes.All, .. Incomplete(tree, text, names.Count)]);
    }

    private static void Rights(IReadOnlyList<ServiceDraft> drafts, Notes notes)
    {
        List<ServiceDraft> built = [.. drafts.Where(static one => one.Image is null)];
        if (built.Count > 0)
        {
            notes.Say(built[0].Said.Place, Reports.Rights(string.Join(", ", built.Select(static one => one.Name))));
        }
        // Of the others it is known what they need.
        List<ServiceDraft> images = [.. drafts.Where(static one => one.Image is { Known: null })];
        if (images.Count > 0)
        {
            notes.Say(
                images[0].Said.Place,
                Reports.ImageRights(string.Join(", ", images.Select(static one => one.Name)))
            );
        }
    }

    /// <summary>Services that come along, with their names in the manifest; what becomes of the others is said.</summary>
    private static OrderedDictionary<string, string> Names(
        ComposeFile file,
        Siblings siblings,
        IReadOnlyList<string> profiles,
        Notes notes
    )
    {
        var names = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, service) in file.Services)
        {
            var place = service.Place;
            string[] own =
            [
                .. (service.Find("profiles") as Piece.Row)?.Items.OfType<Piece.Word>().Select(static one => one.Text)
                    ?? [],
            ];
            var image = Siblings.ImageOf(service);
            var isBuilt = siblings.BuildOf(service) is Piece.Group;
            var left = image is null || isBuilt ? null : ImageImport.LeftBehind(name, image, (service, siblings));
            if (own.Length > 0 && !profiles.Contains("*") && !own.Any(profiles.Contains))
            {
                notes.Say(place, Reports.Profile(name, string.Join(", ", own)));
            }
            else if (image is null && !isBuilt)
            {
                notes.Fault(place, Faults.BadValue(name, "an image, or what it is built from"));
            }
            else if (left is { } words)
            {
                notes.Say(place, Reports.Image(name, image!, words)); // Only images are left behind.
            }
            else
            {
                names[name] = Unique(Naming.Slug(name) ?? "service", taken);
                if (names[name] != name)
                {
                    notes.Say(place, Reports.Name("The service", name, names[name]));
                }
            }
        }
        return names;
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
        {
            var ending = string.Create(CultureInfo.InvariantCulture, $"-{number}");
            unique = name[..Math.Min(name.Length, 40 - ending.Length)] + ending;
        }
        return unique;
    }

    /// <summary>What 'fairlead check' would find in the manifest.</summary>
    private static IReadOnlyList<Problem> Incomplete(IFileTree tree, string manifest, int services)
    {
        if (services == 0)
        {
            return [];
        }
        try
        {
            var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
            new ManifestLoader(Detection.DetectService, Detection.DetectApp, _ => abilities).Load(
                new WithManifest(tree, manifest)
            );
            return [];
        }
        catch (ProblemException found)
        {
            return [.. found.Problems.Select(Reports.Manifest)];
        }
    }

    /// <summary>The folder as it will be with the manifest in it.</summary>
    private sealed class WithManifest(IFileTree tree, string manifest) : IFileTree
    {
        public string Root => tree.Root;

        public bool FolderExists(string path) => tree.FolderExists(path);

        public bool FileExists(string path) => path == ManifestFile.Name || tree.FileExists(path);

        public string? ReadText(string path) => path == ManifestFile.Name ? manifest : tree.ReadText(path);

        public IReadOnlyList<string> List(string folder) => tree.List(folder);

        public bool IsClosed(string folder) => tree.IsClosed(folder);

        public IFileTree Inside(string folder) => tree.Inside(folder);
    }
}
