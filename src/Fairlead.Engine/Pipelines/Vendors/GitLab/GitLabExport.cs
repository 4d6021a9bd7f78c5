using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Writes a pipeline as GitLab's <c>.gitlab-ci.yml</c>, https://docs.gitlab.com/ci/yaml/: jobs that need each other, without stages.</summary>
public static class GitLabExport
{
    public static ExportedPipeline Run(Pipeline pipeline, ExportMode mode)
    {
        var notes = new TranslationNotes().Say(pipeline, mode);
        pipeline = notes.WithoutShards(pipeline, mode, PartVariables.GitLab);
        var file = new YamlGroup().Say(
            $"Written by 'fairlead ci export' from {PipelineFile.Name}: change that file, and write this one again."
        );
        file.Add("workflow", Workflow(pipeline, notes));
        if (pipeline.Concurrency is { CancelsOlder: true })
        {
            file.Add("default", new YamlGroup().Add("interruptible", yes: true));
        }
        AddVariables(file, pipeline, notes);
        if (mode == ExportMode.Thin)
        {
            AddThin(file, pipeline, notes);
        }
        else
        {
            foreach (var job in pipeline.Jobs)
            {
                file.Add(Name(job.Name), new GitLabJobExport(pipeline, job, notes).Write());
            }
        }
        return new(file.ToString(), notes.All);
    }

    /// <summary>What is no keyword of the file itself.</summary>
    internal static string Name(string job) =>
        job
            is "default"
                or "include"
                or "stages"
                or "variables"
                or "workflow"
                or "image"
                or "services"
                or "cache"
                or "before_script"
                or "after_script"
                or "pages"
                or "spec"
                or "types"
                or "true"
                or "false"
                or "nil"
            ? $"{job}-job"
            : job;

    private static YamlGroup Workflow(Pipeline pipeline, TranslationNotes notes)
    {
        List<object> rules =
        [
            .. pipeline.On.Push.Select(branch => If("$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_BRANCH", branch)),
            .. pipeline.On.Tag.Select(tag => If("$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_TAG", tag)),
            .. pipeline.On.Change.Select(branch =>
                branch == "**"
                    ? new YamlGroup().Add("if", "$CI_PIPELINE_SOURCE == \"merge_request_event\"")
                    : If(
                        "$CI_PIPELINE_SOURCE == \"merge_request_event\" && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
                        branch
                    )
            ),
        ];
        if (pipeline.On.Schedule.Count > 0)
        {
            rules.Add(new YamlGroup().Add("if", "$CI_PIPELINE_SOURCE == \"schedule\""));
            notes.LeftOut(
                pipeline.Name,
                $"It begins at {string.Join(" and ", pipeline.On.Schedule)} (UTC).",
                "GitLab has its times in the project: Build > Pipeline schedules."
            );
        }
        if (pipeline.On.Manual)
        {
            rules.Add(new YamlGroup().Add("if", "$CI_PIPELINE_SOURCE == \"web\""));
        }
        var workflow = new YamlGroup().Add("name", pipeline.Name);
        if (pipeline.Concurrency is { } runs)
        {
            notes.Approximated(
                pipeline.Name,
                $"Runs of '{runs.Group}' do not go at the same time.",
                runs.CancelsOlder
                    ? "At GitLab a newer run of the same branch ends an older one."
                    : "GitLab knows this of jobs alone: each has a resource group."
            );
            if (runs.CancelsOlder)
            {
                workflow.Add("auto_cancel", new YamlGroup().Add("on_new_commit", "interruptible"));
            }
        }
        return workflow.AddItems("rules", rules);
    }

    private static YamlGroup If(string condition, string pattern) =>
        new YamlGroup().Add(
            "if",
            pattern == "**" ? condition
                : pattern.Contains('*', StringComparison.Ordinal) ? $"{condition} =~ /{GitLabConditions.Glob(pattern)}/"
                : $"{condition} == \"{pattern}\""
        );

    private static void AddVariables(YamlGroup file, Pipeline pipeline, TranslationNotes notes)
    {
        var variables = new YamlGroup();
        foreach (var (name, text) in pipeline.Env)
        {
            if (GitLabTexts.Value(text) is { } filled)
            {
                variables.Add(name, filled);
            }
            else
            {
                notes.LeftOut(pipeline.Name, $"The variable {name}", "GitLab cannot work out its value.");
            }
        }
        file.Add("variables", variables);
    }

    /// <summary>The token that GitLab signs for a job that deploys.</summary>
    internal static YamlGroup Token(string where, TranslationNotes notes)
    {
        ServerAsked.Say(where, "in the project's CI/CD settings", ServerAsked.Signed, notes);
        return new YamlGroup().Add("FAIRLEAD_ID_TOKEN", new YamlGroup().Add("aud", "fairlead"));
    }

    private static void AddThin(YamlGroup file, Pipeline pipeline, TranslationNotes notes)
    {
        notes.LeftOut(
            pipeline.Name,
            "Fairlead and the tools of the jobs are not in the image.",
            "Set the variable FAIRLEAD_IMAGE in the project's CI/CD settings: an image with fairlead and what the jobs use."
        );
        foreach (var secret in pipeline.Jobs.SelectMany(static job => job.Secrets).Distinct(StringComparer.Ordinal))
        {
            notes.LeftOut(
                pipeline.Name,
                $"The secret {secret}",
                "Set it as a masked variable in the project's CI/CD settings."
            );
        }
        file.Add(
            Name(pipeline.Name),
            new YamlGroup()
                .Add("image", "$FAIRLEAD_IMAGE")
                .Add("script", ["fairlead ci run"])
                .Add("timeout", "6 hours")
                .Add("id_tokens", ServerAsked.By(pipeline) ? Token(pipeline.Name, notes) : new YamlGroup())
        );
    }
}
