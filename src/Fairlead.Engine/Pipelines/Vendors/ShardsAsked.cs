using System.Globalization;
using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>
/// Shards as CI systems can do them: their own word for a job that is begun several times, or else the values of a matrix, and before the tests a step that writes down which are the shard's own. Each runs on a machine of its own,
/// where nobody knows how long tests took for the others; so they are parted by number, which all of them do alike.
/// </summary>
internal static class ShardsAsked
{
    private const string FileName = ".fairlead-shard";

    /// <summary>The pipeline as the system itself does its jobs: what shards are left is for its own word, and only told its number.</summary>
    /// <param name="own">How the system tells a job which of several it is; null when it cannot begin one several times but by a matrix.</param>
    public static Pipeline WithoutShards(
        this TranslationNotes notes,
        Pipeline pipeline,
        ExportMode mode,
        PartVariables? own = null
    ) =>
        mode == ExportMode.Native && pipeline.Jobs.Any(static one => one.Shards is not null)
            ? pipeline with
            {
                Jobs = [.. pipeline.Jobs.Select(job => job.Shards is { } shards ? Of(job, shards, own, notes) : job)],
            }
            : pipeline;

    private static Job Of(Job job, Shards shards, PartVariables? own, TranslationNotes notes)
    {
        var ours = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Shards.NumberVariable] = $"${{{{ matrix.{Shards.Axis} }}}}",
            [Shards.CountVariable] = ShardNames.Text(shards.Count),
        };
        var tasks = job.Tasks;
        if (shards.AreListed)
        {
            ours[Shards.FileVariable] = FileName;
            tasks = [.. Parting(job, shards), .. job.Tasks];
            notes.Approximated(
                job.Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"It has {shards.Count} shards, which are parted by how long tests took."
                ),
                $"They are parted by number there, in the order of their names, by a step that needs a shell, awk{(shards.Files.Count > 0 ? " and git" : "")}. More shards than tests fail."
            );
        }
        job = job with { Tasks = tasks };
        if (own?.Of(job, shards, ours) is { } said)
        {
            return said;
        }
        var env = new Dictionary<string, string>(job.Env, StringComparer.Ordinal);
        foreach (var (name, value) in ours)
        {
            env[name] = value;
        }
        return job with { Shards = null, Matrix = Matrix(job, shards), Env = env };
    }

    private static Matrix Matrix(Job job, Shards shards)
    {
        var own = job.Matrix;
        if (PartVariables.AsksIndex(job))
        {
            // No system reckons: each combination has both numbers.
            return (own ?? new([], [], [])) with
            {
                Axes = [],
                Include =
                [
                    .. (own is null ? [new Dictionary<string, string>()] : Matrices.Combinations(own))
                        .SelectMany(values => ShardNames.Each(shards, values))
                        .Select(values => ShardNames.Known(job, values)),
                ],
                Exclude = [],
                FailsFast = own?.FailsFast ?? false,
            };
        }
        if (own is null or { Include.Count: 0, Exclude.Count: 0 })
        {
            var numbers = Enumerable.Range(1, shards.Count).Select(ShardNames.Text);
            // As here: a shard that fails says nothing of the others.
            own ??= new([], [], []) { FailsFast = false };
            return own with { Axes = [.. own.Axes, new(Shards.Axis, [.. numbers])] };
        }
        return own with
        {
            Axes = [],
            Include = [.. Matrices.Combinations(own).SelectMany(values => ShardNames.Each(shards, values))],
            Exclude = [],
        };
    }

    // In each folder in which tasks run, since names of files are from there.
    private static IEnumerable<JobTask> Parting(Job job, Shards shards) =>
        job
            .Tasks.Select(static one => one.Folder)
            .Distinct(StringComparer.Ordinal)
            .Select(
                (folder, at) =>
                    new JobTask
                    {
                        Name = Free(job, at == 0 ? "shard" : $"shard-{ShardNames.Text(at + 1)}"),
                        Title = "Tests of this shard",
                        Folder = folder,
                        Act = new Act.Script("sh", Script(shards)),
                    }
            );

    private static string Script(Shards shards)
    {
        var list =
            shards.List.Count > 0
                ? string.Join(' ', shards.List.Select(ShellText.Quoted))
                : $"git -c core.quotePath=false ls-files -- {string.Join(' ', shards.Files.Select(static one => ShellText.Quoted(one.StartsWith('!') ? $":(top,glob,exclude){one[1..]}" : $":(top,glob){one}")))}";
        return $$"""
            {{list}} > {{FileName}}.all
            LC_ALL=C sort -u {{FileName}}.all | awk -v n="${{Shards.CountVariable}}" -v i="${{Shards.NumberVariable}}" '(NR - 1) % n == i - 1' > {{FileName}}
            test -s {{FileName}} || { echo 'This shard has no tests: there are more shards than tests.' >&2; exit 1; }

            """;
    }

    private static string Free(Job job, string name)
    {
        while (job.Tasks.Any(one => one.Name == name))
        {
            name += "-tests";
        }
        return name;
    }
}
