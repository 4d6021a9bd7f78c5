using System.Globalization;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Writes one job as one of GitLab.</summary>
internal sealed class GitLabJobExport(Pipeline pipeline, Job job, TranslationNotes notes)
{
    private const int RetriesMax = 2;
    private const int CombinationsMax = 200;

    public YamlGroup Write()
    {
        if (
            job.Tasks is [{ Act: Act.Foreign { System: "gitlab", Text: var whole } }]
            && GitHub.GitHubForeign.Job(whole) is { } kept
        )
        {
            return kept;
        }
        var group = new YamlGroup().Add("image", Image());
        group.Add("tags", job.Machine == "linux" ? [] : [Filled(job.Machine, "machine") ?? job.Machine]);
        group.AddItems("services", [.. job.Services.Select(Service)]);
        AddNeeds(group);
        AddRules(group);
        group.Add("allow_failure", job.MayFail ? true : null);
        AddMatrix(group);
        group.Add("variables", Variables());
        group.AddItems("cache", [.. job.Caches.Select(Cache).OfType<YamlGroup>()]);
        if (pipeline.Concurrency is { CancelsOlder: false } runs && Filled(runs.Group, "concurrency") is { } resource)
        {
            group.Add("resource_group", $"{resource}-{job.Name}");
        }
        group.Add("script", Script());
        AddArtifacts(group);
        group.Add("environment", job.Environment is { } environment ? Filled(environment, "environment") : null);
        AddRetries(group);
        group.Add("timeout", Time(job.Timeout));
        if (ServerAsked.By(job))
        {
            group.Add("id_tokens", GitLabExport.Token(job.Name, notes));
        }
        SayLosses();
        return group;
    }

    private string? Image()
    {
        if (job.Image is not null || job.Tools.Count == 0)
        {
            return job.Image;
        }
        var (tool, version) = job.Tools.First();
        if (job.Tools.Count == 1 && Filled(version, "tools") is { } filled && ToolImages.Of(tool, filled) is { } image)
        {
            notes.Approximated(
                job.Name,
                $"It uses {tool} {version}.",
                $"GitLab sets up no tools: it runs in the image of {tool}, when its runner runs images."
            );
            return image;
        }
        notes.LeftOut(
            job.Name,
            $"It uses {string.Join(", ", job.Tools.Select(static one => $"{one.Key} {one.Value}"))}.",
            "GitLab sets up no tools: name an image that has them, under 'image'."
        );
        return null;
    }

    private YamlGroup Service(JobService service)
    {
        notes.Approximated(
            job.Name,
            $"The service '{service.Name}' is reached at localhost.",
            $"At GitLab its host is '{service.Name}', unless the runner is one of Kubernetes."
        );
        if (service.Ready.Count > 0)
        {
            notes.Approximated(
                job.Name,
                $"What tells that '{service.Name}' is ready",
                "GitLab waits until its port answers."
            );
        }
        return new YamlGroup().Add("name", service.Image).Add("alias", service.Name).Add("variables", service.Env);
    }

    private void AddNeeds(YamlGroup group)
    {
        // An empty list is said: without it a job waits for all jobs of earlier stages.
        List<string> needs = [.. job.Needs.Select(GitLabExport.Name)];
        _ = needs.Count == 0 ? group.AddItemsOrNone("needs") : group.Add("needs", needs);
    }

    private void AddRules(YamlGroup group)
    {
        var condition = job.If is null ? Condition.Usual : Condition.Parse(job.If).Condition ?? Condition.Usual;
        var when = job.Manual ? "manual" : null;
        if (condition.Expression is null)
        {
            group.Add("when", when);
            // Else the pipeline goes on as if the job had ended well.
            group.Add("allow_failure", job is { Manual: true, MayFail: false } ? false : null);
            return;
        }
        var (status, rest) = StatusAsked.Of(condition.Expression);
        var said = rest is null ? "" : GitLabConditions.Of(rest);
        if (said is null || status is null)
        {
            notes.LeftOut(
                job.Name,
                $"Its condition: {job.If}",
                "GitLab's rules cannot say it: the job is not run there."
            );
            group.AddItems("rules", [new YamlGroup().Add("when", "never")]);
            return;
        }
        if (rest is not null)
        {
            notes.Approximated(job.Name, $"Its condition: {job.If}", "GitLab's rules mind the case of letters.");
        }
        var rule = new YamlGroup().Add("if", said.Length == 0 ? null : said);
        rule.Add(
            "when",
            when
                ?? status switch
                {
                    Status.Always or Status.Ended => "always",
                    Status.Failure => "on_failure",
                    _ => null,
                }
        );
        if (rule.IsEmpty)
        {
            return;
        }
        group.AddItems("rules", [rule]);
    }

    private void AddMatrix(YamlGroup group)
    {
        group.Add("parallel", job.Shards?.Count);
        if (job.Matrix is null)
        {
            return;
        }
        var all = new MatrixLimits("GitLab", CombinationsMax, "as many as it has runners").Taken(job, notes);
        group.Add(
            "parallel",
            new YamlGroup().AddItems(
                "matrix",
                [
                    .. all.Select(one =>
                        YamlGroup.Of(
                            one.ToDictionary(
                                static of => GitLabTexts.Named(of.Key),
                                static of => of.Value,
                                StringComparer.Ordinal
                            )
                        )
                    ),
                ]
            )
        );
    }

    private YamlGroup Variables()
    {
        var variables = new YamlGroup();
        foreach (var (name, text) in job.Env)
        {
            variables.Add(name, Value(name, text));
        }
        foreach (var secret in job.Secrets)
        {
            notes.LeftOut(
                job.Name,
                $"The secret {secret}",
                "Set it as a masked variable in the project's CI/CD settings; every job gets it there."
            );
        }
        return variables;
    }

    private YamlGroup? Cache(KeptFolder folder)
    {
        var inside = folder.Paths.Where(static one => !one.StartsWith('~') && !one.StartsWith('/')).ToList();
        if (inside.Count < folder.Paths.Count)
        {
            notes.LeftOut(
                job.Name,
                $"It keeps {string.Join(" and ", folder.Paths.Except(inside))}.",
                "GitLab keeps folders of the project alone: let the package manager use one there."
            );
        }
        var stars = folder.Key.Any(static one => one.Contains('*', StringComparison.Ordinal));
        return inside.Count == 0
            ? null
            : new YamlGroup()
                .Add(
                    "key",
                    folder.Key.Count is 0 or > 2 || stars ? new YamlGroup() : new YamlGroup().Add("files", folder.Key)
                )
                .Add("paths", inside);
    }

    private void AddArtifacts(YamlGroup group)
    {
        var outputs = JobFiles.Outputs(job);
        var reports = JobFiles.Reports(job);
        group.Add(
            "artifacts",
            new YamlGroup()
                .Add("paths", [.. outputs.Where(static one => !one.StartsWith('!')).Select(Whole)])
                .Add("exclude", [.. outputs.Where(static one => one.StartsWith('!')).Select(static one => one[1..])])
                .Add("reports", new YamlGroup().Add("junit", reports))
        );
    }

    /// <summary>All of a folder is the folder, which every runner takes alike.</summary>
    private static string Whole(string glob) =>
        glob.EndsWith("/**", StringComparison.Ordinal) && !glob[..^3].Contains('*', StringComparison.Ordinal)
            ? $"{glob[..^3]}/"
            : glob;

    private void AddRetries(YamlGroup group)
    {
        var most = job.Tasks.Max(static task => task.Retries);
        if (most == 0)
        {
            return;
        }
        group.Add("retry", Math.Min(most, RetriesMax));
        if (job.Tasks.Count > 1 || most > RetriesMax)
        {
            notes.Approximated(
                job.Name,
                "A task of it is done again when it fails.",
                $"GitLab does the whole job again, at most {RetriesMax} times."
            );
        }
    }

    private List<string> Script() => [.. job.Tasks.Select(task => new GitLabTaskExport(job, notes).Write(task))];

    private void SayLosses()
    {
        if (job.Title is { } title)
        {
            notes.LeftOut(job.Name, $"It is called '{title}'.", "At GitLab a job has its name alone.");
        }
        if (job.Cores > 1)
        {
            notes.LeftOut(
                job.Name,
                $"It keeps {job.Cores} cores busy.",
                "At GitLab the runner says how much a job gets."
            );
        }
    }

    private string? Value(string name, string text)
    {
        var value = GitLabTexts.Value(text);
        if (value is null)
        {
            notes.LeftOut(job.Name, $"The variable {name}", "GitLab cannot work out its value.");
        }
        return value;
    }

    private string? Filled(string text, string what)
    {
        var filled = GitLabTexts.Filled(text);
        if (filled is null)
        {
            notes.LeftOut(job.Name, $"'{what}': {text}", "GitLab cannot work it out.");
        }
        return filled;
    }

    private static string Time(TimeSpan time) =>
        time.Ticks % TimeSpan.TicksPerHour == 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{time.TotalHours:0} hour{(time == TimeSpan.FromHours(1) ? "" : "s")}"
            )
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} minutes");
}

/// <summary>Writes one task as lines for a shell, apart from those of the other tasks.</summary>
internal sealed class GitLabTaskExport(Job job, TranslationNotes notes)
{
    public string Write(JobTask task)
    {
        var place = $"{job.Name}.{task.Name}";
        SayLosses(task, place);
        if (
            task.If is { } condition
            && Condition.Parse(condition).Condition?.Expression is not Expression.Called { Function: "success" }
        )
        {
            notes.LeftOut(
                place,
                $"Its condition: {condition}",
                "GitLab knows conditions of jobs alone: the task is not run there. Make it a job."
            );
            return $"echo {ShellText.Quoted($"{task.Name}: not exported, since its condition cannot be said here")}";
        }
        if (Body(task, place) is not { } body)
        {
            return $"echo {ShellText.Quoted($"{task.Name}: it was not exported")} >&2; exit 1";
        }
        List<string> lines = [];
        foreach (var (name, text) in task.Env)
        {
            if (GitLabTexts.Word(text) is { } word)
            {
                lines.Add($"export {name}={word}");
            }
            else
            {
                notes.LeftOut(place, $"The variable {name}", "GitLab cannot work out its value.");
            }
        }
        if (task.Folder != ".")
        {
            lines.Add($"cd {ShellText.Quoted(task.Folder)}");
        }
        lines.Add(body.TrimEnd('\n'));
        if (task.MayFail)
        {
            // Not '|| true' after it: a shell forgets 'set -e' there, and would go on after the line that failed.
            return $"set +e\n(\nset -e\n{string.Join('\n', lines)}\n)\nset -e";
        }
        var isAlone = lines is [var only] && job.Tasks.Count == 1 && !only.Contains('\n', StringComparison.Ordinal);
        // In parentheses, so that folders, variables and 'exit' of one task do not reach the next.
        return isAlone ? lines[0] : $"(\nset -e\n{string.Join('\n', lines)}\n)";
    }

    private string? Body(JobTask task, string place)
    {
        switch (task.Act)
        {
            case Act.Command command:
                var words = command.Words.Select(Word).ToList();
                if (words.Contains(null))
                {
                    notes.LeftOut(
                        place,
                        "Its command asks for what GitLab cannot work out.",
                        "The job fails there, so that nobody misses it."
                    );
                    return null;
                }
                return string.Join(' ', words);
            case Act.Script script:
                var text = GitLabTexts.Filled(script.Text);
                if (text is null)
                {
                    notes.LeftOut(
                        place,
                        "Its script asks for what GitLab cannot work out.",
                        "The job fails there, so that nobody misses it."
                    );
                    return null;
                }
                return script.Shell is "sh" or "bash"
                    ? text
                    : $"{script.Shell} - <<'END_OF_{job.Name}'\n{text.TrimEnd('\n')}\nEND_OF_{job.Name}";
            case Act.Deploy deploy:
                return $"fairlead deploy . --environment {deploy.Environment}";
            case Act.Foreign foreign:
                notes.LeftOut(
                    place,
                    $"It is a step of {foreign.System}.",
                    "Only that system can do it: the job fails here, so that nobody misses it."
                );
                return null;
            default:
                throw new InvalidOperationException("The set of acts is closed.");
        }
    }

    private static string? Word(string word) =>
        TextTemplate.IsIn(word) ? GitLabTexts.Word(word) : ShellText.Quoted(word);

    private void SayLosses(JobTask task, string place)
    {
        if (task.Inputs is not null)
        {
            notes.LeftOut(
                place,
                "Its inputs are said.",
                "GitLab does every job again: nothing is taken from an earlier run."
            );
        }
        if (task.Timeout is { } time)
        {
            notes.LeftOut(place, $"It ends after {time}.", "At GitLab a job has a time, and its parts have none.");
        }
    }
}
