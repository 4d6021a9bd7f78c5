using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>Writes one job as stages: one for each combination of its matrix.</summary>
internal sealed class JenkinsJobExport(Pipeline pipeline, Job job, JenkinsStages stages, TranslationNotes notes)
{
    private readonly JenkinsTexts texts = new(job);

    /// <summary>Whether later stages are asked even when one failed, since some job is done in any case.</summary>
    public bool GoesOn { get; init; }

    public IReadOnlyList<Action<GroovyText>> Write()
    {
        if (
            job.Tasks is [{ Act: Act.Foreign { System: "jenkins", Text: var whole } }]
            && whole.StartsWith("stage", StringComparison.Ordinal)
        )
        {
            return [block => block.As(whole)];
        }
        SayLosses();
        var when = When();
        if (job.Matrix is null)
        {
            return [block => Stage(block, at: 0, new Dictionary<string, string>(), when)];
        }
        var limits = new MatrixLimits("Jenkins", CombinationsMax: null, "all that it has machines for");
        // A row that is this matrix alone can end with its first failure.
        var isAlone = !GoesOn && stages.Rows.Any(row => row is [var only] && only.Name == job.Name);
        var known = isAlone ? job with { Matrix = job.Matrix with { FailsFast = false } } : job;
        return
        [
            .. limits
                .Taken(known, notes)
                .Select((one, at) => (Action<GroovyText>)(block => Stage(block, at, one, when))),
        ];
    }

    private void Stage(GroovyText block, int at, IReadOnlyDictionary<string, string> values, List<string> when) =>
        block.Block(
            $"stage({GroovyText.Quoted(stages.Of(job.Name)[at])})",
            stage =>
            {
                Agent(stage, values);
                stage.Block("options", options => options.Line(Time(job.Timeout)));
                if (job.Manual)
                {
                    stage.Block(
                        "input",
                        input => input.Line($"message {GroovyText.Quoted($"Begin {job.Title ?? job.Name}?")}")
                    );
                }
                if (when.Count > 0)
                {
                    stage.Block(
                        "when",
                        asked =>
                        {
                            if (job.Manual)
                            {
                                asked.Line("beforeInput true");
                            }
                            asked.Line("beforeAgent true");
                            foreach (var one in when)
                            {
                                asked.Line(one);
                            }
                        }
                    );
                }
                stage.Block("environment", environment => Environment(environment, values));
                stage.Block("steps", steps => Steps(steps, at));
                stage.Block("post", Post);
            }
        );

    private static string Time(TimeSpan time) =>
        $"timeout(time: {JenkinsExport.Number((long)Math.Max(1, Math.Ceiling(time.TotalMinutes)))}, unit: 'MINUTES')";

    private void Agent(GroovyText stage, IReadOnlyDictionary<string, string> values)
    {
        var machine = Filled(job.Machine, values);
        if (machine is null)
        {
            notes.LeftOut(job.Name, $"'machine': {job.Machine}", "Jenkins cannot work it out: it runs on Linux.");
        }
        var label = $"label {GroovyText.Quoted(machine is { Length: > 0 } ? machine : "linux")}";
        if ((job.Image ?? ToolImage(values)) is not { } image)
        {
            stage.Line($"agent {{ {label} }}");
            return;
        }
        stage.Blocks(
            ["agent", "docker"],
            docker =>
            {
                docker.Line($"image {GroovyText.Quoted(image)}");
                docker.Line(label);
            }
        );
    }

    /// <summary>With the values of a combination, when it asks for nothing else.</summary>
    private static string? Filled(string text, IReadOnlyDictionary<string, string> values)
    {
        if (!TextTemplate.IsIn(text))
        {
            return text;
        }
        var parts = TextTemplate
            .Parse(text)
            .Template?.Parts.Select(part =>
                part.Expression switch
                {
                    null => part.Text,
                    Expression.Literal literal => literal.Value.ToString(),
                    Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
                        when string.Equals(of.Name, "matrix", StringComparison.OrdinalIgnoreCase) => values
                        .FirstOrDefault(one =>
                            string.Equals(one.Key, name.Value.ToString(), StringComparison.OrdinalIgnoreCase)
                        )
                        .Value
                        ?? "",
                    _ => null,
                }
            )
            .ToList();
        return parts is null || parts.Contains(null) ? null : string.Concat(parts);
    }

    private string? ToolImage(IReadOnlyDictionary<string, string> values)
    {
        if (job.Tools.Count == 0)
        {
            return null;
        }
        var (tool, version) = job.Tools.First();
        if (job.Tools.Count == 1 && Filled(version, values) is { } filled && ToolImages.Of(tool, filled) is { } image)
        {
            notes.Approximated(
                job.Name,
                $"It uses {tool} {version}.",
                $"Jenkins sets up no tools by their version: it runs in the image of {tool}, with the plugin Docker Pipeline."
            );
            return image;
        }
        notes.LeftOut(
            job.Name,
            $"It uses {string.Join(", ", job.Tools.Select(static one => $"{one.Key} {one.Value}"))}.",
            "Jenkins sets up no tools by their version: name an image that has them, under 'image'."
        );
        return null;
    }

    private List<string> When()
    {
        var condition = job.If is null ? Condition.Usual : Condition.Parse(job.If).Condition ?? Condition.Usual;
        var (status, rest) = JenkinsConditions.Beyond(condition.Expression) is { } said
            ? StatusAsked.Of(said)
            : (Status.Success, null);
        var asked = rest is null ? null : new JenkinsConditions(texts).When(rest);
        if (status is null || (rest is not null && asked is null))
        {
            notes.LeftOut(job.Name, $"Its condition: {job.If}", "Jenkins cannot say it: the job is not run there.");
            return ["expression { false }"];
        }
        if (rest is not null)
        {
            notes.Approximated(job.Name, $"Its condition: {job.If}", "Groovy minds the case of letters.");
        }
        var minds = GoesOn && job.Needs.Count > 0;
        if (minds && status is not Status.Always)
        {
            notes.Approximated(
                job.Name,
                "It minds how the jobs ended that it needs.",
                "Jenkins minds how the whole build goes so far."
            );
        }
        var how = status switch
        {
            _ when !minds => null,
            Status.Success => "expression { currentBuild.currentResult != 'FAILURE' }",
            Status.Failure => "expression { currentBuild.currentResult == 'FAILURE' }",
            _ => null,
        };
        return [.. new[] { how, asked }.OfType<string>()];
    }

    private void Environment(GroovyText block, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values)
        {
            var plain = value.Replace("$", "$$", StringComparison.Ordinal);
            block.Line($"{JenkinsTexts.Axis(name, job.Matrix) ?? name} = {GroovyText.Quoted(plain)}");
        }
        foreach (var (name, text) in job.Env.Where(one => !values.ContainsKey(one.Key)))
        {
            if (new JenkinsTexts(job, values).Value(text) is { } value && JenkinsTexts.IsFree(name))
            {
                block.Line($"{name} = {value}");
            }
            else
            {
                notes.LeftOut(job.Name, $"The variable {name}", $"Jenkins cannot work out its value: {text}");
            }
        }
        JenkinsExport.SaySecrets(job.Name, job.Secrets, notes);
        foreach (var secret in job.Secrets.Where(one => !job.Env.ContainsKey(one) && !values.ContainsKey(one)))
        {
            block.Line($"{secret} = credentials({GroovyText.Quoted(secret)})");
        }
    }

    private void Steps(GroovyText block, int at)
    {
        // A failure that is allowed shows, and later stages are asked; one that is not, lets later ones ask for it.
        List<string> heads =
        [
            .. job.MayFail ? ["catchError(buildResult: 'SUCCESS', stageResult: 'UNSTABLE')"]
            : GoesOn ? ["catchError(buildResult: 'FAILURE', stageResult: 'FAILURE')"]
            : (string[])[],
        ];
        block.Blocks(
            heads,
            inner =>
            {
                foreach (var need in job.Needs.Select(one => pipeline.Jobs.First(of => of.Name == one)))
                {
                    foreach (var stash in Stashes(need))
                    {
                        inner.Line($"unstash {GroovyText.Quoted(stash)}");
                    }
                }
                if (job.Services.Count == 0)
                {
                    Tasks(inner, at);
                    return;
                }
                inner.Block("script", script => Services(script, 0, at));
            }
        );
    }

    /// <summary>Servers beside it, within each other as Docker Pipeline has them.</summary>
    private void Services(GroovyText block, int number, int at)
    {
        if (number == job.Services.Count)
        {
            Tasks(block, at);
            return;
        }
        var service = job.Services[number];
        var words = service
            .Ports.Select(static port => $"-p {JenkinsExport.Number(port)}:{JenkinsExport.Number(port)}")
            .Concat(service.Env.Select(static one => $"-e {ShellText.Quoted($"{one.Key}={one.Value}")}"));
        var name = $"service{JenkinsExport.Number(number + 1)}";
        block.Block(
            $"docker.image({GroovyText.Quoted(service.Image)}).withRun({GroovyText.Quoted(string.Join(' ', words))})",
            inner =>
            {
                if (service.Ready.Count > 0)
                {
                    var ready = string.Join(' ', service.Ready.Select(ShellText.Quoted));
                    inner.Block(
                        $"withEnv([\"SERVICE_ID=${{{name}.id}}\"])",
                        wait =>
                            wait.Line(
                                $"sh {GroovyText.Quoted($"tries=60; until docker exec \"$SERVICE_ID\" {ready}; do tries=$((tries - 1)); [ $tries -gt 0 ] || exit 1; sleep 1; done")}"
                            )
                    );
                }
                Services(inner, number + 1, at);
            },
            given: name
        );
    }

    private void Tasks(GroovyText block, int at)
    {
        if (ServerAsked.By(job))
        {
            JenkinsExport.SayServer(job.Name, notes);
        }
        if (job.Tasks.Any(static task => task.NeedsFairlead))
        {
            JenkinsExport.SayFairlead(job.Name, notes);
        }
        var export = new JenkinsStepExport(job, texts, notes);
        foreach (var task in job.Tasks)
        {
            export.Write(block, task);
        }
        AddOutputs(block, at);
    }

    /// <summary>Files go to the stages that need this one; where none does, people get them.</summary>
    private void AddOutputs(GroovyText block, int at)
    {
        var outputs = JobFiles.Outputs(job);
        var included = Globs(outputs.Where(static one => !one.StartsWith('!')));
        if (included.Length == 0)
        {
            return;
        }
        var excluded = Globs(outputs.Where(static one => one.StartsWith('!')).Select(static one => one[1..]));
        var rest = excluded.Length == 0 ? "" : $", excludes: {GroovyText.Quoted(excluded)}";
        if (pipeline.Jobs.Any(one => one.Needs.Contains(job.Name)))
        {
            block.Line(
                $"stash name: {GroovyText.Quoted(Stashes(job)[at])}, includes: {GroovyText.Quoted(included)}{rest}, useDefaultExcludes: false"
            );
        }
        else
        {
            block.Line($"archiveArtifacts artifacts: {GroovyText.Quoted(included)}{rest}");
        }
    }

    private static IReadOnlyList<string> Stashes(Job job) =>
        JobFiles.Outputs(job).All(static one => one.StartsWith('!')) ? []
        : job.Matrix is null ? [job.Name]
        : [.. Matrices.Combinations(job.Matrix).Select((_, at) => $"{job.Name}-{JenkinsExport.Number(at + 1)}")];

    private string Globs(IEnumerable<string> globs)
    {
        var all = globs.ToList();
        foreach (var one in all.Where(static one => one.Contains(',', StringComparison.Ordinal)))
        {
            notes.LeftOut(job.Name, $"The files {one}", "Jenkins parts patterns at commas.");
        }
        return string.Join(", ", all.Where(static one => !one.Contains(',', StringComparison.Ordinal)));
    }

    private void Post(GroovyText block)
    {
        var reports = Globs(JobFiles.Reports(job));
        if (reports.Length > 0)
        {
            block.Block("always", always => always.Line($"junit {GroovyText.Quoted(reports)}"));
        }
    }

    private void SayLosses()
    {
        if (job.Title is { } title)
        {
            notes.LeftOut(job.Name, $"It is called '{title}'.", "At Jenkins a stage has its name alone.");
        }
        if (job.Environment is { } environment)
        {
            notes.LeftOut(
                job.Name,
                $"It changes the environment '{environment}'.",
                "Jenkins has none, and asks nobody: add 'manual: true', and keep its credentials in a folder of their own."
            );
        }
        if (job.Cores > 1)
        {
            notes.LeftOut(
                job.Name,
                $"It keeps {job.Cores} cores busy.",
                "At Jenkins the agent says how much a stage gets."
            );
        }
        foreach (var folder in job.Caches)
        {
            notes.LeftOut(
                job.Name,
                $"It keeps {string.Join(" and ", folder.Paths)}.",
                "Jenkins keeps no folders by itself: agents that stay do, or the plugin Job Cacher."
            );
        }
        foreach (var service in job.Services)
        {
            notes.Approximated(
                job.Name,
                $"The service '{service.Name}'",
                "It is begun by the plugin Docker Pipeline, on a machine that has Docker."
            );
        }
    }
}
