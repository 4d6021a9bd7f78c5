using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>Tasks that are done one after the other; a job of one task is written as that task.</summary>
[Description("Tasks that are done one after the other; a job of one task is written as that task.")]
public sealed record JobEntry : TaskEntry
{
    [Description("Its tasks, when they are several.")]
    [Elsewhere("steps")]
    public IReadOnlyList<TaskEntry>? Tasks { get; init; }

    [Description("Jobs that must have ended well before.")]
    [Shaped(Shape.Word), Elsewhere("requires", "dependsOn", "depends_on")]
    public IReadOnlyList<string>? Needs { get; init; }

    [Description("The job once for each combination of values.")]
    [Elsewhere("strategy", "parallel")]
    public MatrixEntry? Matrix { get; init; }

    [Description("The job this often at once, each time with its own part of the tests.")]
    [Elsewhere("parallelism", "shard", "split")]
    public ShardsEntry? Shards { get; init; }

    [Description("Names of secrets that its tasks get as variables.")]
    [Shaped(Shape.Variable)]
    public IReadOnlyList<string>? Secrets { get; init; }

    [Description(
        "Programs it uses and their versions, such as { node: 22 }; they belong to what decides whether it is done again."
    )]
    [Named(Shape.Program)]
    public IReadOnlyDictionary<string, string>? Tools { get; init; }

    [Description("The kind of machine: linux, macos, windows, or a label of your own; linux when left out.")]
    [Elsewhere("runs-on", "runsOn", "pool", "tags", "agent")]
    public string? Machine { get; init; }

    [Description("The image it runs in; the machine itself when left out.")]
    [Shaped(Shape.Image), Elsewhere("container")]
    public string? Image { get; init; }

    [Description("Servers that are there while it runs, by the names under which they are reached.")]
    [Named(Shape.Word)]
    public IReadOnlyDictionary<string, JobServiceEntry>? Services { get; init; }

    [Description("Folders that are kept between runs to be quicker, such as those of package managers.")]
    [Elsewhere("cache")]
    public IReadOnlyList<KeptFolderEntry>? Caches { get; init; }

    [Description("The environment it changes, whose approvals and secrets hold for it.")]
    public string? Environment { get; init; }

    [Description("True lets it begin only by hand.")]
    public bool? Manual { get; init; }

    [Description("How many cores it keeps busy; 1 when left out.")]
    [Range(1, 64), Elsewhere("weight", "cpus")]
    public int? Cores { get; init; }

    [Description("True gives it a copy of the source to work in, where no other job disturbs it.")]
    [Elsewhere("isolated")]
    public bool? Apart { get; init; }
}

/// <summary>Values of variables, each with each.</summary>
[Description("Values of variables, each with each.")]
public sealed record MatrixEntry
{
    [Description("The values of each variable.")]
    [Named(Shape.Word)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Axes { get; init; }

    [Description("Combinations more, or values more for those that have the others.")]
    [Named(Shape.Word)]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Include { get; init; }

    [Description("Combinations that are left out.")]
    [Named(Shape.Word)]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Exclude { get; init; }

    [Description("False lets the others go on when one fails; true when left out.")]
    [Elsewhere("fail-fast")]
    public bool? FailFast { get; init; }

    [Description("How many go at the same time; as many as can when left out.")]
    [Range(1, 256), Elsewhere("max-parallel", "maxParallel")]
    public int? Parallel { get; init; }
}

/// <summary>A job several times at once, each time with its own part of the tests.</summary>
[Description("A job several times at once, each time with its own part of the tests.")]
public sealed record ShardsEntry
{
    [Description("How often. Tasks are told which part they are by FAIRLEAD_SHARD, from 1, and FAIRLEAD_SHARDS.")]
    [Alone, Range(2, 64), Elsewhere("total")]
    public required int Count { get; init; }

    [Description(
        "Files with tests. Those of a part, chosen so that all take about as long, are named in the file FAIRLEAD_SHARD_FILE."
    )]
    [Shaped(Shape.Glob), Elsewhere("tests", "glob", "of")]
    public IReadOnlyList<string>? Files { get; init; }

    [Description(
        "Instead of files: a command that prints the name of a test, class or package on each line, such as go list ./..."
    )]
    [Elsewhere("command")]
    public CommandLine? List { get; init; }
}

/// <summary>A server that is there while a job runs.</summary>
[Description("A server that is there while a job runs.")]
public sealed record JobServiceEntry
{
    [Description("Its image.")]
    [Alone, Shaped(Shape.Image)]
    public required string Image { get; init; }

    [Description("Its ports. Tasks find them by NAME_HOST and NAME_PORT, NAME being the server's.")]
    [Range(1, 65535)]
    public IReadOnlyList<int>? Ports { get; init; }

    [Description("Variables.")]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    [Description(
        "A command inside it that ends well when it is ready; when left out, its image's health check or an answer of its ports says so."
    )]
    [Elsewhere("healthcheck", "health")]
    public CommandLine? Ready { get; init; }
}

/// <summary>Folders that are kept between runs.</summary>
[Description("Folders that are kept between runs.")]
public sealed record KeptFolderEntry
{
    [Description("The folders; ~/ is the home folder.")]
    [Alone]
    public required IReadOnlyList<string> Paths { get; init; }

    [Description("Files whose bytes say when it is another one, such as a lock file.")]
    [Shaped(Shape.Glob), Elsewhere("files")]
    public IReadOnlyList<string>? Key { get; init; }
}
