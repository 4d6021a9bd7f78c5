using System.Globalization;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>
/// Writes a pipeline as a declarative <c>Jenkinsfile</c> of a multibranch project, https://www.jenkins.io/doc/book/pipeline/syntax/:
/// stages in rows, each on a machine of its own.
/// </summary>
public static class JenkinsExport
{
    public static ExportedPipeline Run(Pipeline pipeline, ExportMode mode)
    {
        var notes = new TranslationNotes().Say(pipeline, mode);
        pipeline = notes.WithoutShards(pipeline, mode);
        var stages = new JenkinsStages(pipeline);
        var file = new GroovyText().Say(
            $"Written by 'fairlead ci export' from {PipelineFile.Name}: change that file, and write this one again."
        );
        SayTriggers(pipeline, notes);
        file.Block(
            "pipeline",
            whole =>
            {
                whole.Line(mode == ExportMode.Thin ? "agent { label 'linux' }" : "agent none");
                whole.Block("options", inner => Options(inner, pipeline, notes));
                whole.Block("triggers", inner => Triggers(inner, pipeline));
                whole.Block("environment", inner => Environment(inner, pipeline, mode, notes));
                whole.Block(
                    "stages",
                    inner =>
                    {
                        if (mode == ExportMode.Thin)
                        {
                            Thin(inner, pipeline, notes);
                        }
                        else
                        {
                            Native(inner, pipeline, stages, notes);
                        }
                    }
                );
            }
        );
        return new(file.ToString(), notes.All);
    }

    internal static void SayFairlead(string where, TranslationNotes notes) =>
        notes.LeftOut(
            where,
            "Fairlead itself is not on the machine.",
            "Install it on the agents of Jenkins, or set FAIRLEAD_URL and FAIRLEAD_SHA256 under Manage Jenkins > System > Environment variables and write a thin file."
        );

    internal static void SaySecrets(string where, IEnumerable<string> secrets, TranslationNotes notes)
    {
        foreach (var secret in secrets)
        {
            notes.LeftOut(
                where,
                $"The secret {secret}",
                $"Add it as a credential of the kind 'Secret text' with the id {secret}."
            );
        }
    }

    private static void SayTriggers(Pipeline pipeline, TranslationNotes notes)
    {
        var on = pipeline.On;
        if (on.Push.Count + on.Change.Count + on.Tag.Count > 0)
        {
            notes.Approximated(
                pipeline.Name,
                "What begins it",
                $"Jenkins has it in the multibranch project, under Branch Sources: branches {Said(on.Push)}, proposed changes for {Said(on.Change)}, tags {Said(on.Tag)}."
            );
        }
        foreach (var times in on.Schedule)
        {
            notes.Approximated(
                pipeline.Name,
                $"It begins at {times} (UTC).",
                "Jenkins begins it so for every branch that it builds."
            );
        }
    }

    private static string Said(IReadOnlyList<string> patterns) =>
        patterns.Count == 0 ? "none" : string.Join(" ", patterns);

    private static void Options(GroovyText block, Pipeline pipeline, TranslationNotes notes)
    {
        if (pipeline.Concurrency is not { } runs)
        {
            return;
        }
        notes.Approximated(
            pipeline.Name,
            $"Runs of '{runs.Group}' do not go at the same time.",
            "Jenkins knows this of the builds of one branch."
        );
        block.Line(runs.CancelsOlder ? "disableConcurrentBuilds(abortPrevious: true)" : "disableConcurrentBuilds()");
    }

    private static void Triggers(GroovyText block, Pipeline pipeline)
    {
        if (pipeline.On.Schedule.Count > 0)
        {
            block.Line($"cron({GroovyText.Quoted($"TZ=UTC\n{string.Join('\n', pipeline.On.Schedule)}")})");
        }
    }

    private static void Environment(GroovyText block, Pipeline pipeline, ExportMode mode, TranslationNotes notes)
    {
        var texts = new JenkinsTexts(new() { Name = pipeline.Name, Tasks = [] });
        foreach (var (name, text) in pipeline.Env)
        {
            if (texts.Value(text) is { } value && JenkinsTexts.IsFree(name))
            {
                block.Line($"{name} = {value}");
            }
            else
            {
                notes.LeftOut(pipeline.Name, $"The variable {name}", $"Jenkins cannot work out its value: {text}");
            }
        }
        if (mode == ExportMode.Native)
        {
            return;
        }
        var secrets = pipeline.Jobs.SelectMany(static job => job.Secrets).Distinct(StringComparer.Ordinal).ToList();
        SaySecrets(pipeline.Name, secrets, notes);
        foreach (var secret in secrets)
        {
            block.Line($"{secret} = credentials({GroovyText.Quoted(secret)})");
        }
    }

    internal static void SayServer(string where, TranslationNotes notes) =>
        ServerAsked.Say(
            where,
            "under Manage Jenkins > System > Environment variables",
            "Jenkins signs no tokens: make one there (fairlead token create), keep it as a credential, and hand it to the stage as FAIRLEAD_TOKEN.",
            notes
        );

    private static void Thin(GroovyText stages, Pipeline pipeline, TranslationNotes notes)
    {
        notes.LeftOut(
            pipeline.Name,
            "Fairlead itself is not on the machine.",
            "Set FAIRLEAD_URL and FAIRLEAD_SHA256 under Manage Jenkins > System > Environment variables: where it is, and its digest."
        );
        if (ServerAsked.By(pipeline))
        {
            SayServer(pipeline.Name, notes);
        }
        foreach (var tool in pipeline.Jobs.SelectMany(static job => job.Tools.Keys).Distinct(StringComparer.Ordinal))
        {
            notes.LeftOut(pipeline.Name, $"The tool '{tool}' is not set up.", "The machine must have it.");
        }
        foreach (
            var machine in pipeline
                .Jobs.Select(static job => job.Machine)
                .Distinct()
                .Where(static one => one != "linux")
        )
        {
            notes.LeftOut(
                pipeline.Name,
                $"No job runs on '{machine}'.",
                "One stage runs on one machine: that with the label 'linux'."
            );
        }
        stages.Block(
            $"stage({GroovyText.Quoted(pipeline.Name)})",
            stage =>
                stage.Block(
                    "steps",
                    static steps =>
                    {
                        const string Get = """
                            mkdir -p "$WORKSPACE_TMP"
                            command -v fairlead && exit 0
                            curl -fsSL "$FAIRLEAD_URL" -o "$WORKSPACE_TMP/fairlead"
                            echo "$FAIRLEAD_SHA256  $WORKSPACE_TMP/fairlead" | sha256sum --check
                            chmod +x "$WORKSPACE_TMP/fairlead"

                            """;
                        steps.Line($"sh {GroovyText.Quoted(Get)}");
                        steps.Line($"sh {GroovyText.Quoted("PATH=\"$WORKSPACE_TMP:$PATH\" fairlead ci run")}");
                    }
                )
        );
    }

    private static void Native(GroovyText block, Pipeline pipeline, JenkinsStages stages, TranslationNotes notes)
    {
        var goesOn = pipeline.Jobs.Any(static job =>
            job.If is { } text
            && JenkinsConditions.Beyond(Condition.Parse(text).Condition?.Expression) is { } asked
            && StatusAsked.Of(asked).Status is not Status.Success
        );
        if (stages.Rows.Any(static row => row.Count > 1))
        {
            notes.Approximated(
                pipeline.Name,
                "Its jobs begin when those ended that they need.",
                "Jenkins has rows of stages: all of one row wait for all of the row before."
            );
        }
        foreach (var row in stages.Rows)
        {
            List<Action<GroovyText>> parts =
            [
                .. row.SelectMany(job =>
                    new JenkinsJobExport(pipeline, job, stages, notes) { GoesOn = goesOn }.Write()
                ),
            ];
            if (parts is [var only])
            {
                only(block);
                continue;
            }
            if (parts.Count == 0)
            {
                continue;
            }
            block.Block(
                $"stage({GroovyText.Quoted(stages.Row(row))})",
                stage =>
                {
                    if (!goesOn && row is [{ Matrix.FailsFast: true }])
                    {
                        stage.Line("failFast true");
                    }
                    stage.Block(
                        "parallel",
                        parallel =>
                        {
                            foreach (var part in parts)
                            {
                                part(parallel);
                            }
                        }
                    );
                }
            );
        }
    }

    internal static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
