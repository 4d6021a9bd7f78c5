using System.Globalization;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>Writes a pipeline's file: what <see cref="PipelineReader"/> reads as the same pipeline, with nothing that need not be said.</summary>
public static class PipelineWriter
{
    private static readonly TimeSpan JobTime = TimeSpan.FromHours(1);

    public static string Write(Pipeline pipeline)
    {
        var file = new YamlGroup();
        file.Add("pipeline", pipeline.Name == "ci" ? null : pipeline.Name);
        AddTriggers(file, pipeline.On);
        if (pipeline.Concurrency is { } runs)
        {
            _ = runs.CancelsOlder
                ? file.Add("concurrency", new YamlGroup().Add("group", runs.Group).Add("cancelOlder", yes: true))
                : file.Add("concurrency", runs.Group);
        }
        file.Add("env", pipeline.Env);
        var jobs = new YamlGroup();
        foreach (var job in pipeline.Jobs)
        {
            jobs.Add(job.Name, Of(job));
        }
        file.AddItems("quarantine", [.. pipeline.Quarantine.Select(Of)]);
        return file.Add("jobs", jobs).ToString();
    }

    private static void AddTriggers(YamlGroup file, Triggers on)
    {
        if (on is { Push: ["**"], Change: ["**"], Tag: [], Schedule: [], Manual: false })
        {
            return;
        }
        var group = new YamlGroup()
            .AddOneOrMore("push", on.Push)
            .AddOneOrMore("change", on.Change)
            .AddOneOrMore("tag", on.Tag)
            .AddOneOrMore("schedule", on.Schedule)
            .Add("manual", Said(on.Manual));
        _ = group.IsEmpty ? file.Add("on", new YamlGroup().Add("manual", yes: false)) : file.Add("on", group);
    }

    private static YamlGroup Of(Quarantined one) =>
        new YamlGroup()
            .Add("test", one.Test)
            .Add("owner", one.Owner)
            .Add("until", one.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .Add("reason", one.Reason);

    private static YamlGroup Of(Job job)
    {
        var group = new YamlGroup();
        var single = IsWrittenAsTask(job) ? job.Tasks[0] : null;
        group.Add("name", single is null || single.Name == job.Name ? null : single.Name);
        group.Add("title", job.Title);
        group.AddOneOrMore("needs", job.Needs);
        group.Add("if", job.If);
        AddMatrix(group, job.Matrix);
        AddShards(group, job.Shards);
        group.Add("machine", job.Machine == "linux" ? null : job.Machine);
        group.Add("image", job.Image);
        AddServices(group, job.Services);
        group.Add("tools", job.Tools);
        group.AddItems(
            "caches",
            [
                .. job.Caches.Select(static one =>
                    new YamlGroup().AddOneOrMore("paths", one.Paths).AddOneOrMore("key", one.Key)
                ),
            ]
        );
        group.Add("env", job.Env).AddOneOrMore("secrets", job.Secrets).Add("environment", job.Environment);
        group.Add("manual", Said(job.Manual)).Add("mayFail", Said(job.MayFail));
        group.Add("timeout", job.Timeout == JobTime ? null : Time(job.Timeout));
        group.Add("cores", job.Cores == 1 ? null : job.Cores).Add("apart", Said(job.IsApart));
        if (single is not null)
        {
            AddWork(group, single);
        }
        else
        {
            group.AddItems("tasks", [.. job.Tasks.Select(Of)]);
        }
        return group;
    }

    private static YamlGroup Of(JobTask task, int at)
    {
        var usual = string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}");
        var group = new YamlGroup()
            .Add("name", task.Name == usual ? null : task.Name)
            .Add("title", task.Title)
            .Add("if", task.If)
            .Add("env", task.Env)
            .Add("timeout", task.Timeout is { } time ? Time(time) : null)
            .Add("mayFail", Said(task.MayFail));
        AddWork(group, task);
        return group;
    }

    /// <summary>Whether the reader makes the same of it when the job is written as its only task.</summary>
    private static bool IsWrittenAsTask(Job job) =>
        job.Tasks is [{ Timeout: null, MayFail: false, If: null, Env.Count: 0 } only] && only.Title == job.Title;

    private static void AddWork(YamlGroup group, JobTask task)
    {
        group.AddOneOrMore("inputs", task.Inputs ?? []);
        group.Add("folder", task.Folder == "." ? null : task.Folder);
        group.Add("retries", task.Retries == 0 ? null : task.Retries);
        var isOnceByItself = task.Act is Act.Deploy;
        group.Add("once", task.IsOnce == isOnceByItself ? null : task.IsOnce);
        switch (task.Act)
        {
            case Act.Command command:
                _ = Plain(command.Words) is { } line ? group.Add("run", line) : group.Add("run", command.Words);
                break;
            case Act.Script script:
                group.Add("shell", script.Shell == "sh" ? null : script.Shell).Add("script", script.Text);
                break;
            case Act.Deploy deploy:
                group.Add("deploy", deploy.Environment);
                break;
            case Act.Foreign foreign:
                group.Add("foreign", new YamlGroup().Add("system", foreign.System).Add("text", foreign.Text));
                break;
            default:
                throw new InvalidOperationException("The set of acts is closed.");
        }
        group.AddOneOrMore("outputs", task.Outputs).AddOneOrMore("reports", task.Reports);
    }

    private static void AddMatrix(YamlGroup job, Matrix? matrix)
    {
        if (matrix is null)
        {
            return;
        }
        var axes = new YamlGroup();
        foreach (var axis in matrix.Axes)
        {
            axes.Add(axis.Name, axis.Values);
        }
        job.Add(
            "matrix",
            new YamlGroup()
                .Add("axes", axes)
                .AddItems("include", [.. matrix.Include.Select(YamlGroup.Of)])
                .AddItems("exclude", [.. matrix.Exclude.Select(YamlGroup.Of)])
                .Add("failFast", matrix.FailsFast ? null : false)
                .Add("parallel", matrix.Parallel)
        );
    }

    private static void AddShards(YamlGroup job, Shards? shards)
    {
        if (shards is null)
        {
            return;
        }
        if (!shards.AreListed)
        {
            job.Add("shards", shards.Count);
            return;
        }
        var group = new YamlGroup().Add("count", shards.Count).AddOneOrMore("files", shards.Files);
        _ = Plain(shards.List) is { } line ? group.Add("list", line) : group.Add("list", shards.List);
        job.Add("shards", group);
    }

    private static void AddServices(YamlGroup job, IReadOnlyList<JobService> services)
    {
        var group = new YamlGroup();
        foreach (var one in services)
        {
            var service = new YamlGroup().Add("image", one.Image);
            service.AddItems("ports", [.. one.Ports.Cast<object>()]);
            service.Add("env", one.Env);
            _ = Plain(one.Ready) is { } line ? service.Add("ready", line) : service.Add("ready", one.Ready);
            group.Add(one.Name, service);
        }
        job.Add("services", group);
    }

    /// <summary>Words as one text that is split into the same; null when a list says it better.</summary>
    private static string? Plain(IReadOnlyList<string> words) =>
        words.Count > 0
        && words.All(static word =>
            word.Length > 0
            && word.All(static letter =>
                char.IsAsciiLetterOrDigit(letter) || "-_./:=,@+%".Contains(letter, StringComparison.Ordinal)
            )
        )
        && !words[0].Contains('=', StringComparison.Ordinal)
            ? string.Join(' ', words)
            : null;

    private static bool? Said(bool yes) => yes ? true : null;

    private static string Time(TimeSpan time)
    {
        (long Unit, string Name)[] units =
        [
            (TimeSpan.TicksPerDay, "d"),
            (TimeSpan.TicksPerHour, "h"),
            (TimeSpan.TicksPerMinute, "m"),
            (TimeSpan.TicksPerSecond, "s"),
        ];
        var (unit, name) = Array.Find(units, one => time.Ticks % one.Unit == 0 && time.Ticks > 0);
        return unit == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / unit}{name}");
    }
}
