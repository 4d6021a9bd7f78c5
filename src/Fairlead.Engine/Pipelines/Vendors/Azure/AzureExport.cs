using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>
/// Writes a pipeline as Azure's <c>azure-pipelines.yml</c>, https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/:
/// jobs that depend on each other, without stages.
/// </summary>
public static class AzureExport
{
    public static ExportedPipeline Run(Pipeline pipeline, ExportMode mode)
    {
        var notes = new TranslationNotes().Say(pipeline, mode);
        pipeline = notes.WithoutShards(pipeline, mode, PartVariables.Azure);
        var asked = new AzureAsked();
        var file = new YamlGroup().Say(
            $"Written by 'fairlead ci export' from {PipelineFile.Name}: change that file, and write this one again."
        );
        AddTriggers(file, pipeline, notes);
        AddLock(file, pipeline, mode, notes);
        var names = new AzureNames(pipeline);
        var pool = Pool(pipeline, mode);
        var jobs =
            mode == ExportMode.Thin
                ? []
                : pipeline
                    .Jobs.SelectMany(job =>
                        new AzureJobExport(pipeline, job, names, new(pipeline, job, asked), notes)
                        {
                            HasPool = pool is null,
                        }.Write()
                    )
                    .ToList();
        if (mode == ExportMode.Native)
        {
            AddServers(file, pipeline);
        }
        file.Add("variables", Variables(pipeline, asked, notes));
        if (pool is { } machine)
        {
            file.Add("pool", machine);
        }
        if (mode == ExportMode.Thin)
        {
            file.AddItems("steps", AzureThinJob.Steps(pipeline, notes));
        }
        else
        {
            file.AddItems("jobs", jobs);
        }
        return new(file.ToString(), notes.All);
    }

    /// <summary>A machine that Microsoft has under a label, or a pool of one's own.</summary>
    internal static YamlGroup Pool(string machine) =>
        machine is "linux" or "macos" or "windows"
            ? new YamlGroup().Add("vmImage", Machines.ToGitHub(machine))
            : new YamlGroup().Add("name", machine);

    private static YamlGroup? Pool(Pipeline pipeline, ExportMode mode)
    {
        if (mode == ExportMode.Thin)
        {
            return Pool("linux");
        }
        // A job that is written as it was has a pool of its own, or none.
        var machines = pipeline.Jobs.Select(static one => one.Machine).Distinct(StringComparer.Ordinal).ToList();
        return machines is [var only] && !TextTemplate.IsIn(only) ? Pool(only) : null;
    }

    private static void AddTriggers(YamlGroup file, Pipeline pipeline, TranslationNotes notes)
    {
        var on = pipeline.On;
        if (
            on
                .Push.Concat(on.Change)
                .Concat(on.Tag)
                .Any(static one =>
                    one.Replace("**", "", StringComparison.Ordinal).Contains('*', StringComparison.Ordinal)
                )
        )
        {
            notes.Approximated(
                pipeline.Name,
                "Some patterns of branches have a star for one part of a name.",
                "A star of Azure is any part of a name, with slashes too."
            );
        }
        if (on.Push.Count == 0 && on.Tag.Count == 0)
        {
            file.Add("trigger", "none");
        }
        else
        {
            var branches =
                on.Push.Count > 0
                    ? new YamlGroup().Add("include", [.. on.Push.Select(Star)])
                    : new YamlGroup().Add("exclude", ["*"]);
            file.Add(
                "trigger",
                new YamlGroup()
                    .Add("branches", branches)
                    .Add("tags", new YamlGroup().Add("include", [.. on.Tag.Select(Star)]))
            );
        }
        if (on.Change.Count == 0)
        {
            file.Add("pr", "none");
        }
        else
        {
            notes.Approximated(
                pipeline.Name,
                "It begins for proposed changes.",
                "Repositories of Azure itself say this in the branch's policies and not in the file: Build validation."
            );
            file.Add(
                "pr",
                new YamlGroup().Add("branches", new YamlGroup().Add("include", [.. on.Change.Select(Star)]))
            );
        }
        AddSchedules(file, pipeline, notes);
        if (!on.Manual)
        {
            notes.Approximated(
                pipeline.Name,
                "Nobody begins it by hand.",
                "At Azure everybody with the right to queue builds may."
            );
        }
    }

    private static void AddSchedules(YamlGroup file, Pipeline pipeline, TranslationNotes notes)
    {
        if (pipeline.On.Schedule.Count == 0)
        {
            return;
        }
        var branch =
            pipeline.On.Push.FirstOrDefault(static one => !one.Contains('*', StringComparison.Ordinal)) ?? "main";
        notes.Approximated(
            pipeline.Name,
            $"It begins at {string.Join(" and ", pipeline.On.Schedule)} (UTC).",
            $"Azure asks for the branch, and it is '{branch}'."
        );
        file.AddItems(
            "schedules",
            [
                .. pipeline.On.Schedule.Select(time =>
                    new YamlGroup()
                        .Add("cron", time)
                        .Add("branches", new YamlGroup().Add("include", [branch]))
                        .Add("always", yes: true)
                ),
            ]
        );
    }

    private static string Star(string pattern) => pattern.Replace("**", "*", StringComparison.Ordinal);

    private static void AddLock(YamlGroup file, Pipeline pipeline, ExportMode mode, TranslationNotes notes)
    {
        if (pipeline.Concurrency is not { } runs)
        {
            return;
        }
        var hasLock = mode == ExportMode.Native && pipeline.Jobs.Any(static job => job.Environment is not null);
        notes.Approximated(
            pipeline.Name,
            $"Runs of '{runs.Group}' do not go at the same time.",
            hasLock
                ? "Azure knows this of environments alone: add the check 'Exclusive lock' to each of them."
                : "Azure knows this of environments with the check 'Exclusive lock' alone, and no job changes one; newer runs for a proposed change end older ones."
        );
        file.Add("lockBehavior", hasLock ? (runs.CancelsOlder ? "runLatest" : "sequential") : null);
    }

    private static void AddServers(YamlGroup file, Pipeline pipeline)
    {
        var names = new AzureNames(pipeline);
        List<object> servers =
        [
            .. pipeline.Jobs.SelectMany(job =>
                job.Services.Select(service =>
                    new YamlGroup()
                        .Add("container", AzureNames.Server(names.Of(job.Name), service.Name))
                        .Add("image", service.Image)
                        .Add("env", service.Env)
                        .Add(
                            "ports",
                            [
                                .. service.Ports.Select(static port =>
                                    $"{GitHubTexts.Number(port)}:{GitHubTexts.Number(port)}"
                                ),
                            ]
                        )
                        .Add("options", ShellText.Health(service.Ready))
                )
            ),
        ];
        if (servers.Count > 0)
        {
            file.Add("resources", new YamlGroup().AddItems("containers", servers));
        }
    }

    private static YamlGroup Variables(Pipeline pipeline, AzureAsked asked, TranslationNotes notes)
    {
        var texts = new AzureTexts(pipeline, job: null, asked);
        var variables = new YamlGroup();
        List<(string Name, string Value)> own = [];
        foreach (var (name, text) in pipeline.Env.Where(static one => AzureNames.IsVariable(one.Key)))
        {
            if (texts.Value(text) is { } filled)
            {
                own.Add((name, filled));
            }
            else
            {
                notes.LeftOut(pipeline.Name, $"The variable {name}", $"Azure cannot work out its value: {text}");
            }
        }
        foreach (var (name, value) in asked.All.Concat(own))
        {
            variables.Add(name, value);
        }
        return variables;
    }
}
