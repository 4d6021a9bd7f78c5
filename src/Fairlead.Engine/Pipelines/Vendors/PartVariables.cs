using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>How a system tells a job that it begins several times at once which of them it is: the same as shards, under names of its own.</summary>
/// <param name="Number">The variable with its number.</param>
/// <param name="Count">The variable with how many there are.</param>
internal sealed partial record PartVariables(string Number, string Count)
{
    /// <summary>As a job of ours can have.</summary>
    public const int CountMax = 64;

    /// <summary>https://learn.microsoft.com/azure/devops/pipelines/process/phases: <c>strategy: parallel</c>.</summary>
    public static PartVariables Azure { get; } =
        new("SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE")
        {
            Word = $"matrix.{Model.Pipelines.Shards.Axis}",
            // What each makes has a name of its own there, by its combination; and a deployment has no strategy but its own.
            NeedsMatrix = static job => job.Environment is not null || JobFiles.Outputs(job).Count > 0,
        };

    /// <summary>https://circleci.com/docs/guides/optimize/parallelism-faster-jobs: <c>parallelism</c>.</summary>
    public static PartVariables CircleCi { get; } =
        new("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL") { IsFromZero = true, IsBesideMatrix = true };

    /// <summary>https://docs.gitlab.com/ci/yaml/#parallel: <c>parallel</c> with a number.</summary>
    public static PartVariables GitLab { get; } = new("CI_NODE_INDEX", "CI_NODE_TOTAL") { Word = "env.CI_NODE_INDEX" };

    /// <summary>Whether it counts from 0.</summary>
    public bool IsFromZero { get; init; }

    /// <summary>Whether a job can have a matrix beside.</summary>
    public bool IsBesideMatrix { get; init; }

    /// <summary>What stands for the number in texts of that system, as its export reads expressions; null when it can fill it into none.</summary>
    public string? Word { get; init; }

    /// <summary>Of which jobs only a matrix can say all.</summary>
    public Func<Job, bool> NeedsMatrix { get; init; } = static _ => false;

    private string Mine =>
        $"${{{{ matrix.{(IsFromZero ? Model.Pipelines.Shards.IndexAxis : Model.Pipelines.Shards.Axis)} }}}}";

    /// <summary>How often a job is asked for; null when that is worked out, or more than can be.</summary>
    public static int? Asked(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var many)
        && many is >= 1 and <= CountMax
            ? many
            : null;

    /// <summary>Why a job that asks for more, or for nobody knows how many, is kept for its system.</summary>
    public static string Barrier(string word, string? text) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{word}' is {Shown.Line(text ?? "worked out")}, and a job has 1 to {CountMax} shards here."
        );

    /// <summary>The shards of a job that is done so often; none when once.</summary>
    public static Shards? Shards(int? count) => count > 1 ? new(count.Value) : null;

    /// <summary>What such a job has in its environment there.</summary>
    public IEnumerable<KeyValuePair<string, string>> Env(int count) =>
        [
            new(
                Number,
                count > 1 ? Mine
                    : IsFromZero ? "0"
                    : "1"
            ),
            new(Count, ShardNames.Text(count)),
        ];

    /// <summary>
    /// Adds what tells a job which of several it is. What an export of ours wrote for that is taken away again: shards have it by themselves, and such a job reads no
    /// others.
    /// </summary>
    /// <param name="env">Of the job.</param>
    /// <param name="told">As <see cref="Env"/> says it; null for a job that is done once.</param>
    public void Tell(IDictionary<string, string> env, IReadOnlyDictionary<string, string>? told)
    {
        if (told is null)
        {
            return;
        }
        var isOurs =
            env.TryGetValue(Model.Pipelines.Shards.NumberVariable, out var number)
            && number == told[Number]
            && env.TryGetValue(Model.Pipelines.Shards.CountVariable, out var count)
            && count == told[Count];
        if (isOurs)
        {
            env.Remove(Model.Pipelines.Shards.NumberVariable);
            env.Remove(Model.Pipelines.Shards.CountVariable);
            return;
        }
        foreach (var (name, value) in told)
        {
            env.TryAdd(name, value);
        }
    }

    /// <summary>
    /// The job as that system can do it by its own word, its tests not parted by Fairlead any more: with shards that are only told their numbers, and without variables that
    /// it sets by itself. Null when something in the job cannot be said so.
    /// </summary>
    /// <param name="ours">Our variables, for a job that is not told by those of the system alone.</param>
    public Job? Of(Job job, Shards shards, IReadOnlyDictionary<string, string> ours)
    {
        if ((job.Matrix is not null && !IsBesideMatrix) || NeedsMatrix(job))
        {
            return null;
        }
        var env = job
            .Env.Where(one =>
                (one.Key, one.Value) != (Number, Mine) && (one.Key, one.Value) != (Count, ShardNames.Text(shards.Count))
            )
            .ToDictionary(static one => one.Key, static one => one.Value, StringComparer.Ordinal);
        var isTold = env.Count == job.Env.Count - 2 && !shards.AreListed;
        var (asksOurs, asksOthers) = (false, false);
        string Said(string text)
        {
            asksOurs |= text.Contains(Model.Pipelines.Shards.NumberVariable, StringComparison.Ordinal);
            var rest = Whole().Replace(text, Word is null ? "$0" : "");
            asksOthers |= Asking().IsMatch(rest);
            return Word is null ? text : Whole().Replace(text, $"${{{{ {Word} }}}}");
        }
        job = Mapped(job with { Env = env }, Said);
        if (asksOthers)
        {
            return null;
        }
        if (!isTold || asksOurs)
        {
            if (Word is null)
            {
                return null;
            }
            env = new(job.Env, StringComparer.Ordinal);
            foreach (var (name, value) in ours)
            {
                env[name] = Said(value);
            }
            job = job with { Env = env };
        }
        return job with { Shards = new(shards.Count) };
    }

    /// <summary>Whether something in a job asks for its shard's number from 0.</summary>
    public static bool AsksIndex(Job job)
    {
        var isAsked = false;
        _ = Mapped(
            job,
            text =>
            {
                isAsked |= text.Contains(Model.Pipelines.Shards.IndexAxis, StringComparison.OrdinalIgnoreCase);
                return text;
            }
        );
        return isAsked;
    }

    private static Job Mapped(Job job, Func<string, string> said)
    {
        string? OrNull(string? text) => text is null ? null : said(text);
        Dictionary<string, string> All(IReadOnlyDictionary<string, string> texts) =>
            texts.ToDictionary(static one => one.Key, one => said(one.Value), StringComparer.Ordinal);
        return job with
        {
            Title = OrNull(job.Title),
            Machine = said(job.Machine),
            Environment = OrNull(job.Environment),
            Env = All(job.Env),
            Tools = All(job.Tools),
            Tasks =
            [
                .. job.Tasks.Select(task =>
                    task with
                    {
                        Title = OrNull(task.Title),
                        If = OrNull(task.If),
                        Env = All(task.Env),
                        Act = task.Act switch
                        {
                            Act.Script script => script with { Text = said(script.Text) },
                            Act.Command command => new Act.Command([.. command.Words.Select(said)]),
                            _ => task.Act,
                        },
                    }
                ),
            ],
        };
    }

    [GeneratedRegex(
        @"\$\{\{\s*matrix\.shard\s*\}\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Whole();

    // Also where all of the matrix is asked for, as in toJSON(matrix).
    [GeneratedRegex(
        @"\bmatrix\s*(\.\s*(shard|shard_index)\b|\[|[,)])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Asking();
}
