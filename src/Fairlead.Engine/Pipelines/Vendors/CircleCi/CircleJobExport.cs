using System.Globalization;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>Writes one job as one of CircleCI.</summary>
internal sealed class CircleJobExport(
    Pipeline pipeline,
    Job job,
    CircleNames names,
    CircleExecutors executors,
    TranslationNotes notes
)
{
    private const string Base = "cimg/base:current";

    private readonly CircleTexts texts = new(job);

    public YamlGroup Write()
    {
        var group = new YamlGroup()
            .Add("description", job.Title is { } title ? Value(title, "title") : null)
            .Add("parameters", Parameters());
        AddMachine(group);
        group.Add("parallelism", job.Shards?.Count);
        group.Add("environment", Environment());
        SayLosses();
        return group.AddItems("steps", Steps());
    }

    /// <summary>The variable of the matrix that says on which machine the job runs; null when none does.</summary>
    public static string? MachineVariable(string machine) =>
        TextTemplate.IsIn(machine)
        && TextTemplate.Parse(machine).Template?.Parts
            is [{ Expression: Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal variable } }]
        && string.Equals(of.Name, "matrix", StringComparison.OrdinalIgnoreCase)
            ? variable.Value.ToString()
            : null;

    private YamlGroup Parameters()
    {
        var parameters = new YamlGroup();
        var all = job.Matrix is null ? [] : Matrices.Combinations(job.Matrix);
        foreach (var (variable, name) in texts.Parameters)
        {
            var isExecutor = string.Equals(variable, MachineVariable(job.Machine), StringComparison.OrdinalIgnoreCase);
            var isEverywhere = all.Count > 0 && all.All(one => one.ContainsKey(variable));
            // Where a combination has no machine of its own, it runs on the usual one.
            parameters.Add(
                name,
                new YamlGroup()
                    .Add("type", isExecutor ? "executor" : "string")
                    .Add(
                        "default",
                        isEverywhere ? null
                            : isExecutor ? executors.Use("linux")
                            : ""
                    )
            );
        }
        return parameters;
    }

    private void AddMachine(YamlGroup group)
    {
        if ((job.Image ?? ToolImage() ?? (job.Services.Count > 0 ? Base : null)) is { } image)
        {
            group.AddItems(
                "docker",
                [new YamlGroup().Add("image", CircleTexts.Literal(image)), .. job.Services.Select(Service)]
            );
        }
        else if (
            MachineVariable(job.Machine) is { } variable
            && texts.Parameters.TryGetValue(variable, out var parameter)
        )
        {
            foreach (var one in Matrices.Combinations(job.Matrix!))
            {
                var machine = one.GetValueOrDefault(variable, "linux");
                var name = executors.Use(machine);
                if (name != machine)
                {
                    notes.Approximated(
                        job.Name,
                        $"A combination runs on '{machine}'.",
                        $"Executors have plain names at CircleCI: it is called '{name}' there, also where the job asks for it."
                    );
                }
            }
            group.Add("executor", $"<< parameters.{parameter} >>");
        }
        else if (TextTemplate.IsIn(job.Machine))
        {
            notes.LeftOut(job.Name, $"'machine': {job.Machine}", "CircleCI cannot work it out: it runs on Linux.");
            group.Add("executor", executors.Use("linux"));
        }
        else
        {
            group.Add("executor", executors.Use(job.Machine));
        }
        AddSize(group);
    }

    /// <summary>An image that has what the job uses, if there is one.</summary>
    private string? ToolImage()
    {
        if (job.Image is not null || job.Tools.Count == 0)
        {
            return null;
        }
        var (tool, version) = job.Tools.First();
        if (
            job.Tools.Count == 1
            && job.Machine == "linux"
            && texts.Value(version) is { } filled
            && ToolImages.Of(tool, filled) is { } image
        )
        {
            notes.Approximated(
                job.Name,
                $"It uses {tool} {version}.",
                $"CircleCI sets up no tools: it runs in the image of {tool}."
            );
            return image;
        }
        notes.LeftOut(
            job.Name,
            $"It uses {string.Join(", ", job.Tools.Select(static one => $"{one.Key} {one.Value}"))}.",
            "CircleCI sets up no tools: name an image that has them, under 'image'."
        );
        return null;
    }

    private YamlGroup Service(JobService service) =>
        // Without a name it is reached at localhost, as here.
        new YamlGroup()
            .Add("image", CircleTexts.Literal(service.Image))
            .Add(
                "environment",
                service.Env.ToDictionary(static one => one.Key, static one => CircleTexts.Literal(one.Value))
            );

    private void AddSize(YamlGroup group)
    {
        if (job.Cores <= 2)
        {
            return;
        }
        if (job.Machine != "linux")
        {
            notes.LeftOut(
                job.Name,
                $"It keeps {job.Cores} cores busy.",
                "At CircleCI a machine has the size of its resource class."
            );
            return;
        }
        var size = job.Cores switch
        {
            <= 4 => "large",
            <= 8 => "xlarge",
            _ => "2xlarge",
        };
        notes.Approximated(
            job.Name,
            $"It keeps {job.Cores} cores busy.",
            $"It gets the resource class '{size}', which the plan must have."
        );
        group.Add("resource_class", size);
    }

    /// <summary>Of the pipeline too: CircleCI knows variables of jobs alone.</summary>
    private YamlGroup Environment()
    {
        var variables = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in pipeline.Env.Concat(job.Env))
        {
            if (Value(text, $"The variable {name}") is { } filled)
            {
                variables[name] = filled;
            }
        }
        foreach (var secret in job.Secrets)
        {
            notes.LeftOut(
                job.Name,
                $"The secret {secret}",
                job.Environment is { } environment
                    ? $"Set it in the context '{environment}'."
                    : "Set it under Environment Variables in the project's settings; every job gets it there."
            );
        }
        return YamlGroup.Of(variables);
    }

    private List<object> Steps()
    {
        List<object> steps = ["checkout"];
        if (job.Needs.Any(need => JobFiles.Outputs(Find(need)).Count > 0))
        {
            steps.Add(new YamlGroup().Add("attach_workspace", new YamlGroup().Add("at", ".")));
        }
        steps.AddRange(job.Caches.Select((one, at) => Restore(one, at)));
        steps.AddRange(job.Services.SelectMany(Wait));
        if (ServerAsked.By(job))
        {
            CircleExport.SayServer(job.Name, notes);
        }
        if (job.Tasks.Any(static task => task.NeedsFairlead))
        {
            CircleExport.SayFairlead(job.Name, notes);
            steps.Add(CircleExport.GetStep());
        }
        steps.AddRange(job.Tasks.Select((task, at) => new CircleStepExport(job, texts, notes).Write(task, at)));
        steps.AddRange(Reports());
        steps.AddRange(job.Caches.Select((one, at) => Save(one, at)));
        AddOutputs(steps);
        return steps;
    }

    private IEnumerable<object> Wait(JobService service)
    {
        notes.Approximated(
            job.Name,
            $"What tells that '{service.Name}' is ready",
            service.Ports.Count == 0
                ? "CircleCI does not wait for it."
                : "A step waits until its port answers, which takes bash in the image."
        );
        return service.Ports.Select(port =>
            CircleExport.Run(
                new YamlGroup()
                    .Add("name", $"Wait for {service.Name}")
                    .Add(
                        "command",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"for try in $(seq 60); do (: > /dev/tcp/localhost/{port}) 2> /dev/null && exit 0; sleep 1; done; exit 1"
                        )
                    )
                    .Add("shell", "bash")
            )
        );
    }

    private YamlGroup Restore(KeptFolder folder, int at) =>
        new YamlGroup().Add(
            "restore_cache",
            new YamlGroup().Add("keys", IsKeyed(folder) ? [Key(folder, at), Begin(at)] : [Begin(at)])
        );

    private YamlGroup Save(KeptFolder folder, int at)
    {
        if (!IsKeyed(folder))
        {
            notes.Approximated(
                job.Name,
                $"It keeps {string.Join(" and ", folder.Paths)}.",
                folder.Key.Count == 0
                    ? "CircleCI never changes what it keeps: each run keeps it anew."
                    : "CircleCI makes keys of single files alone: each run keeps it anew."
            );
        }
        return new YamlGroup().Add(
            "save_cache",
            new YamlGroup()
                .Add("key", IsKeyed(folder) ? Key(folder, at) : $"{Begin(at)}{{{{ epoch }}}}")
                .Add("paths", [.. folder.Paths.Select(CircleTexts.Literal)])
        );
    }

    private static bool IsKeyed(KeptFolder folder) =>
        folder.Key.Count > 0
        && folder.Key.All(static one => one.All(static letter => letter is not ('*' or '?' or '[' or '!' or '{')));

    private string Begin(int at) =>
        string.Create(CultureInfo.InvariantCulture, $"{names.Of(job.Name)}-{at + 1}-{{{{ arch }}}}-");

    private string Key(KeptFolder folder, int at) =>
        Begin(at)
        + string.Join(
            "-",
            folder.Key.Select(static one =>
                $"{{{{ checksum \"{CircleTexts.Literal(one.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))}\" }}}}"
            )
        );

    private IEnumerable<object> Reports()
    {
        foreach (var report in JobFiles.Reports(job).Select(Root).Distinct())
        {
            if (report == ".")
            {
                notes.LeftOut(
                    job.Name,
                    "Its reports lie in the main folder.",
                    "CircleCI reads a file or all of a folder: let the tests write into one of their own."
                );
                continue;
            }
            yield return new YamlGroup().Add(
                "store_test_results",
                new YamlGroup().Add("path", CircleTexts.Literal(report))
            );
        }
    }

    /// <summary>Files go to the jobs that need this one; where none does, people get them.</summary>
    private void AddOutputs(List<object> steps)
    {
        var outputs = JobFiles.Outputs(job);
        var paths = outputs.Where(static one => !one.StartsWith('!')).Select(Path).Distinct().ToList();
        if (paths.Count == 0)
        {
            return;
        }
        if (outputs.Any(static one => one.StartsWith('!') || Path(one) != Folder(one)))
        {
            notes.Approximated(
                job.Name,
                $"It makes {string.Join(" and ", outputs)}.",
                "CircleCI takes whole folders along: some have more in them."
            );
        }
        if (!pipeline.Jobs.Any(one => one.Needs.Contains(job.Name)))
        {
            steps.AddRange(
                paths
                    .Select(Root)
                    .Distinct()
                    .Select(static one =>
                        new YamlGroup().Add("store_artifacts", new YamlGroup().Add("path", CircleTexts.Literal(one)))
                    )
            );
            return;
        }
        if (job.Matrix is not null)
        {
            notes.Approximated(
                job.Name,
                "Each combination makes files.",
                "CircleCI refuses files of the same name: let each combination name its own."
            );
        }
        steps.Add(
            new YamlGroup().Add(
                "persist_to_workspace",
                new YamlGroup().Add("root", ".").Add("paths", [.. paths.Select(CircleTexts.Literal)])
            )
        );
    }

    /// <summary>A folder with all in it is the folder; what else has two stars is the folder above them.</summary>
    private static string Path(string glob) =>
        Folder(glob).Contains("**", StringComparison.Ordinal) ? Root(glob) : Folder(glob);

    private static string Folder(string glob) => glob.EndsWith("/**", StringComparison.Ordinal) ? glob[..^3] : glob;

    /// <summary>The file or folder itself, or the deepest folder above all stars.</summary>
    private static string Root(string glob) =>
        glob.IndexOfAny(['*', '?', '[']) < 0 ? glob.TrimEnd('/') : Folders.Common([glob]);

    private Job Find(string need) => pipeline.Jobs.First(one => one.Name == need);

    private void SayLosses()
    {
        if (job.MayFail)
        {
            notes.Approximated(
                job.Name,
                "It may fail.",
                "Jobs that need it go on, but the workflow counts as failed at CircleCI."
            );
        }
        if (job.Timeout != TimeSpan.FromHours(1))
        {
            notes.LeftOut(
                job.Name,
                $"It ends after {job.Timeout}.",
                "CircleCI ends jobs after the time of the plan, and steps that say nothing for ten minutes."
            );
        }
        _ = new MatrixLimits("CircleCI", CircleNames.CombinationsMax, "as many as the plan has").Taken(job, notes);
    }

    private string? Value(string text, string what)
    {
        var value = texts.Value(text);
        if (value is null)
        {
            notes.LeftOut(job.Name, what, $"CircleCI cannot work it out: {text}");
        }
        return value;
    }
}
