using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>Stages as jobs: one after the other, side by side, and once for each combination.</summary>
internal sealed class JenkinsOrder(JenkinsSettings whole, TranslationNotes notes)
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<Job> jobs = [];

    public IReadOnlyList<Job> Read(GroovyCall stages)
    {
        Row(stages, whole, new([], IsConditional: false));
        return jobs;
    }

    /// <summary>Jobs that were before, and whether one of them may have been skipped: then the ones before it count too.</summary>
    private sealed record Before(IReadOnlyList<string> Names, bool IsConditional);

    private Before Row(GroovyCall stages, JenkinsSettings around, Before before)
    {
        foreach (var stage in stages.Block ?? [])
        {
            before = Stage(stage, around, before);
        }
        return before;
    }

    private Before Stage(GroovyCall stage, JenkinsSettings around, Before before)
    {
        if (stage is not { Name: "stage", Block: not null })
        {
            notes.LeftOut(
                stage.Spot,
                $"'{Shown.Line(JenkinsImport.First(stage.Source))}' among the stages",
                "It is no stage: it did not come along."
            );
            return before;
        }
        var settings = around.Within(stage, notes);
        if (settings.Barrier is { } barrier)
        {
            return Kept(stage, settings, before, barrier);
        }
        var after = new List<Before>();
        if (stage.Find("steps") is { } steps)
        {
            after.Add(Job(stage, steps, settings, before));
        }
        else if (stage.Find("stages") is { Block: not null } inner)
        {
            SayPost(stage);
            after.Add(Row(inner, settings, before));
        }
        else if (stage.Find("parallel") is { Block: not null } parallel)
        {
            SayPost(stage);
            after.AddRange(parallel.Block.Select(one => Stage(one, settings, before)));
        }
        else if (stage.Find("matrix") is { Block: not null } matrix)
        {
            SayPost(stage);
            after.Add(Combined(stage, matrix, settings, before));
        }
        else
        {
            notes.LeftOut(stage.Spot, "A stage", "It has no steps.");
            return before;
        }
        var isConditional = after.Exists(static one => one.IsConditional);
        var names = after.SelectMany(static one => one.Names);
        return new(
            [.. (isConditional ? names.Concat(before.Names) : names).Distinct(StringComparer.Ordinal)],
            isConditional
        );
    }

    private Before Combined(GroovyCall stage, GroovyCall matrix, JenkinsSettings around, Before before)
    {
        var settings = around.Within(matrix, notes);
        var read = JenkinsMatrix.Read(matrix);
        if (settings.Barrier is not null || read is null)
        {
            // Its stages alone would be done once.
            return Kept(stage, settings, before, settings.Barrier ?? (matrix.Spot, "its matrix is worked out."));
        }
        settings = settings with { Matrix = read };
        notes.Mapped(matrix.Spot, "'matrix'", "matrix");
        if (matrix.Find("stages") is not { Block: not null } stages)
        {
            return before;
        }
        if (stages.Block.Count > 1)
        {
            notes.Approximated(
                stages.Spot,
                "The stages of each combination come after each other.",
                "All combinations of one stage are done before those of the next."
            );
        }
        return Row(stages, settings, before);
    }

    private Before Job(GroovyCall stage, GroovyCall steps, JenkinsSettings settings, Before before)
    {
        var said = stage.Text() ?? "stage";
        var name = Foreign.Free(Foreign.Named(said), taken);
        if (stage.Text() is null)
        {
            notes.Approximated(stage.Spot, "The name of a stage", $"It is worked out: it is called '{name}' here.");
        }
        var isConditional = settings.Conditions.Count > 0 || before.IsConditional;
        var read = new JenkinsSteps(settings, notes);
        read.Read(steps.Block ?? [], new());
        read.Post(stage.Find("post"));
        jobs.Add(
            new()
            {
                Name = name,
                Title = said == name || TextTemplate.IsIn(said) ? null : said,
                Needs = before.Names,
                If = Condition(settings, before),
                Matrix = settings.Matrix,
                Env = read.Env(settings.Env, whole.Env),
                Secrets = [.. settings.Secrets.Concat(read.Secrets).Distinct(StringComparer.Ordinal)],
                Machine = settings.Machine,
                Image = settings.Image,
                Manual = settings.IsManual,
                Timeout = settings.Timeout ?? TimeSpan.FromHours(6),
                IsApart = settings.IsApart,
                Tasks = Named(read.Tasks, name),
            }
        );
        return new([name], isConditional);
    }

    /// <summary>A stage with all that is in it, for Jenkins alone.</summary>
    private Before Kept(GroovyCall stage, JenkinsSettings settings, Before before, (Spot At, string What) barrier)
    {
        var name = Foreign.Free(Foreign.Named(stage.Text() ?? "stage"), taken);
        notes.LeftOut(
            barrier.At,
            $"The job '{name}' is kept for Jenkins alone: {barrier.What}",
            "It is done nowhere else. Write what it does as a job of your own, and remove 'foreign'."
        );
        jobs.Add(
            new()
            {
                Name = name,
                Needs = before.Names,
                If = Condition(settings, before),
                IsApart = settings.IsApart,
                Tasks = [new() { Name = name, Act = new Act.Foreign("jenkins", stage.Source) }],
            }
        );
        // Whether it is done at all, only Jenkins knows.
        return new([.. before.Names.Append(name)], IsConditional: true);
    }

    /// <summary>A stage that is skipped does not hold up the next, and one that failed does.</summary>
    private static string? Condition(JenkinsSettings settings, Before before) =>
        JenkinsRules.Joined(
            before.IsConditional ? ["!failure()", "!cancelled()", .. settings.Conditions] : settings.Conditions
        );

    private static IReadOnlyList<JobTask> Named(IReadOnlyList<JobTask> tasks, string job) =>
        tasks.Count == 0 ? [new() { Name = job, Act = new Act.Command(["true"]) }]
        : tasks is [{ Name: "task-1" } only] ? [only with { Name = job }]
        : tasks;

    private void SayPost(GroovyCall stage)
    {
        if (stage.Find("post") is { } post)
        {
            notes.LeftOut(
                post.Spot,
                "'post' of several stages",
                "Write it as a job that needs all of them, with: if: always()"
            );
        }
    }
}

/// <summary>Combinations of a stage.</summary>
internal static class JenkinsMatrix
{
    /// <summary>Null when it is worked out.</summary>
    public static Matrix? Read(GroovyCall matrix)
    {
        List<Axis> axes = [];
        foreach (var axis in matrix.Find("axes")?.Block ?? [])
        {
            if (Of(axis) is not ({ } name, { Count: > 0 } values) || !Foreign.IsVariable(name))
            {
                return null;
            }
            axes.Add(new(name, values));
        }
        if (
            axes.Count == 0
            || axes.Select(static one => one.Name).Distinct(StringComparer.Ordinal).Count() < axes.Count
        )
        {
            return null;
        }
        List<IReadOnlyDictionary<string, string>> excluded = [];
        foreach (var exclude in matrix.Find("excludes")?.Block ?? [])
        {
            List<Axis> left = [];
            foreach (var axis in exclude.Block ?? [])
            {
                if (Of(axis) is not ({ } name, { Count: > 0 } values) || axes.TrueForAll(one => one.Name != name))
                {
                    return null;
                }
                left.Add(new(name, values));
            }
            if (left.Select(static one => one.Name).Distinct(StringComparer.Ordinal).Count() < left.Count)
            {
                return null;
            }
            excluded.AddRange(Matrices.Combinations(new(left, [], [])));
        }
        return new(axes, [], [.. excluded.Take(Matrices.CombinationsMax)]) { FailsFast = false };
    }

    private static (string? Name, IReadOnlyList<string> Values) Of(GroovyCall axis) =>
        (
            axis.Find("name")?.Text(),
            axis.Find("values") is { } values
            && values.Given.All(static one => one is { IsText: true, IsFilled: false } && !TextTemplate.IsIn(one.Text))
                ? [.. values.Given.Select(static one => one.Text)]
                : []
        );
}
