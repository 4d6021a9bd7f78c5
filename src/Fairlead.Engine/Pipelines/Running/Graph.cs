using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>A job with one combination of its matrix.</summary>
/// <param name="Id">Such as <c>test (node: 22)</c>.</param>
/// <param name="Needs">Indexes of those that must end before, in the graph's list.</param>
public sealed record JobRun(string Id, Job Job, IReadOnlyDictionary<string, string> Values, IReadOnlyList<int> Needs);

/// <summary>What is to be done, in an order in which nothing comes before what it needs.</summary>
public sealed record Graph(IReadOnlyList<JobRun> Runs)
{
    private const int RunsMax = 20_000;

    /// <param name="chosen">Names of jobs, with all they need; empty for all that do not begin by hand.</param>
    /// <exception cref="ProblemException">A job is not known, or there would be too many.</exception>
    public static Graph Of(Pipeline pipeline, IReadOnlyList<string> chosen)
    {
        var wanted = Wanted(pipeline, chosen);
        var runs = new List<JobRun>();
        var places = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var job in Sorted(pipeline.Jobs).Where(one => wanted.Contains(one.Name)))
        {
            var needs = job.Needs.SelectMany(need => places[need]).Distinct().Order().ToList();
            var mine = places[job.Name] = [];
            foreach (var values in Values(job))
            {
                if (runs.Count == RunsMax)
                {
                    throw new ProblemException(TooMany(pipeline));
                }
                mine.Add(runs.Count);
                runs.Add(new(IdOf(job, values), job, values, needs));
            }
        }
        return new(runs);
    }

    /// <summary>Some of it; all that those need must be among them.</summary>
    /// <param name="chosen">For each, whether it stays.</param>
    public Graph Only(IReadOnlyList<bool> chosen)
    {
        var (runs, places) = (new List<JobRun>(), new int[Runs.Count]);
        for (var at = 0; at < Runs.Count; at++)
        {
            if (chosen[at])
            {
                places[at] = runs.Count;
                runs.Add(Runs[at] with { Needs = [.. Runs[at].Needs.Select(need => places[need])] });
            }
        }
        return new(runs);
    }

    /// <summary>Indexes of all that must end before one, directly or through others.</summary>
    public IReadOnlySet<int> Before(JobRun run)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>(run.Needs);
        while (open.TryPop(out var at))
        {
            if (seen.Add(at))
            {
                foreach (var need in Runs[at].Needs)
                {
                    open.Push(need);
                }
            }
        }
        return seen;
    }

    /// <summary>How a job is called with values of its matrix.</summary>
    internal static string IdOf(Job job, IReadOnlyCollection<KeyValuePair<string, string>> values) =>
        values.Count == 0
            ? job.Name
            : $"{job.Name} ({string.Join(", ", values.Select(static one => $"{one.Key}: {one.Value}"))})";

    private static IEnumerable<IReadOnlyDictionary<string, string>> Values(Job job) =>
        (job.Matrix is { } matrix ? Matrices.Combinations(matrix) : [new Dictionary<string, string>()]).SelectMany(
            values => ShardNames.Each(job.Shards, values)
        );

    private static HashSet<string> Wanted(Pipeline pipeline, IReadOnlyList<string> chosen)
    {
        var byName = pipeline.Jobs.ToDictionary(static one => one.Name, StringComparer.Ordinal);
        if (chosen.FirstOrDefault(one => !byName.ContainsKey(one)) is { } unknown)
        {
            throw new ProblemException(Unknown(pipeline, unknown));
        }
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(
            chosen.Count > 0 ? chosen : pipeline.Jobs.Where(static one => !one.Manual).Select(static one => one.Name)
        );
        while (open.TryPop(out var name))
        {
            if (wanted.Add(name))
            {
                foreach (var need in byName[name].Needs)
                {
                    open.Push(need);
                }
            }
        }
        return wanted;
    }

    // Kahn's way, in the order of the file among those that are free.
    private static IEnumerable<Job> Sorted(IReadOnlyList<Job> jobs)
    {
        var at = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var place = 0; place < jobs.Count; place++)
        {
            at[jobs[place].Name] = place;
        }
        var open = new int[jobs.Count];
        var followers = jobs.ToDictionary(
            static one => one.Name,
            static _ => new List<string>(),
            StringComparer.Ordinal
        );
        for (var place = 0; place < jobs.Count; place++)
        {
            foreach (var need in jobs[place].Needs.Distinct())
            {
                open[place]++;
                followers[need].Add(jobs[place].Name);
            }
        }
        // The first one last, where it is taken from without moving the others.
        var free = new List<int>();
        for (var one = jobs.Count - 1; one >= 0; one--)
        {
            if (open[one] == 0)
            {
                free.Add(one);
            }
        }
        while (free.Count > 0)
        {
            var next = free[^1];
            free.RemoveAt(free.Count - 1);
            yield return jobs[next];
            foreach (var follower in followers[jobs[next].Name])
            {
                var place = at[follower];
                if (--open[place] == 0)
                {
                    free.Insert(free.FindLastIndex(other => other > place) + 1, place);
                }
            }
        }
    }

    private static Problem Unknown(Pipeline pipeline, string name) =>
        new(
            "pipeline.unknown-job",
            What: $"The pipeline '{pipeline.Name}' has no job '{name}'.",
            Why: $"It has: {string.Join(", ", pipeline.Jobs.Select(static one => one.Name).Take(30))}.",
            Fix: Manifests.Nearest.To(name, pipeline.Jobs.Select(static one => one.Name)) is { } meant
                ? $"Did you mean '{meant}'?"
                : "Choose one of them, or none for all."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem TooMany(Pipeline pipeline) =>
        new(
            "pipeline.too-many-jobs",
            What: $"The pipeline '{pipeline.Name}' would run more than {RunsMax} jobs.",
            Why: "Matrices multiply: each combination is a job.",
            Fix: "Leave out combinations that tell nothing new."
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
