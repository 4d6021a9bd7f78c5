using Fairlead.Engine.Manifests.Detecting.Stacks;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>
/// Finds the services of a repository: the parts that it declares, else the folder itself with the parts beside it that it
/// does not swallow, else the parts that lie where people keep them.
/// </summary>
internal sealed class AppSearch
{
    private const int ServicesMax = 50;

    private readonly IFileTree tree;
    private readonly Sight root;
    private readonly List<Candidate> taken = [];
    private readonly List<Evidence> refused = [];

    private AppSearch(IFileTree tree) => (this.tree, root) = (tree, new(tree, "."));

    /// <summary>What was found, and what looked like a service but is none.</summary>
    public static (IReadOnlyList<Candidate> Taken, IReadOnlyList<Evidence> Refused) Run(IFileTree tree)
    {
        var search = new AppSearch(tree);
        search.Run();
        return (Naming.Unique(search.taken), search.refused);
    }

    private void Run()
    {
        var own = Look(new(".", null, null));
        Declare(own);
        if (taken.Count > 0)
        {
            Add(Customary.Parts(root), (part, detected) => Customary.Counts(part.Path, detected));
        }
        else if (own is not null && !Customary.IsWeak(own.Detected))
        {
            taken.AddRange(Own(own));
            if (own.Detected.Kind != Kind.Mobile)
            {
                Add(Customary.Parts(root), (part, _) => Customary.IsNamedAsPart(part.Path) && !IsSwallowed(part.Path));
            }
        }
        else
        {
            Add(Customary.Parts(root), (part, detected) => Customary.Counts(part.Path, detected));
            Fall(own);
        }
    }

    private void Declare(Candidate? own)
    {
        foreach (var part in Declared.Parts(root).Where(_ => taken.Count < ServicesMax))
        {
            var found = part.Path == "." ? own : Look(part);
            if (found is not null)
            {
                var because = part.Because is null
                    ? found.Detected.Evidence
                    : [.. found.Detected.Evidence, Beside(part.Path, part.Because)];
                taken.Add(found with { Name = part.Name, Detected = found.Detected with { Evidence = because } });
            }
        }
    }

    private void Add(IReadOnlyList<Part> parts, Func<Part, Detected, bool> counts)
    {
        foreach (var part in parts)
        {
            if (
                taken.Exists(one => one.Path != "." && Paths.IsAtOrBelow(part.Path, one.Path))
                || taken.Count >= ServicesMax
            )
            {
                continue;
            }
            if (Look(part) is not { } found)
            {
                continue;
            }
            if (counts(part, found.Detected))
            {
                taken.Add(found);
            }
            else
            {
                refused.Add(
                    new(
                        part.Path,
                        null,
                        $"looks like {found.Detected.Stack}, but nothing says that it is a service of its own"
                    )
                );
            }
        }
    }

    // To serve the whole repository as files would publish the source of its other parts.
    private void Fall(Candidate? own)
    {
        if (own is null)
        {
            return;
        }
        if (taken.Count == 0)
        {
            taken.AddRange(Own(own));
        }
        else
        {
            refused.Add(
                own.Detected.Evidence[0] with
                {
                    Says = $"would make the whole repository {own.Detected.Stack}, but its parts are services",
                }
            );
        }
    }

    // One folder, several processes: those of a Procfile, or the programs of one Go module.
    private IEnumerable<Candidate> Own(Candidate own)
    {
        var processes = Procfile.Read(root);
        if (processes.Count > 1 && own.Detected.Recipe is { Output: ".", Run.Count: > 0 })
        {
            var plain = Trial.All(root).FirstOrDefault(trial => trial.Holds) is null ? null : own.Detected;
            return processes.Select(process =>
                own with
                {
                    Name = process.Name,
                    Detected =
                        process == Procfile.Main(processes) ? own.Detected
                        : plain is null ? Procfile.Alone(process)
                        : Procfile.Apply(WithoutProcfile(plain), process),
                }
            );
        }
        if (
            own.Detected.Stack == "go"
            && Go.Programs(root) is { Count: > 1 } programs
            && programs.All(one => one.Name.Length > 0)
        )
        {
            return programs.Select(program =>
                own with
                {
                    Name = program.Name,
                    Detected = Trial.OfGo(root, own.Detected, program),
                }
            );
        }
        return [own];
    }

    private static Detected WithoutProcfile(Detected detected) =>
        detected with
        {
            Evidence = [.. detected.Evidence.Where(one => one.Path != Procfile.FileName)],
        };

    private Candidate? Look(Part part)
    {
        var sight = new Sight(tree, part.Path);
        var trials = Trial.All(sight);
        return Trial.Decide(sight, trials) is { } detected ? new(part.Name, sight.At, detected, trials) : null;
    }

    // package.json: "build": "cd client && npm ci && npm run build"     main.go: //go:embed web/dist
    private bool IsSwallowed(string part)
    {
        string[] endings =
        [
            ".json",
            ".js",
            ".mjs",
            ".ts",
            ".go",
            ".py",
            ".rb",
            ".csproj",
            ".xml",
            ".gradle",
            ".kts",
            ".toml",
            "Makefile",
            "Dockerfile",
        ];
        string[] phrases =
        [
            $"cd {part}",
            $"prefix {part}",
            $"\"{part}/",
            $"'{part}/",
            $" {part}/",
            $"./{part}",
            $"embed {part}",
            $"\"{part}\"",
        ];
        foreach (var file in root.Top(endings).Take(50))
        {
            if (
                root.Find(
                    file,
                    line => phrases.Any(phrase => line.Contains(phrase, StringComparison.Ordinal)),
                    $"takes {part} along, so that is no service of its own"
                ) is
                { } seen
            )
            {
                refused.Add(seen);
                return true;
            }
        }
        return false;
    }

    // Evidence is relative to the service's folder.
    private static Evidence Beside(string path, Evidence evidence) =>
        evidence with
        {
            Path = Paths.Relative(path, evidence.Path),
        };
}

/// <summary>A service that was found, with how all rules fared.</summary>
/// <param name="Name">What the repository calls it; null when only its folder has a name.</param>
internal sealed record Candidate(string? Name, string Path, Detected Detected, IReadOnlyList<Trial> Trials);
