using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Reads one job of Azure. A job that only Azure can do is kept whole, as its only task.</summary>
internal sealed class AzureJobImport(AzureWhole whole, AzureArtifacts artifacts, TranslationNotes notes)
{
    private static readonly string[] Known =
    [
        "job",
        "deployment",
        "displayName",
        "dependsOn",
        "condition",
        "strategy",
        "pool",
        "container",
        "services",
        "variables",
        "timeoutInMinutes",
        "continueOnError",
        "environment",
        "steps",
        "workspace",
    ];

    /// <summary>What a deployment does, one after the other.</summary>
    private static readonly string[] Parts = ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic"];

    public Job Read(AzureJob job)
    {
        if (job.Name != job.Said)
        {
            notes.Approximated(job.Node, $"The job '{Shown.Line(job.Said)}'", $"It is called '{job.Name}' here.");
        }
        if (Barrier(job) is { } barrier)
        {
            notes.LeftOut(
                barrier.At,
                $"The job '{job.Name}' is kept for Azure alone: {barrier.What}",
                "It is done nowhere else. Write what it does as a job of your own, and remove 'foreign'."
            );
            return new()
            {
                Name = job.Name,
                Needs = job.Needs,
                IsApart = true,
                Tasks = [new() { Name = job.Name, Act = new Act.Foreign("azure", GitHubForeign.KeptJob(job.Node)) }],
            };
        }
        return Mapped(job);
    }

    /// <summary>The steps of a job, or of the parts of a deployment one after the other.</summary>
    public static IReadOnlyList<Node> Steps(AzureJob job)
    {
        if (!job.IsDeployment)
        {
            return [.. Foreign.Items(job.Node.Find("steps"))];
        }
        var once = Foreign.Find(job.Node.Find("strategy"), "runOnce");
        return [.. Parts.SelectMany(part => Foreign.Items(Foreign.Find(Foreign.Find(once, part), "steps")))];
    }

    private Job Mapped(AzureJob job)
    {
        var node = job.Node;
        var isStage = node == job.Stage;
        // What a stage says is said for each of its jobs, and noted once.
        var around = isStage ? whole.Variables : Around(job, notes);
        var parts = PartsOf(node.Find("strategy"));
        around = parts is { } many ? around.InParts(many) : around;
        var variables = isStage && node.Find("stage") is null ? around : Own(node, around, notes);
        var matrix = new AzureMatrix(notes).Read(Foreign.Find(node.Find("strategy"), "matrix"));
        var texts = new AzureReading(variables, matrix.Axes);
        var label = Label(job);
        var machine = Machine(job, label, texts);
        var axes = GitHubJobExport.MachineAxes(machine, matrix.Matrix);
        var steps = new AzureStepsImport(job, texts, artifacts, notes)
        {
            IsWindows = machine == "windows",
            Machines = axes.Select(static one => $"matrix.{one}").ToHashSet(StringComparer.OrdinalIgnoreCase),
            Variables = variables,
        };
        steps.Read(Steps(job));
        SayOthers(job, isStage);
        SayVersions(node.Find("strategy"), matrix.Matrix, axes);
        var condition = Condition(job, texts);
        var env = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in variables == whole.Variables ? [] : StageAndOwn(job, variables))
        {
            env[name] = value;
        }
        foreach (var (name, value) in AxesInShells(matrix.Axes, steps.Tasks).Concat(steps.Env))
        {
            _ = env.TryAdd(name, value);
        }
        PartVariables.Azure.Tell(
            env,
            parts is { } count ? PartVariables.Azure.Env(count).ToDictionary(StringComparer.Ordinal) : null
        );
        var title = Foreign.Text(node.Find("displayName"));
        return new()
        {
            Name = job.Name,
            Title = title is null || isStage ? null : texts.Filled(title),
            Needs = [.. job.Needs.Concat(steps.Needs).Distinct(StringComparer.Ordinal)],
            If = condition,
            Matrix = AzureMatrix.Neutral(matrix.Matrix, axes, Foreign.Find(node.Find("strategy"), "maxParallel")),
            Shards = PartVariables.Shards(parts),
            Env = env,
            Secrets = [.. steps.Secrets.Distinct(StringComparer.Ordinal)],
            Tools = steps.Tools,
            Machine = machine,
            Image = Image(node.Find("container")),
            Services = Services(node.Find("services")),
            Caches = steps.Caches,
            Environment = Environment(job),
            Manual = job.IsManual,
            MayFail = MayFail(node.Find("continueOnError")),
            Timeout = Time(node.Find("timeoutInMinutes")),
            IsApart = true,
            Tasks = Named(steps.Tasks, job.Name),
        };
    }

    /// <summary>How often it is done at once, each time told its number; null for a job that does not say it.</summary>
    private static int? PartsOf(Node? strategy) =>
        Foreign.Find(strategy, "parallel") is { } node ? PartVariables.Asked(Foreign.Text(node)) : null;

    private void SayVersions(Node? strategy, Matrix? matrix, HashSet<string> axes)
    {
        var labels = matrix is null ? [] : AzureMatrix.Labels(matrix, axes);
        if (labels.Any(static one => AzureMatrix.Machine(one).IsNear))
        {
            notes.Approximated(
                Foreign.Find(strategy, "matrix")!,
                $"It runs on {Shown.Line(string.Join(", ", labels))}.",
                "The versions are not kept."
            );
        }
    }

    private AzureVariables Around(AzureJob job, TranslationNotes? said = null) =>
        job.Stage.Find("stage") is null || job.Stage.Find("variables") is not { } variables
            ? whole.Variables
            : AzureVariables.Read(variables, whole.Variables, said ?? new TranslationNotes());

    private static AzureVariables Own(Node.Mapping node, AzureVariables around, TranslationNotes notes) =>
        node.Find("variables") is { } said ? AzureVariables.Read(said, around, notes) : around;

    /// <summary>A stage's variables are those of its jobs.</summary>
    private IEnumerable<KeyValuePair<string, string>> StageAndOwn(AzureJob job, AzureVariables variables)
    {
        var around = job.Node == job.Stage ? whole.Variables : Around(job);
        return
        [
            .. around != whole.Variables ? around.Own : [],
            // The same when it says none itself.
            .. job.Node.Find("variables") is not null ? variables.Own : [],
        ];
    }

    private static IReadOnlyList<JobTask> Named(IReadOnlyList<JobTask> tasks, string job) =>
        tasks.Count == 0 ? [new() { Name = job, Act = new Act.Command(["true"]) }]
        : tasks is [{ Name: "task-1" } only] ? [only with { Name = job }]
        : tasks;

    /// <summary>Shells read variables of the matrix too: those that some script names.</summary>
    private static IEnumerable<KeyValuePair<string, string>> AxesInShells(
        IReadOnlyDictionary<string, string> axes,
        IReadOnlyList<JobTask> tasks
    ) =>
        axes.Select(static one => (Shell: AzureVariables.InShells(one.Key), Axis: one.Value))
            .Where(one =>
                Foreign.IsVariable(one.Shell)
                && tasks.Any(task =>
                    task.Act is Act.Script script && script.Text.Contains(one.Shell, StringComparison.Ordinal)
                )
            )
            .Select(static one => KeyValuePair.Create(one.Shell, $"${{{{ matrix.{one.Axis} }}}}"));

    /// <summary>Why a job cannot be done elsewhere; null when it can.</summary>
    private (Node At, string What)? Barrier(AzureJob job)
    {
        var node = job.Node;
        var strategy = node.Find("strategy");
        if (job.IsDeployment && Foreign.Find(strategy, "runOnce") is null)
        {
            return (strategy ?? node, "it is deployed by a strategy of Azure.");
        }
        if (Foreign.Find(strategy, "matrix") is { } matrix && !AzureMatrix.IsStatic(matrix))
        {
            return (matrix, "its matrix is worked out while it runs.");
        }
        if (Foreign.Find(strategy, "parallel") is { } parts && PartVariables.Asked(Foreign.Text(parts)) is null)
        {
            return (parts, PartVariables.Barrier("parallel", Foreign.Text(parts)));
        }
        if (Foreign.Text(Pool(job)) == "server")
        {
            return (Pool(job)!, "it runs on the server of Azure, and on no machine.");
        }
        if (node.Find("container") is { } container && ImageOf(container) is null)
        {
            return (container, "its image is worked out, or is no name of one.");
        }
        foreach (var service in Foreign.Entries(node.Find("services")))
        {
            if (ImageOf(service.Value) is null)
            {
                return (service.Value, "the image of a service is worked out, or is no name of one.");
            }
        }
        if (job.IsDeployment && node.Find("environment") is { } environment && EnvironmentOf(job, environment) is null)
        {
            return (environment, "the name of its environment is worked out, and without it nobody would be asked.");
        }
        foreach (var (at, rules) in Conditions(job))
        {
            if (!rules)
            {
                return (at, $"its condition asks for what only Azure knows: {Shown.Line(Foreign.Text(at) ?? "")}");
            }
        }
        return Steps(job).FirstOrDefault(static one => one is not Node.Mapping) is { } odd
            ? (odd, "a step of it is worked out before a run begins.")
            : null;
    }

    private IEnumerable<(Node At, bool IsSaid)> Conditions(AzureJob job)
    {
        var variables = job.Node == job.Stage ? whole.Variables : Own(job.Node, Around(job), new TranslationNotes());
        var rules = new AzureRules
        {
            Variables = new AzureReading(variables, new Dictionary<string, string>()).Literals,
            Jobs = job.Names,
        };
        var own = job.Node.Find("condition");
        var ofStage = job.Node == job.Stage ? null : job.Stage.Find("condition");
        foreach (var at in new[] { own, ofStage }.OfType<Node>())
        {
            var (condition, isSaid) = rules.Read(Foreign.Text(at) ?? "");
            var expression = condition is null ? null : Expressions.Condition.Parse(condition).Condition?.Expression;
            var known = new Vocabulary { Needs = Set(job.Needs), HasStatus = true };
            yield return (at, isSaid && (expression is null || !known.Check(expression).Any()));
        }
    }

    /// <summary>Its own condition, and that of its stage.</summary>
    private string? Condition(AzureJob job, AzureReading texts)
    {
        var rules = new AzureRules { Variables = texts.Literals, Jobs = job.Names };
        var own = Foreign.Text(job.Node.Find("condition")) is { } said ? rules.Read(said).Condition : null;
        var node = job.Node == job.Stage ? null : job.Stage.Find("condition");
        var ofStage = Foreign.Text(node) is { } text ? rules.Read(text).Condition : null;
        if (ofStage is null || (!job.IsFirst && !Asks(own)))
        {
            return own;
        }
        notes.Mapped(
            node!,
            "The condition of the stage",
            "if: of its first jobs, and of those that are done in any case"
        );
        return own is null ? ofStage
            : Expression.Parse($"({ofStage}) && ({own})").Expression is { } joined ? ExpressionText.Of(joined)
            : own;
    }

    private static bool Asks(string? condition) =>
        condition is not null && (Expressions.Condition.Parse(condition).Condition?.AsksStatus ?? false);

    private Node? Pool(AzureJob job) => job.Node.Find("pool") ?? job.Stage.Find("pool") ?? whole.Root.Find("pool");

    private string? Label(AzureJob job)
    {
        var pool = Pool(job);
        return Foreign.Text(Foreign.Find(pool, "vmImage"))
            ?? Foreign.Text(Foreign.Find(pool, "name"))
            ?? Foreign.Text(pool);
    }

    private string Machine(AzureJob job, string? label, AzureReading texts)
    {
        var at = Pool(job) ?? job.Node;
        if (Foreign.Find(at, "demands") is { } demands && at != job.Node)
        {
            notes.LeftOut(demands, "'demands' of the pool", "A machine has one label here.");
        }
        if (label is null)
        {
            notes.Approximated(at, "It names no machine.", "It runs on linux here.");
            return "linux";
        }
        // A variable that is written down is known; one of the matrix is asked for.
        var filled = texts.Filled(texts.Literally(label));
        if (
            filled is null
            || filled.Replace("${{ matrix.", "", StringComparison.Ordinal).Contains("${{", StringComparison.Ordinal)
        )
        {
            notes.LeftOut(at, $"It runs on {Shown.Line(label)}.", "That is worked out: it runs on linux here.");
            return "linux";
        }
        if (TextTemplate.IsIn(filled))
        {
            return filled;
        }
        var (machine, isNear) = AzureMatrix.Machine(filled);
        if (isNear)
        {
            notes.Approximated(at, $"It runs on {Shown.Line(label)}.", $"The version is not kept: machine: {machine}.");
        }
        else
        {
            notes.Mapped(at, $"It runs on {Shown.Line(label)}.", $"machine: {machine}");
        }
        return machine;
    }

    private string? ImageOf(Node node)
    {
        var said =
            Foreign.Text(node)
            ?? Foreign.Text(Foreign.Find(node, "image"))
            ?? Foreign.Text(Foreign.Find(node, "alias"));
        var image =
            said is not null && whole.Container(said) is { } resource ? Foreign.Text(resource.Find("image")) : said;
        return image is not null && Foreign.IsImage(image) && !image.Contains('$', StringComparison.Ordinal)
            ? image
            : null;
    }

    private string? Image(Node? container)
    {
        if (container is null)
        {
            return null;
        }
        notes.Mapped(container, "'container'", "image");
        var said = Foreign.Text(container);
        var others =
            said is not null && whole.Container(said) is { } resource ? resource.Entries : Foreign.Entries(container);
        foreach (var entry in others.Where(static one => one.Key is not ("image" or "container")))
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the container",
                "Say variables at the job; the rest has no counterpart."
            );
        }
        return ImageOf(container);
    }

    /// <summary>Servers are containers under another name, which say of themselves what those of GitHub do.</summary>
    private List<JobService> Services(Node? node)
    {
        List<Node.Entry> services = [];
        foreach (var entry in Foreign.Entries(node))
        {
            var resource = Foreign.Text(entry.Value) is { } said ? whole.Container(said) : entry.Value as Node.Mapping;
            Node.Entry image = new(
                entry.Spot,
                "image",
                new Node.Scalar(entry.Spot, "image", ImageOf(entry.Value)!, IsPlain: false)
            );
            var others = resource?.Entries.Where(static one => one.Key is not ("image" or "container")) ?? [];
            services.Add(entry with { Value = new Node.Mapping(entry.Value.Spot, "", [image, .. others]) });
        }
        return services.Count == 0
            ? []
            : new GitHubServices(notes).Read(new Node.Mapping(node!.Spot, node.Path, services));
    }

    private string? Environment(AzureJob job)
    {
        if (!job.IsDeployment || job.Node.Find("environment") is not { } node)
        {
            return null;
        }
        foreach (var entry in Foreign.Entries(node).Where(static one => one.Key is not "name"))
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the environment",
                "Fairlead knows what is in it."
            );
        }
        var name = EnvironmentOf(job, node);
        notes.Mapped(node, "'environment'", $"environment: {Shown.Line(name ?? "")}");
        return name;
    }

    /// <summary>Null when its name is worked out.</summary>
    private string? EnvironmentOf(AzureJob job, Node node)
    {
        var said = Foreign.Text(node) ?? Foreign.Text(Foreign.Find(node, "name"));
        var variables = Own(job.Node, Around(job), new TranslationNotes());
        var texts = new AzureReading(variables, new Dictionary<string, string>());
        return
            said is not null
            && texts.Literally(said) is { Length: > 0 } name
            && !name.Contains('$', StringComparison.Ordinal)
            ? name
            : null;
    }

    private bool MayFail(Node? node)
    {
        if (node is not null && Foreign.Text(node) is not ("true" or "false"))
        {
            notes.Approximated(node, "'continueOnError' is worked out.", "The job must end well here.");
        }
        return Foreign.IsTrue(node);
    }

    private TimeSpan Time(Node? node)
    {
        if (node is null)
        {
            return TimeSpan.FromHours(1);
        }
        if (
            int.TryParse(Foreign.Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            && minutes is > 0 and < 50_000
        )
        {
            return TimeSpan.FromMinutes(minutes);
        }
        notes.Approximated(node, "'timeoutInMinutes' is no number above 0.", "It is 6 hours here.");
        return TimeSpan.FromHours(6);
    }

    private void SayOthers(AzureJob job, bool isStage)
    {
        var strategy = job.Node.Find("strategy");
        if (Foreign.Find(strategy, "parallel") is { } parallel)
        {
            notes.Mapped(parallel, "'parallel'", "shards");
            if (Foreign.Find(strategy, "maxParallel") is { } most)
            {
                notes.LeftOut(most, "'maxParallel'", "Shards begin as soon as there are cores for them.");
            }
        }
        if (Foreign.Find(Foreign.Find(strategy, "runOnce"), "on") is { } after)
        {
            notes.LeftOut(
                after,
                "What is done after the deployment failed or ended well",
                "Write it as tasks with: if: failure()"
            );
        }
        if (isStage)
        {
            return;
        }
        foreach (var entry in job.Node.Entries.Where(static one => !Known.Contains(one.Key, StringComparer.Ordinal)))
        {
            notes.LeftOut(entry.Value, $"'{Shown.Line(entry.Key)}' of the job", "There is no counterpart.");
        }
    }

    private static HashSet<string> Set(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);
}
