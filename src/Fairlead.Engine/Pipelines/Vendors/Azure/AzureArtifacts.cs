using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Which jobs publish artifacts, and which of them are before another.</summary>
internal sealed class AzureArtifacts
{
    private readonly List<(string Job, string Name)> published = [];
    private readonly Dictionary<string, IReadOnlyList<string>> needs;

    public AzureArtifacts(IReadOnlyList<AzureJob> jobs)
    {
        needs = jobs.ToDictionary(static one => one.Name, static one => one.Needs, StringComparer.Ordinal);
        foreach (var job in jobs)
        {
            foreach (var step in AzureJobImport.Steps(job))
            {
                if (Published(step) is { } name)
                {
                    published.Add((job.Name, name));
                }
            }
        }
    }

    /// <summary>The jobs before one whose artifacts it takes; null when one is from elsewhere.</summary>
    /// <param name="name">Null for all.</param>
    public IReadOnlyList<string>? Taken(string job, string? name)
    {
        var before = Before(job);
        var taken = published
            .Where(one => before.Contains(one.Job) && (name is null || Is(one.Name, name)))
            .Select(static one => one.Job)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return taken.Count > 0 || name is null ? taken : null;
    }

    private HashSet<string> Before(string job)
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(needs[job]);
        while (waiting.TryDequeue(out var one))
        {
            if (before.Add(one) && needs.TryGetValue(one, out var more))
            {
                foreach (var need in more)
                {
                    waiting.Enqueue(need);
                }
            }
        }
        return before;
    }

    /// <summary>The artifact that a step publishes; null when it does something else.</summary>
    private static string? Published(Node step) =>
        Foreign.Find(step, "publish") is not null
            ? Foreign.Text(Foreign.Find(step, "artifact")) ?? ""
            : AzureStepsImport.Task(step) switch
            {
                "PUBLISHPIPELINEARTIFACT" => AzureStepsImport.Input(step, "artifact", "artifactName") ?? "",
                "PUBLISHBUILDARTIFACTS" => AzureStepsImport.Input(step, "ArtifactName") ?? "drop",
                _ => null,
            };

    /// <summary>What differs from one combination to the next is behind its name.</summary>
    private static bool Is(string one, string name) =>
        string.Equals(one, name, StringComparison.OrdinalIgnoreCase)
        || (
            one.IndexOf("$(", StringComparison.Ordinal) is var at and > 0
            && name.StartsWith(one[..at], StringComparison.OrdinalIgnoreCase)
        );
}
