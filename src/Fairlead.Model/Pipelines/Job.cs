namespace Fairlead.Model.Pipelines;

/// <summary>Tasks that are done one after the other in the same place.</summary>
public sealed record Job
{
    /// <summary>Of letters, digits, <c>-</c> and <c>_</c>; unique in its pipeline.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it; null for its name.</summary>
    public string? Title { get; init; }

    /// <summary>Jobs that must have ended well before. Their outputs are there.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>An expression; the job is skipped when it is not true. Null for: when all it needs ended well.</summary>
    public string? If { get; init; }

    /// <summary>The job once for each combination; null for once.</summary>
    public Matrix? Matrix { get; init; }

    /// <summary>The job once for each part of its tests, beside its matrix; null for all of them at once.</summary>
    public Shards? Shards { get; init; }

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of secrets that its tasks get as variables.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Programs and the versions it asks for: <c>node</c> to <c>22</c>. An empty version is any.</summary>
    public IReadOnlyDictionary<string, string> Tools { get; init; } = new Dictionary<string, string>();

    /// <summary>The kind of machine, by the neutral words <c>linux</c>, <c>macos</c>, <c>windows</c>, or a label of one's own.</summary>
    public string Machine { get; init; } = "linux";

    /// <summary>The image it runs in; null for the machine itself.</summary>
    public string? Image { get; init; }

    /// <summary>Servers beside it, such as a database.</summary>
    public IReadOnlyList<JobService> Services { get; init; } = [];

    /// <summary>Whether it asks for containers: to run in one, or to have servers beside it.</summary>
    public bool HasRoom => Image is not null || Services.Count > 0;

    /// <summary>Folders that are kept between runs to be quicker, never for correctness.</summary>
    public IReadOnlyList<KeptFolder> Caches { get; init; } = [];

    /// <summary>The environment it changes, whose rules and secrets hold for it; null for none.</summary>
    public string? Environment { get; init; }

    /// <summary>Whether somebody must begin it by hand.</summary>
    public bool Manual { get; init; }

    /// <summary>Whether the pipeline ends well without it.</summary>
    public bool MayFail { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many of the machine's cores it keeps busy, 1 to 64.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Whether it works in a copy of the source, where others' jobs cannot disturb it, instead of in the folder itself.</summary>
    public bool IsApart { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<JobTask> Tasks { get; init; }
}

/// <summary>Values of variables, each with each.</summary>
/// <param name="Axes">By name, in the order of the file.</param>
/// <param name="Include">Combinations more, or values more for combinations that have the others.</param>
/// <param name="Exclude">Combinations that are left out: those that have all these values.</param>
public sealed record Matrix(
    IReadOnlyList<Axis> Axes,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Include,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Exclude
)
{
    /// <summary>Whether the first one that fails ends the others.</summary>
    public bool FailsFast { get; init; } = true;

    /// <summary>How many go at the same time; null for as many as can.</summary>
    public int? Parallel { get; init; }
}

/// <summary>A variable of a matrix and its values, in the order of the file.</summary>
public sealed record Axis(string Name, IReadOnlyList<string> Values);

/// <summary>A server that is there while a job runs.</summary>
/// <param name="Name">The host by which tasks in containers reach it. All tasks are told where it is: <c>DB_HOST</c> and <c>DB_PORT</c>, of one called <c>db</c>.</param>
/// <param name="Ports">Ports of the container: tasks in an image reach them as they are, and CI systems publish them as they are.</param>
public sealed record JobService(string Name, string Image, IReadOnlyList<int> Ports)
{
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Answers with 0 when it is ready; empty for the health check of its image, or else for when its ports answer.</summary>
    public IReadOnlyList<string> Ready { get; init; } = [];
}

/// <summary>Folders that are kept between runs, and what tells that they are others.</summary>
/// <param name="Paths">Folders, which may begin with <c>~/</c>.</param>
/// <param name="Key">Files whose bytes say when it is another one, such as a lock file.</param>
public sealed record KeptFolder(IReadOnlyList<string> Paths, IReadOnlyList<string> Key);
