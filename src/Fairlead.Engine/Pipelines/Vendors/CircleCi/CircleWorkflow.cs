using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>Writes when jobs run: the workflow's own condition, and for each job what it waits for.</summary>
internal sealed class CircleWorkflow(Pipeline pipeline, CircleNames names, TranslationNotes notes)
{
    private const string Branch = "pipeline.git.branch";

    /// <summary>What begins the pipeline.</summary>
    public YamlGroup When()
    {
        SayTriggers();
        var on = pipeline.On;
        List<YamlGroup> ways = [];
        if (on.Change.Count > 0 || on.Push.Contains("**"))
        {
            ways.Add(CircleConditions.Present(Branch));
        }
        else
        {
            ways.AddRange(on.Push.Select(static one => CircleConditions.Fits(Branch, one)));
            if (on.Schedule.Count > 0)
            {
                ways.Add(CircleConditions.Equal("pipeline.trigger_source", "scheduled_pipeline"));
            }
            if (on.Manual || (ways.Count == 0 && on.Tag.Count == 0))
            {
                ways.Add(CircleConditions.Equal("pipeline.trigger_source", "api"));
            }
        }
        ways.AddRange(on.Tag.Select(static one => CircleConditions.Fits("pipeline.git.tag", one)));
        return CircleConditions.Either(ways);
    }

    /// <summary>The entry of a job that waits for nothing.</summary>
    public object Only(string name) => Entry(name, new YamlGroup().Add("filters", Tags()));

    /// <summary>A job's entries, after the approval that it waits for.</summary>
    public IEnumerable<object> Entries(Job job)
    {
        var (filter, requires) = Order(job);
        if (job.Manual)
        {
            var hold = names.Hold(job.Name);
            yield return new YamlGroup().Add(
                hold,
                Filtered(new YamlGroup().Add("type", "approval").AddItems("requires", requires), filter)
            );
            requires = [hold];
        }
        var entries = names.Entries(job.Name);
        var isSeveral = job.Matrix is { } matrix && !CircleNames.IsPlain(matrix);
        for (var at = 0; at < Math.Max(1, entries.Count); at++)
        {
            var entry = Filtered(
                new YamlGroup()
                    .Add("name", isSeveral && entries.Count > 0 ? entries[at] : null)
                    .AddItems("requires", requires),
                filter
            );
            AddShared(entry, job);
            if (isSeveral && entries.Count > 0)
            {
                AddCombination(entry, job, at);
            }
            else if (job.Matrix is { } plain && !isSeveral)
            {
                entry.Add("matrix", Plain(plain, job));
            }
            var kept = CircleForeign.Of(job);
            foreach (var one in (kept?.Within ?? []).Where(one => !entry.Has(one.Key)))
            {
                CircleForeign.Lay(entry, one);
            }
            if (kept?.Use is { } use)
            {
                var given = new YamlGroup().Add("name", names.Of(job.Name));
                foreach (var one in Foreign.Entries(use.Given))
                {
                    CircleForeign.Lay(given, one);
                }
                given.AddAll(entry);
                yield return new YamlGroup().Add(use.Name, given);
                continue;
            }
            yield return Entry(names.Of(job.Name), entry);
        }
    }

    private static object Entry(string name, YamlGroup entry) =>
        entry.IsEmpty ? name : new YamlGroup().Add(name, entry);

    private void SayTriggers()
    {
        if (pipeline.On.Schedule.Count > 0)
        {
            notes.LeftOut(
                pipeline.Name,
                $"It begins at {string.Join(" and ", pipeline.On.Schedule)} (UTC).",
                "CircleCI has its times in the project: Project Settings > Triggers."
            );
        }
        if (pipeline.On.Change.Count > 0)
        {
            notes.Approximated(
                pipeline.Name,
                "It begins for proposed changes.",
                "CircleCI builds each push of any branch; which one a change is for, it does not know."
            );
        }
        if (pipeline.Concurrency is { } runs)
        {
            notes.Approximated(
                pipeline.Name,
                $"Runs of '{runs.Group}' do not go at the same time.",
                runs.CancelsOlder
                    ? "Turn on 'Auto-cancel redundant workflows' in the project's settings: a newer run of the same branch ends an older one."
                    : "CircleCI knows this of jobs alone: each has a serial group."
            );
        }
    }

    /// <summary>Whether a job is run at all, and what it waits for.</summary>
    private (object? Filter, IReadOnlyList<object> Requires) Order(Job job)
    {
        var condition = job.If is null ? Condition.Usual : Condition.Parse(job.If).Condition ?? Condition.Usual;
        var (status, rest) = condition.Expression is { } said ? StatusAsked.Of(said) : (Status.Success, null);
        var filter = rest is null ? null : CircleConditions.Filter(rest);
        var isOneNeed = job.Needs.Count == 1 && names.Entries(job.Needs[0]).Count == 1;
        if (status is null || (rest is not null && filter is null) || (status == Status.Failure && !isOneNeed))
        {
            notes.LeftOut(job.Name, $"Its condition: {job.If}", "CircleCI cannot say it: the job is not run there.");
            return (Never(), Requires(job, Status.Success));
        }
        if (job.Matrix is not null && names.Entries(job.Name).Count == 0)
        {
            notes.LeftOut(job.Name, "Its matrix has no combinations.", "The job is not run.");
            return (Never(), Requires(job, Status.Success));
        }
        if (filter is not null)
        {
            notes.Approximated(job.Name, $"Its condition: {job.If}", "CircleCI minds the case of letters.");
        }
        return (filter, Requires(job, status.Value));
    }

    private List<object> Requires(Job job, Status status) =>
        [
            .. job.Needs.SelectMany(need =>
            {
                var mayFail = pipeline.Jobs.First(one => one.Name == need).MayFail;
                return names.Entries(need).Select(name => Require(name, status, mayFail));
            }),
        ];

    private static object Require(string name, Status status, bool mayFail) =>
        status switch
        {
            Status.Failure => new YamlGroup().Add(name, "failed"),
            Status.Ended => new YamlGroup().Add(name, ["success", "failed", "not_run"]),
            Status.Always => new YamlGroup().Add(name, "terminal"),
            _ when mayFail => new YamlGroup().Add(name, ["success", "failed"]),
            _ => name,
        };

    private YamlGroup Filtered(YamlGroup entry, object? filter) =>
        filter switch
        {
            string said => entry.Add("filters", said),
            YamlGroup never => entry.Add("filters", never),
            _ => entry.Add("filters", Tags()),
        };

    /// <summary>Jobs are not run for tags unless they say so; which tags, the workflow says.</summary>
    private YamlGroup Tags() =>
        pipeline.On.Tag.Count == 0 ? new YamlGroup() : new YamlGroup().Add("tags", new YamlGroup().Add("only", "/.*/"));

    private static YamlGroup Never() => new YamlGroup().Add("branches", new YamlGroup().Add("ignore", "/.*/"));

    private void AddShared(YamlGroup entry, Job job)
    {
        if (job.Environment is { } environment)
        {
            if (TextTemplate.IsIn(environment))
            {
                notes.LeftOut(job.Name, $"'environment': {environment}", "CircleCI cannot work it out.");
            }
            else
            {
                notes.Approximated(
                    job.Name,
                    $"It changes the environment '{environment}'.",
                    $"CircleCI keeps rules and secrets in contexts: there must be one called '{environment}'."
                );
                entry.Add("context", [CircleTexts.Literal(environment)]);
            }
        }
        if (pipeline.Concurrency is not { CancelsOlder: false, Group: var group })
        {
            return;
        }
        if (new CircleTexts(job with { Matrix = null }).Value(group) is { } filled)
        {
            entry.Add("serial-group", $"<< pipeline.project.slug >>/{filled}-{names.Of(job.Name)}");
        }
        else
        {
            notes.LeftOut(job.Name, $"'concurrency': {group}", "CircleCI cannot work it out.");
        }
    }

    private static void AddCombination(YamlGroup entry, Job job, int at)
    {
        var parameters = CircleNames.Parameters(job.Matrix);
        foreach (var (variable, value) in CircleNames.Combinations(job.Matrix!)[at])
        {
            entry.Add(parameters[variable], Literal(value, job, variable));
        }
    }

    private static YamlGroup Plain(Matrix matrix, Job job)
    {
        var parameters = CircleNames.Parameters(matrix);
        var axes = new YamlGroup();
        foreach (var axis in matrix.Axes)
        {
            axes.Add(parameters[axis.Name], [.. axis.Values.Select(one => Literal(one, job, axis.Name))]);
        }
        return new YamlGroup()
            .Add("parameters", axes)
            .AddItems(
                "exclude",
                [
                    .. matrix.Exclude.Select(one =>
                    {
                        var left = new YamlGroup();
                        foreach (var (variable, value) in one)
                        {
                            left.Add(parameters[variable], Literal(value, job, variable));
                        }
                        return left;
                    }),
                ]
            );
    }

    /// <summary>Machines go by the names of their executors.</summary>
    private static string Literal(string value, Job job, string variable) =>
        string.Equals(CircleJobExport.MachineVariable(job.Machine), variable, StringComparison.OrdinalIgnoreCase)
            ? CircleExecutors.Name(value)
            : CircleTexts.Literal(value);
}
