using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines;

/// <summary>Checks what jobs need of each other: all is there, and nothing waits for itself.</summary>
internal static class Needs
{
    public static void Check(IReadOnlyList<Job> jobs, Node node, Findings findings)
    {
        var known = jobs.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var job in jobs)
        {
            foreach (var need in job.Needs.Where(need => !known.Contains(need)))
            {
                var meant = Nearest.To(need, known);
                findings.Add(
                    node.At(job.Name, "needs"),
                    "unknown-need",
                    (
                        $"Job '{job.Name}' needs '{Shown.Line(need)}', which is no job.",
                        $"{known.Count} jobs are known here.",
                        meant is null ? "Remove it, or write the job." : $"Did you mean '{meant}'?"
                    )
                );
            }
        }
        if (Circle(jobs) is { } circle)
        {
            findings.Add(
                node.At(circle[0], "needs"),
                "circle",
                (
                    $"Jobs need each other in a circle: {string.Join(" needs ", circle)}.",
                    "None of them could ever begin.",
                    "Remove one of these needs."
                )
            );
        }
    }

    /// <summary>The jobs of one circle, the first one again at its end; null when there is none.</summary>
    public static IReadOnlyList<string>? Circle(IReadOnlyList<Job> jobs)
    {
        var byName = jobs.ToDictionary(static one => one.Name, StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var job in jobs)
        {
            // By hand and not by recursion: a chain may be as long as the file.
            var path = new List<(string Name, int Next)> { (job.Name, 0) };
            var onPath = new HashSet<string>(StringComparer.Ordinal) { job.Name };
            while (path.Count > 0)
            {
                var (name, next) = path[^1];
                var needs = byName.TryGetValue(name, out var found) ? found.Needs : [];
                if (done.Contains(name) || next == needs.Count)
                {
                    done.Add(name);
                    onPath.Remove(name);
                    path.RemoveAt(path.Count - 1);
                    continue;
                }
                path[^1] = (name, next + 1);
                var need = needs[next];
                if (onPath.Contains(need))
                {
                    var from = path.FindIndex(one => one.Name == need);
                    return [.. path.Skip(from).Select(static one => one.Name), need];
                }
                if (byName.ContainsKey(need) && !done.Contains(need))
                {
                    path.Add((need, 0));
                    onPath.Add(need);
                }
            }
        }
        return null;
    }
}
