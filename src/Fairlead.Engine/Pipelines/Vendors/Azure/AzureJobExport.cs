using System.Globalization;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Writes one job as one of Azure: a deployment where it changes an environment, after an approval where somebody begins it.</summary>
internal sealed class AzureJobExport(
    Pipeline pipeline,
    Job job,
    AzureNames names,
    AzureTexts texts,
    TranslationNotes notes
)
{
    /// <summary>What Azure gives a job that says nothing.</summary>
    private static readonly TimeSpan UsualTime = TimeSpan.FromHours(1);

    /// <summary>How long an approval waits: three days.</summary>
    private const int PatienceMinutes = 4_320;

    /// <summary>The variable by which a combination knows its own name.</summary>
    public const string Combination = "FAIRLEAD_COMBINATION";

    private readonly HashSet<string> machineAxes = GitHubJobExport.MachineAxes(job.Machine, job.Matrix);

    /// <summary>Whether it says its machine itself, since not all jobs have the same.</summary>
    public bool HasPool { get; init; }

    public IEnumerable<object> Write()
    {
        if (
            job.Tasks is [{ Act: Act.Foreign { System: "azure", Text: var whole } }]
            && GitHubForeign.Job(whole) is { } kept
        )
        {
            return [kept];
        }
        var needs = job.Needs.Select(names.Of).ToList();
        var condition = Condition();
        if (!job.Manual)
        {
            return [Of(needs, condition)];
        }
        notes.Approximated(
            job.Name,
            "The job begins by hand.",
            "At Azure the whole run waits three days for an approval, and fails without one."
        );
        var approval = names.Approval(job.Name);
        var asks = new YamlGroup().Add("job", approval).Add("dependsOn", needs).Add("condition", condition);
        asks.Add("pool", "server").Add("timeoutInMinutes", PatienceMinutes);
        asks.AddItems(
            "steps",
            [
                new YamlGroup()
                    .Add("task", "ManualValidation@1")
                    .Add(
                        "inputs",
                        new YamlGroup()
                            .Add("notifyUsers", "")
                            .Add("instructions", $"Begin {job.Title ?? job.Name}?")
                            .Add("onTimeout", "reject")
                    ),
            ]
        );
        return [asks, Of([approval, .. needs], condition)];
    }

    private YamlGroup Of(IReadOnlyList<string> needs, string? condition)
    {
        var group = new YamlGroup()
            .Add(job.Environment is null ? "job" : "deployment", names.Of(job.Name))
            .Add("displayName", job.Title is { } title ? Value(title, "title") : null)
            .AddOneOrMore("dependsOn", needs)
            .Add("condition", condition);
        AddPool(group);
        var isGated = job.Environment is not null;
        if (isGated && job.Matrix is not null)
        {
            notes.LeftOut(
                job.Name,
                $"It changes the environment '{job.Environment}' in several combinations.",
                "A deployment has no matrix at Azure, and without one nobody would be asked: it is not run there. Part it into several jobs."
            );
            return new YamlGroup()
                .Add("job", names.Of(job.Name))
                .AddOneOrMore("dependsOn", needs)
                .Add("condition", "eq(1, 2)")
                .AddItems("steps", [new YamlGroup().Add("checkout", "none")]);
        }
        AddMatrix(group);
        group.Add("container", job.Image);
        group.Add("services", Services());
        group.Add("variables", Variables());
        group.Add("timeoutInMinutes", job.Timeout == UsualTime ? null : GitHubTexts.Minutes(job.Timeout));
        group.Add("continueOnError", job.MayFail ? true : null);
        SayLosses();
        if (!isGated)
        {
            return group.AddItems("steps", Steps());
        }
        group.Add("environment", Value(job.Environment!, "environment"));
        var deploy = new YamlGroup().AddItems("steps", [new YamlGroup().Add("checkout", "self"), .. Steps()]);
        return group.Add("strategy", new YamlGroup().Add("runOnce", new YamlGroup().Add("deploy", deploy)));
    }

    private string? Condition()
    {
        var (condition, isSaid) = new AzureConditions { Jobs = names }.Of(job.If);
        if (isSaid)
        {
            return condition;
        }
        notes.LeftOut(job.Name, $"Its condition: {job.If}", "Azure cannot say it: the job is not run there.");
        return "eq(1, 2)";
    }

    private void AddPool(YamlGroup group)
    {
        if (!HasPool)
        {
            return;
        }
        if (!TextTemplate.IsIn(job.Machine))
        {
            group.Add("pool", AzureExport.Pool(job.Machine));
            return;
        }
        if (texts.Value(job.Machine) is { } filled)
        {
            group.Add("pool", new YamlGroup().Add("vmImage", filled));
            return;
        }
        notes.LeftOut(job.Name, $"'machine': {job.Machine}", "Azure cannot work it out: it runs on Linux.");
        group.Add("pool", AzureExport.Pool("linux"));
    }

    private void AddMatrix(YamlGroup group)
    {
        if (job.Shards is { } shards)
        {
            group.Add("strategy", new YamlGroup().Add("parallel", shards.Count));
        }
        if (job.Matrix is not { } matrix)
        {
            return;
        }
        var combinations = new YamlGroup();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var hasOutputs = JobFiles.Outputs(job).Count > 0;
        foreach (var one in new MatrixLimits("Azure", CombinationsMax: null, Starts: null).Taken(job, notes))
        {
            var name = AzureNames.Free(Named(one.Values), taken);
            var values = new YamlGroup();
            foreach (var (axis, value) in one)
            {
                values.Add(
                    AzureNames.Axis(axis),
                    Value(machineAxes.Contains(axis) ? Machines.ToGitHub(value) : value, $"The value {value}") ?? ""
                );
            }
            combinations.Add(name, values.Add(Combination, hasOutputs ? name : null));
        }
        group.Add("strategy", new YamlGroup().Add("matrix", combinations).Add("maxParallel", matrix.Parallel));
    }

    /// <summary>A combination goes by its values, as people would call it.</summary>
    private static string Named(IEnumerable<string> values)
    {
        var name = string.Concat(
            string.Join('_', values).Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')
        );
        name = name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : $"of_{name}";
        return name[..Math.Min(name.Length, 90)];
    }

    private YamlGroup Services() =>
        YamlGroup.Of(
            job.Services.ToDictionary(
                static one => one.Name,
                one => AzureNames.Server(names.Of(job.Name), one.Name),
                StringComparer.Ordinal
            )
        );

    private YamlGroup Variables()
    {
        var variables = new YamlGroup();
        foreach (var (name, text) in job.Env.Where(static one => AzureNames.IsVariable(one.Key)))
        {
            variables.Add(name, Value(text, $"The variable {name}"));
        }
        AzureThinJob.SaySecrets(job.Name, job.Secrets, notes);
        return variables;
    }

    private List<object> Steps()
    {
        List<object> steps = [];
        foreach (var (tool, version) in job.Tools)
        {
            if (texts.Value(version) is { } filled && AzureTools.Step(tool, filled) is { } step)
            {
                steps.Add(step);
            }
            else
            {
                notes.LeftOut(
                    job.Name,
                    $"The tool '{tool}' is not set up.",
                    "No task of Azure for it is known: the machine must have it."
                );
            }
        }
        steps.AddRange(job.Caches.SelectMany(Cache));
        steps.AddRange(job.Needs.Select(need => pipeline.Jobs.First(one => one.Name == need)).SelectMany(Download));
        if (ServerAsked.By(job))
        {
            AzureThinJob.SayServer(job.Name, notes);
        }
        if (job.Tasks.Any(static task => task.NeedsFairlead))
        {
            steps.Add(AzureThinJob.GetStep());
            AzureThinJob.SayFairlead(job.Name, notes);
        }
        steps.AddRange(job.Tasks.Select((task, at) => new AzureStepExport(job, texts, notes).Write(task, at)));
        AddReports(steps);
        AddOutputs(steps);
        return steps;
    }

    private IEnumerable<object> Cache(KeptFolder folder, int at) =>
        folder.Paths.Select(
            (path, number) =>
            {
                var begin = string.Create(
                    CultureInfo.InvariantCulture,
                    $"\"{names.Of(job.Name)}-{at + 1}{(folder.Paths.Count > 1 ? $"-{number + 1}" : "")}\" | \"$(Agent.OS)\""
                );
                return new YamlGroup()
                    .Add("task", "Cache@2")
                    .Add(
                        "inputs",
                        new YamlGroup()
                            .Add("key", string.Join(" | ", (string[])[begin, .. folder.Key.Select(Hashed)]))
                            .Add("restoreKeys", folder.Key.Count == 0 ? null : begin)
                            .Add("path", path.StartsWith("~/", StringComparison.Ordinal) ? $"$(HOME){path[1..]}" : path)
                    );
            }
        );

    /// <summary>What looks like no path is taken as a text.</summary>
    private static string Hashed(string file) => file.IndexOfAny(['.', '/', '*']) < 0 ? $"./{file}" : file;

    private IEnumerable<object> Download(Job need)
    {
        var outputs = JobFiles.Outputs(need);
        if (outputs.Count == 0)
        {
            yield break;
        }
        var path = Folder(outputs) is { } folder ? $"$(Build.SourcesDirectory)/{folder}" : "$(Build.SourcesDirectory)";
        var name = names.Of(need.Name);
        if (need.Matrix is null)
        {
            yield return Taken(name, path);
            yield break;
        }
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in Matrices.Combinations(need.Matrix))
        {
            yield return Taken($"{name}-{AzureNames.Free(Named(one.Values), taken)}", path);
        }
    }

    private static YamlGroup Taken(string artifact, string path) =>
        new YamlGroup()
            .Add("task", "DownloadPipelineArtifact@2")
            .Add("inputs", new YamlGroup().Add("artifact", artifact).Add("path", path));

    private void AddReports(List<object> steps)
    {
        var reports = JobFiles.Reports(job);
        if (reports.Count == 0)
        {
            return;
        }
        steps.Add(
            new YamlGroup()
                .Add("task", "PublishTestResults@2")
                .Add("condition", "succeededOrFailed()")
                .Add(
                    "inputs",
                    new YamlGroup()
                        .Add(
                            "testResultsFormat",
                            reports.All(static one => one.EndsWith(".trx", StringComparison.Ordinal))
                                ? "VSTest"
                                : "JUnit"
                        )
                        .Add("testResultsFiles", Lines(reports))
                        .Add("failTaskOnMissingResultsFile", yes: true)
                )
        );
    }

    private void AddOutputs(List<object> steps)
    {
        var outputs = JobFiles.Outputs(job);
        if (outputs.Count == 0)
        {
            return;
        }
        notes.Approximated(
            job.Name,
            $"It makes {string.Join(" and ", outputs)}.",
            "Azure's artifacts do not keep that a file can be executed: let who needs it say 'chmod +x', or hand on an archive."
        );
        var name = job.Matrix is null ? names.Of(job.Name) : $"{names.Of(job.Name)}-$({Combination})";
        var from = Folder(outputs);
        if (from is null)
        {
            from = $"$(Build.ArtifactStagingDirectory)/{names.Of(job.Name)}";
            steps.Add(
                new YamlGroup()
                    .Add("task", "CopyFiles@2")
                    .Add("inputs", new YamlGroup().Add("contents", Lines(outputs)).Add("targetFolder", from))
            );
        }
        steps.Add(new YamlGroup().Add("publish", from).Add("artifact", name));
    }

    /// <summary>The folder that is all that is made; null when it is more than one, or a part.</summary>
    private static string? Folder(List<string> outputs) =>
        outputs is [var only]
        && only.EndsWith("/**", StringComparison.Ordinal)
        && only[..^3].IndexOfAny(['*', '?', '[', '!']) < 0
            ? only[..^3]
            : null;

    private static string Lines(List<string> globs) => string.Join('\n', globs) + (globs.Count == 1 ? "" : "\n");

    private void SayLosses()
    {
        if (job.Cores > 1)
        {
            notes.LeftOut(
                job.Name,
                $"It keeps {job.Cores} cores busy.",
                "At Azure a job has a machine of its own, of the size of its pool."
            );
        }
    }

    private string? Value(string text, string what)
    {
        var value = texts.Value(text);
        if (value is null)
        {
            notes.LeftOut(job.Name, what, $"Azure cannot work it out: {text}");
        }
        return value;
    }
}
