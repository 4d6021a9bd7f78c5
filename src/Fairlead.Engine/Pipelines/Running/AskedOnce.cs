using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>What is asked once in a run and then taken as it was: versions of tools and digests of images.</summary>
internal sealed class AskedOnce(PipelinePorts ports)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string?> tools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> images = new(StringComparer.Ordinal);

    /// <summary>The digest of an image; one name means one image in a run, whatever becomes of it meanwhile.</summary>
    /// <param name="fetches">Whether it is fetched when it is missing.</param>
    /// <returns>Null when it is not here.</returns>
    public async Task<string?> ImageAsync(string image, bool fetches, CancellationToken stop)
    {
        lock (gate)
        {
            if (images.TryGetValue(image, out var known))
            {
                return known;
            }
        }
        var digest = fetches ? await ports.Rooms.FetchAsync(image, stop) : await ports.Rooms.FindAsync(image, stop);
        lock (gate)
        {
            return digest is null ? null
                : images.TryAdd(image, digest) ? digest
                : images[image];
        }
    }

    /// <summary>What the tools of a job say of themselves; each is asked once in a run and place.</summary>
    /// <param name="place">Its name, and who is asked there.</param>
    public async Task<IReadOnlyDictionary<string, string>> ToolsAsync(
        Job job,
        JobScope scope,
        (string Name, Func<string, CancellationToken, Task<string?>> VersionAsync) place,
        CancellationToken stop
    )
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (tool, text) in job.Tools)
        {
            var wanted = Conditions.Fill(text, scope);
            string? version;
            bool isKnown;
            lock (gate)
            {
                isKnown = tools.TryGetValue(place.Name + tool, out version);
            }
            if (!isKnown)
            {
                version = await place.VersionAsync(tool, stop);
                lock (gate)
                {
                    tools[place.Name + tool] = version;
                }
            }
            said[tool] =
                version is not null && Versions.Fit(version, wanted)
                    ? version
                    : throw new ProblemException(RunProblems.Tool(job, (tool, wanted), version));
        }
        return said;
    }
}
