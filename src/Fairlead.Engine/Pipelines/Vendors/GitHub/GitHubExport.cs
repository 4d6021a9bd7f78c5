using System.Globalization;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>
/// Writes a pipeline as a workflow of GitHub Actions,
/// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax: with no more rights than reading the
/// source, and with actions pinned to commits.
/// </summary>
public static class GitHubExport
{
    public static ExportedPipeline Run(Pipeline pipeline, ExportMode mode)
    {
        var notes = new TranslationNotes().Say(pipeline, mode);
        pipeline = notes.WithoutShards(pipeline, mode);
        var file = new YamlGroup()
            .Say(
                $"Written by 'fairlead ci export' from {PipelineFile.Name}: change that file, and write this one again."
            )
            .Add("name", pipeline.Name)
            .Add("on", On(pipeline));
        file.Add("permissions", new YamlGroup().Add("contents", "read"));
        var words = new GitHubWords(pipeline.Name, new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        if (pipeline.Concurrency is { } runs)
        {
            file.Add(
                "concurrency",
                new YamlGroup()
                    .Add("group", GitHubTexts.Filled(runs.Group, words))
                    .Add("cancel-in-progress", runs.CancelsOlder ? true : null)
            );
        }
        file.Add("env", GitHubTexts.Filled(pipeline.Env, words));
        var jobs = new YamlGroup();
        if (mode == ExportMode.Thin)
        {
            jobs.Add(pipeline.Name, GitHubThinJob.Of(pipeline, notes));
        }
        else
        {
            foreach (var job in pipeline.Jobs)
            {
                jobs.Add(job.Name, new GitHubJobExport(pipeline, job, notes).Write());
            }
        }
        return new(file.Add("jobs", jobs).ToString(), notes.All);
    }

    private static YamlGroup On(Pipeline pipeline)
    {
        var on = new YamlGroup();
        var (push, tag) = (pipeline.On.Push, pipeline.On.Tag);
        on.Add("push", new YamlGroup().Add("branches", push).Add("tags", tag));
        if (pipeline.On.Change is ["**"])
        {
            on.AddEmpty("pull_request");
        }
        else
        {
            on.Add("pull_request", new YamlGroup().Add("branches", pipeline.On.Change));
        }
        on.AddItems("schedule", [.. pipeline.On.Schedule.Select(static one => new YamlGroup().Add("cron", one))]);
        var hasManual = pipeline.Jobs.Any(static job => job.Manual);
        return pipeline.On.Manual || hasManual || on.IsEmpty ? on.AddEmpty("workflow_dispatch") : on;
    }
}

/// <summary>Texts with expressions, in GitHub's words.</summary>
internal static class GitHubTexts
{
    public static string Filled(string text, GitHubWords words)
    {
        var (template, fault) = TextTemplate.Parse(text);
        return fault is not null
            ? text
            : string.Concat(
                template!.Parts.Select(one =>
                    one.Expression is { } expression
                        ? $"${{{{ {ExpressionText.Of(words.Out(expression))} }}}}"
                        : one.Text
                )
            );
    }

    public static Dictionary<string, string> Filled(IReadOnlyDictionary<string, string> texts, GitHubWords words) =>
        texts.ToDictionary(static one => one.Key, one => Filled(one.Value, words), StringComparer.Ordinal);

    public static string? Condition(string? text, GitHubWords words) =>
        text is null ? null
        : Expressions.Condition.Parse(text).Condition?.Expression is { } expression
            ? ExpressionText.Of(words.Out(expression))
        : text;

    /// <summary>Whole minutes, no fewer than asked for.</summary>
    public static int Minutes(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalMinutes));

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
