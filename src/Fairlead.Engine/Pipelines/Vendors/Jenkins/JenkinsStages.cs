using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>
/// Jobs in rows: what stands in one begins when all of the rows before it ended, since Jenkins has no needs of single stages.
/// </summary>
internal sealed class JenkinsStages
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> names = new(StringComparer.Ordinal);

    public JenkinsStages(Pipeline pipeline)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        var left = pipeline.Jobs.ToList();
        // By hand and not by recursion: a chain may be as long as the file. There are no circles in a pipeline.
        while (left.Count > 0)
        {
            var ready = left.Where(job => job.Needs.All(rows.ContainsKey)).ToList();
            if (ready.Count == 0)
            {
                break;
            }
            foreach (var job in ready)
            {
                rows[job.Name] = job.Needs.Count == 0 ? 0 : job.Needs.Max(need => rows[need]) + 1;
            }
            left.RemoveAll(job => rows.ContainsKey(job.Name));
        }
        Rows =
        [
            .. pipeline
                .Jobs.Where(job => rows.ContainsKey(job.Name))
                .GroupBy(job => rows[job.Name])
                .OrderBy(static one => one.Key)
                .Select(static one => (IReadOnlyList<Job>)[.. one]),
        ];
        foreach (var job in pipeline.Jobs)
        {
            names[job.Name] = job.Matrix is { } matrix
                ?
                [
                    .. Matrices
                        .Combinations(matrix)
                        .Select(one => Foreign.Free($"{job.Name}: {string.Join(", ", one.Values)}", taken)),
                ]
                : [Foreign.Free(job.Name, taken)];
        }
    }

    public IReadOnlyList<IReadOnlyList<Job>> Rows { get; }

    /// <summary>What the stages of a job are called: one for each combination.</summary>
    public IReadOnlyList<string> Of(string job) => names[job];

    /// <summary>What a row of several stages is called.</summary>
    public string Row(IReadOnlyList<Job> row)
    {
        var name = row is [var only] ? $"All of {only.Name}" : string.Join(", ", row.Select(static one => one.Name));
        return Foreign.Free(name.Length > 80 ? $"{name[..79]}…" : name, taken);
    }
}
