using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making;

/// <summary>A service of a repository, as its pipeline sees it.</summary>
/// <param name="Path">Its folder, from the pipeline's; <c>.</c> for that folder itself.</param>
internal sealed record Part(string Name, string Path, Sight Sight, Detected Detected)
{
    /// <summary>Globs, from its folder, of what tools make there: nothing reads it as source.</summary>
    public IReadOnlyList<string> Made { get; init; } = [];

    /// <summary>What it was taken for builds into this folder, from the pipeline's.</summary>
    public string Out => $"out/{Name}";

    /// <summary>A path or glob of its folder, from the pipeline's.</summary>
    public string In(string glob) => Path == "." ? glob : $"{Path}/{glob}";

    /// <summary>All that it is made of.</summary>
    public IReadOnlyList<string> Source =>
        [
            .. (
                (string[])
                    [
                        In("**"),
                        .. Detected
                            .Recipe.Inputs.Select(one => Paths.Join(Path, one))
                            .OfType<string>()
                            .Where(static one => one != "."),
                        .. Made.Select(one => $"!{In(one)}"),
                        $"!{In("reports")}",
                        .. Path == "." ? ["!out"] : (string[])[],
                    ]
            ).Distinct(StringComparer.Ordinal),
        ];

    /// <summary>A command that is not done again while the source stays the same.</summary>
    public JobTask Check(string name, params IReadOnlyList<string> words) => Do(name, words) with { Inputs = Source };

    /// <summary>A command that is always done.</summary>
    public JobTask Do(string name, params IReadOnlyList<string> words) =>
        new()
        {
            Name = name,
            Act = new Act.Command(words),
            Folder = Path,
        };
}

/// <summary>What tools of one family do with a part.</summary>
/// <param name="Tools">Programs and their versions; an empty version where nothing says one.</param>
/// <param name="Checks">What comes before it is built, such as installing, linting and testing, in order.</param>
internal sealed record Work(IReadOnlyDictionary<string, string> Tools, IReadOnlyList<JobTask> Checks)
{
    public IReadOnlyList<KeptFolder> Caches { get; init; } = [];

    /// <summary>Looks for known weaknesses of what it depends on; null where its tools cannot.</summary>
    public IReadOnlyList<JobTask> Audit { get; init; } = [];

    /// <summary>Whether a command of the recipe only installs, which the checks did already.</summary>
    public Func<IReadOnlyList<string>, bool> Installs { get; init; } = static _ => false;

    public string Machine { get; init; } = "linux";

    /// <summary>As <see cref="Part.Made"/>.</summary>
    public IReadOnlyList<string> Made { get; init; } = [];
}

/// <summary>Tools that belong together, and what they do with a part.</summary>
/// <param name="Name">As rules of detection say it.</param>
internal sealed record Family(string Name, Func<Part, Work> Of);
