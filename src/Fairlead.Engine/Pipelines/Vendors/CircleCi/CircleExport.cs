using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>
/// Writes a pipeline as CircleCI's <c>.circleci/config.yml</c>, https://circleci.com/docs/reference/configuration-reference/:
/// jobs, and one workflow that says their order.
/// </summary>
public static class CircleExport
{
    /// <summary>A step that says nothing for ten minutes is ended there, which a whole pipeline may do.</summary>
    private const string Silence = "1h";

    public static ExportedPipeline Run(Pipeline pipeline, ExportMode mode)
    {
        var notes = new TranslationNotes().Say(pipeline, mode);
        pipeline = notes.WithoutShards(pipeline, mode, PartVariables.CircleCi);
        var names = new CircleNames(pipeline);
        var executors = new CircleExecutors(pipeline.Name, notes);
        var workflow = new CircleWorkflow(pipeline, names, notes);
        var jobs = new YamlGroup();
        var when = workflow.When();
        List<object> order;
        if (mode == ExportMode.Thin)
        {
            jobs.Add(names.Thin, Thin(pipeline, executors, notes));
            order = [workflow.Only(names.Thin)];
        }
        else
        {
            foreach (var job in pipeline.Jobs)
            {
                var kept = CircleForeign.Of(job);
                if (kept?.Use is null)
                {
                    jobs.Add(
                        names.Of(job.Name),
                        kept?.Job ?? new CircleJobExport(pipeline, job, names, executors, notes).Write()
                    );
                }
            }
            order = [.. pipeline.Jobs.SelectMany(workflow.Entries)];
        }
        YamlGroup Shared(string section, YamlGroup? own = null)
        {
            own ??= new();
            if (mode == ExportMode.Native)
            {
                CircleForeign.Share(pipeline, section, own, notes);
            }
            return own;
        }
        var file = new YamlGroup()
            .Say(
                $"Written by 'fairlead ci export' from {PipelineFile.Name}: change that file, and write this one again."
            )
            .AddNumber("version", 2.1m)
            .Add("orbs", Shared("orbs"))
            .Add("executors", Shared("executors", executors.Write()))
            .Add("commands", Shared("commands"))
            .Add("jobs", jobs);
        var ordered = new YamlGroup().Add("when", when).AddItems("jobs", order);
        return new(
            file.Add("workflows", new YamlGroup().Add(CircleTexts.Literal(pipeline.Name), ordered)).ToString(),
            notes.All
        );
    }

    /// <summary>The step that gets Fairlead, and checks that it is the one that was meant.</summary>
    internal static void SayServer(string where, TranslationNotes notes) =>
        ServerAsked.Say(
            where,
            "in the project's variables",
            $"{ServerAsked.Signed} Its audience is the organization's id: --audience ORG_ID.",
            notes
        );

    internal static YamlGroup GetStep() =>
        Run(
            new YamlGroup()
                .Add("name", "Get Fairlead")
                .Add(
                    "command",
                    """
                    command -v fairlead && exit 0
                    mkdir -p ~/.fairlead
                    curl -fsSL "$FAIRLEAD_URL" -o ~/.fairlead/fairlead
                    echo "$FAIRLEAD_SHA256  $HOME/.fairlead/fairlead" | sha256sum --check
                    chmod +x ~/.fairlead/fairlead
                    echo 'export PATH="$HOME/.fairlead:$PATH"' >> "$BASH_ENV"

                    """
                )
        );

    internal static void SayFairlead(string where, TranslationNotes notes) =>
        notes.LeftOut(
            where,
            "Fairlead itself is not on the machine.",
            "Set the variables FAIRLEAD_URL and FAIRLEAD_SHA256 in the project's settings: where it is, and its digest."
        );

    internal static YamlGroup Run(YamlGroup step) => new YamlGroup().Add("run", step);

    private static YamlGroup Thin(Pipeline pipeline, CircleExecutors executors, TranslationNotes notes)
    {
        SayFairlead(pipeline.Name, notes);
        foreach (var tool in pipeline.Jobs.SelectMany(static job => job.Tools.Keys).Distinct(StringComparer.Ordinal))
        {
            notes.LeftOut(
                pipeline.Name,
                $"The tool '{tool}' is not set up.",
                "CircleCI sets up no tools: the machine's image must have it."
            );
        }
        foreach (var secret in pipeline.Jobs.SelectMany(static job => job.Secrets).Distinct(StringComparer.Ordinal))
        {
            notes.LeftOut(
                pipeline.Name,
                $"The secret {secret}",
                "Set it under Environment Variables in the project's settings."
            );
        }
        foreach (
            var machine in pipeline
                .Jobs.Select(static job => job.Machine)
                .Distinct()
                .Where(static one => one != "linux")
        )
        {
            notes.LeftOut(pipeline.Name, $"No job runs on '{machine}'.", "One job runs on one machine: Linux.");
        }
        if (ServerAsked.By(pipeline))
        {
            SayServer(pipeline.Name, notes);
        }
        return new YamlGroup()
            .Add("executor", executors.Use("linux"))
            .AddItems(
                "steps",
                [
                    "checkout",
                    GetStep(),
                    Run(
                        new YamlGroup()
                            .Add("name", "Run the pipeline")
                            .Add("command", "fairlead ci run")
                            .Add("no_output_timeout", Silence)
                    ),
                ]
            );
    }
}
