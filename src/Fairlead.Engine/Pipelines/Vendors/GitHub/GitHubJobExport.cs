using System.Globalization;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>Writes one job as one of a workflow.</summary>
internal sealed class GitHubJobExport
{
    private readonly Pipeline pipeline;
    private readonly Job job;
    private readonly TranslationNotes notes;
    private readonly HashSet<string> machineAxes;
    private readonly GitHubWords words;

    public GitHubJobExport(Pipeline pipeline, Job job, TranslationNotes notes)
    {
        (this.pipeline, this.job, this.notes) = (pipeline, job, notes);
        machineAxes = MachineAxes(job.Machine, job.Matrix);
        words = new(pipeline.Name, machineAxes);
    }

    public YamlGroup Write()
    {
        if (
            job.Tasks is [{ Act: Act.Foreign { System: "github", Text: var whole } }]
            && GitHubForeign.Job(whole) is { } kept
        )
        {
            return kept;
        }
        var group = new YamlGroup().Add("name", Filled(job.Title)).Add("needs", job.Needs).Add("if", If());
        group.Add("runs-on", Filled(Machines.ToGitHub(job.Machine)));
        group.Add("permissions", ServerAsked.By(job) ? GitHubThinJob.ForDeploying() : new YamlGroup());
        AddMatrix(group);
        group.Add("environment", Filled(job.Environment)).Add("container", job.Image);
        group.Add("services", Services());
        group.Add("env", Env()).Add("timeout-minutes", GitHubTexts.Minutes(job.Timeout));
        group.Add("continue-on-error", job.MayFail ? true : null);
        group.AddItems("steps", Steps());
        SayLosses();
        return group;
    }

    private string? If()
    {
        var said = GitHubTexts.Condition(job.If, words);
        if (!job.Manual)
        {
            return said;
        }
        notes.Approximated(
            job.Name,
            "The job begins by hand.",
            "GitHub has no such jobs: it is skipped unless the whole workflow is begun by hand. An environment with reviewers lets one job wait."
        );
        const string ByHand = "github.event_name == 'workflow_dispatch'";
        return said is null ? ByHand : $"{ByHand} && ({said})";
    }

    private YamlGroup Env()
    {
        var env = YamlGroup.Of(GitHubTexts.Filled(job.Env, words));
        foreach (var secret in job.Secrets)
        {
            env.Add(secret, $"${{{{ secrets.{secret} }}}}");
        }
        return env;
    }

    private void AddMatrix(YamlGroup group)
    {
        if (job.Matrix is not { } matrix)
        {
            return;
        }
        var axes = new YamlGroup();
        foreach (var axis in matrix.Axes)
        {
            axes.Add(axis.Name, [.. axis.Values.Select(value => Labelled(axis.Name, value))]);
        }
        axes.AddItems("include", [.. matrix.Include.Select(Labelled)]);
        axes.AddItems("exclude", [.. matrix.Exclude.Select(Labelled)]);
        group.Add(
            "strategy",
            new YamlGroup()
                .Add("fail-fast", matrix.FailsFast ? null : false)
                .Add("max-parallel", matrix.Parallel)
                .Add("matrix", axes)
        );
    }

    private string Labelled(string axis, string value) => machineAxes.Contains(axis) ? Machines.ToGitHub(value) : value;

    private YamlGroup Labelled(IReadOnlyDictionary<string, string> values) =>
        YamlGroup.Of(
            values.ToDictionary(static one => one.Key, one => Labelled(one.Key, one.Value), StringComparer.Ordinal)
        );

    private YamlGroup Services()
    {
        var group = new YamlGroup();
        foreach (var one in job.Services)
        {
            group.Add(
                one.Name,
                new YamlGroup()
                    .Add("image", one.Image)
                    .Add(
                        "ports",
                        [.. one.Ports.Select(static port => $"{GitHubTexts.Number(port)}:{GitHubTexts.Number(port)}")]
                    )
                    .Add("env", one.Env)
                    .Add("options", ShellText.Health(one.Ready))
            );
        }
        return group;
    }

    private List<object> Steps()
    {
        List<object> steps = [GitHubThinJob.Step(GitHubActions.Checkout)];
        foreach (var (tool, version) in job.Tools)
        {
            if (GitHubActions.Setups.TryGetValue(tool, out var setup))
            {
                steps.Add(GitHubThinJob.Setup(tool, setup, GitHubTexts.Filled(version, words)));
                if (setup.Version is null)
                {
                    notes.Approximated(
                        job.Name,
                        $"'{setup.Uses}' is not pinned to a commit.",
                        "Pin it to the commit of the release that you checked."
                    );
                }
            }
            else
            {
                notes.LeftOut(
                    job.Name,
                    $"The tool '{tool}' is not set up.",
                    "No action for it is known: the runner must have it."
                );
            }
        }
        steps.AddRange(job.Caches.Select(Cache));
        steps.AddRange(job.Needs.Select(need => pipeline.Jobs.First(one => one.Name == need)).SelectMany(Download));
        if (ServerAsked.By(job))
        {
            GitHubThinJob.SayServer(job.Name, notes);
        }
        if (job.Tasks.Any(static task => task.NeedsFairlead))
        {
            steps.Add(GitHubThinJob.GetStep());
            notes.LeftOut(
                job.Name,
                "Fairlead itself is not on the runner.",
                "Set the variables FAIRLEAD_URL and FAIRLEAD_SHA256 in the repository's settings: where it is, and its digest."
            );
        }
        steps.AddRange(job.Tasks.Select((task, at) => new GitHubStepExport(job, words, notes).Write(task, at)));
        if (JobFiles.Outputs(job) is { Count: > 0 } outputs)
        {
            var with = new YamlGroup()
                .Add("name", job.Matrix is null ? job.Name : $"{job.Name}-${{{{ strategy.job-index }}}}")
                .Add("path", string.Join('\n', outputs) + (outputs.Count == 1 ? "" : "\n"))
                .Add("if-no-files-found", "error")
                .Add("include-hidden-files", outputs.Any(IsHidden) ? true : null);
            steps.Add(GitHubThinJob.Step(GitHubActions.Upload).Add("with", with));
        }
        return steps;
    }

    private YamlGroup Cache(KeptFolder folder, int at)
    {
        var name = $"{job.Name}-{at + 1}-${{{{ runner.os }}}}-";
        var files = string.Join(
            ", ",
            folder.Key.Select(static one => $"'{one.Replace("'", "''", StringComparison.Ordinal)}'")
        );
        return GitHubThinJob
            .Step(GitHubActions.Cache)
            .Add(
                "with",
                new YamlGroup()
                    .Add("path", string.Join('\n', folder.Paths) + (folder.Paths.Count == 1 ? "" : "\n"))
                    .Add("key", folder.Key.Count == 0 ? name : $"{name}${{{{ hashFiles({files}) }}}}")
                    .Add("restore-keys", folder.Key.Count == 0 ? null : name)
            );
    }

    private static IEnumerable<object> Download(Job need)
    {
        if (JobFiles.Outputs(need) is not { Count: > 0 } outputs)
        {
            yield break;
        }
        var isSeveral = need.Matrix is not null;
        yield return GitHubThinJob
            .Step(GitHubActions.Download)
            .Add(
                "with",
                new YamlGroup()
                    .Add("name", isSeveral ? null : need.Name)
                    .Add("pattern", isSeveral ? $"{need.Name}-*" : null)
                    // An artifact begins at the deepest folder with all of it.
                    .Add("path", Folders.Common(outputs))
                    .Add("merge-multiple", isSeveral ? true : null)
            );
    }

    private static bool IsHidden(string glob) => glob.StartsWith('.') || glob.Contains("/.", StringComparison.Ordinal);

    private void SayLosses()
    {
        if (job.Cores > 1)
        {
            notes.LeftOut(
                job.Name,
                $"It keeps {job.Cores} cores busy.",
                "At GitHub a job has a machine of its own, of the size of its label."
            );
        }
    }

    private string? Filled(string? text) => text is null ? null : GitHubTexts.Filled(text, words);

    /// <summary>Variables of the matrix that say on which machine the job runs.</summary>
    internal static HashSet<string> MachineAxes(string machine, Matrix? matrix) =>
        new(
            (
                matrix?.Axes.Select(static one => one.Name).Concat(matrix.Include.SelectMany(static one => one.Keys))
                ?? []
            ).Where(name =>
                machine.Contains($"matrix.{name} ", StringComparison.Ordinal)
                || machine.Contains($"matrix.{name}}}", StringComparison.Ordinal)
            ),
            StringComparer.OrdinalIgnoreCase
        );
}

/// <summary>Writes one task as a step.</summary>
internal sealed class GitHubStepExport(Job job, GitHubWords words, TranslationNotes notes)
{
    public YamlGroup Write(JobTask task, int at)
    {
        var place = $"{job.Name}.{task.Name}";
        SayLosses(task, place);
        if (task.Act is Act.Foreign foreign)
        {
            if (foreign.System == "github" && GitHubForeign.Step(foreign.Text) is { } kept)
            {
                return kept;
            }
            notes.LeftOut(
                place,
                $"It is a step of {foreign.System}.",
                "Only that system can do it: write what it does here."
            );
        }
        var usual = string.Create(CultureInfo.InvariantCulture, $"task-{at + 1}");
        var isPlain = job.Tasks.Count == 1 && task.Name == job.Name;
        var step = new YamlGroup()
            .Add(
                "name",
                task.Title is null || (isPlain && task.Title == job.Title)
                    ? null
                    : GitHubTexts.Filled(task.Title, words)
            )
            .Add("id", isPlain || task.Name == usual ? null : task.Name)
            .Add("if", GitHubTexts.Condition(task.If, words));
        var handed = new HandedOn([.. job.Env.Keys, .. job.Secrets, .. task.Env.Keys]);
        AddAct(step, task.Act, handed);
        return step.Add("working-directory", task.Folder == "." ? null : task.Folder)
            .Add("env", GitHubTexts.Filled(new Dictionary<string, string>([.. task.Env, .. handed.Env]), words))
            .Add("timeout-minutes", task.Timeout is { } time ? GitHubTexts.Minutes(time) : null)
            .Add("continue-on-error", task.MayFail ? true : null);
    }

    private void AddAct(YamlGroup step, Act act, HandedOn handed)
    {
        switch (act)
        {
            case Act.Command command:
                var said = command.Words.Select(word => Word(word, handed)).ToList();
                // Elsewhere than on Windows it is what GitHub takes by itself.
                var isBash = job.Machine is "linux" or "macos" || said.TrueForAll(static one => !one.StartsWith('"'));
                step.Add("run", string.Join(' ', said)).Add("shell", isBash ? null : "bash");
                break;
            case Act.Script script:
                step.Add("run", GitHubTexts.Filled(script.Text, words)).Add("shell", Shell(script.Shell));
                break;
            case Act.Deploy deploy:
                step.Add("run", $"fairlead deploy . --environment {deploy.Environment}");
                break;
            case Act.Foreign foreign:
                step.Add("run", $"echo 'This step is of {foreign.System}, and was not exported.' >&2; exit 1");
                break;
            default:
                throw new InvalidOperationException("The set of acts is closed.");
        }
    }

    /// <summary>A word of a command. GitHub fills expressions in before a shell reads them, so only those stay that are plain.</summary>
    private string Word(string word, HandedOn handed)
    {
        if (!TextTemplate.IsIn(word) || TextTemplate.Parse(word).Template is not { } template)
        {
            return ShellText.Quoted(word);
        }
        return template.Parts.All(one => one.Expression is not { } expression || IsPlain(expression))
            ? GitHubTexts.Filled(ShellText.Quoted(word), words)
            : handed.Word(template);
    }

    private bool IsPlain(Expression expression) =>
        expression switch
        {
            Expression.Named named => named.Name.ToUpperInvariant() is "COMMIT" or "EVENT" or "MACHINE",
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name } => string.Equals(
                of.Name,
                "matrix",
                StringComparison.OrdinalIgnoreCase
            )
                && Matrices
                    .Values(job.Matrix, name.Value.ToString())
                    .All(static value => ShellText.Quoted(value) == value),
            _ => false,
        };

    private string? Shell(string shell) =>
        shell switch
        {
            // What GitHub takes by itself, except on Windows.
            "bash" when job.Machine != "windows" => null,
            "python3" => "python",
            "bash" or "sh" or "python" or "pwsh" or "powershell" or "cmd" => shell,
            _ => $"{shell} {{0}}",
        };

    private void SayLosses(JobTask task, string place)
    {
        if (task.Inputs is not null)
        {
            notes.LeftOut(
                place,
                "Its inputs are said.",
                "GitHub does every step again: nothing is taken from an earlier run."
            );
        }
        if (task.Retries > 0)
        {
            notes.LeftOut(
                place,
                $"It is done again when it fails, {task.Retries} times at most.",
                "GitHub has no retries of steps: let the command do it."
            );
        }
        if (task.Reports.Count > 0)
        {
            notes.LeftOut(place, "Its reports are read.", "GitHub reads no results of tests by itself.");
        }
        if (task.Timeout is { } time && time.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            notes.Approximated(place, $"It ends after {time}.", "GitHub counts whole minutes: it was rounded up.");
        }
    }
}
