using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>A service with nothing left open: what the manifest says, completed by what was detected.</summary>
public sealed record Service
{
    /// <summary>Unique in its app.</summary>
    public required string Name { get; init; }

    public required Kind Kind { get; init; }

    /// <summary>Where the source is, relative to the manifest; <c>.</c> is the manifest's own folder.</summary>
    public required string Path { get; init; }

    public required Recipe Recipe { get; init; }

    /// <summary>The only port the program can listen on, or null when it obeys the environment variable PORT.</summary>
    public int? Port { get; init; }

    public required Health Health { get; init; }

    /// <summary>How many copies run, 1 to 100; the least of them where the number follows the load. 0 for a job, of which none stays up.</summary>
    public required int Replicas { get; init; }

    /// <summary>By what the number of copies follows the load; null where it does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScaleRules? Scale { get; init; }

    /// <summary>After this long without a request none of them runs, until the next request; null to run always.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Idle { get; init; }

    /// <summary>Services of the same app that must be up first.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [];

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Path prefixes the edge sends here, such as <c>/</c> and <c>/api</c>; none for a worker.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    public Limits Limits { get; init; } = new();

    /// <summary>From SIGTERM to SIGKILL.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests and streams in flight may go on once no new ones are let in.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Two versions may not run at once: the old one is stopped before the new one starts.</summary>
    public bool IsExclusive { get; init; }

    /// <summary>How long the version before stays running without traffic, so that a rollback is one switch.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How its files are served; null leaves all to the defaults.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebSettings? Web { get; init; }

    /// <summary>What the edge does with its requests and answers; null for what is standard.</summary>
    /// <remarks>Left out when null, so that a part's digest does not depend on a word that nobody said.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GatewayPolicy? Gateway { get; init; }

    /// <summary>Which release its requests reach while there are two; null where shares say all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrafficPolicy? Traffic { get; init; }

    /// <summary>Where it shows metrics of its own; null where that is not said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MetricsSettings? Metrics { get; init; }

    /// <summary>Secrets it is started with; null for none, so that a part's digest does not depend on a word that nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SecretUse>? Secrets { get; init; }

    /// <summary>How it runs in a container; null for a process of the machine, so that a part's digest does not depend on a word that nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ContainerSettings? Container { get; init; }

    /// <summary>Where it runs at AWS; null for elsewhere, so that a part's digest does not depend on a word that nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AwsPlace? Aws { get; init; }

    /// <summary>When it runs, where it ends by itself; null for what stays up, so that a part's digest does not depend on a word that nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobRules? Job { get; init; }

    /// <summary>Where the image of it is sent that is made here, such as <c>ghcr.io/acme</c>; null where nothing fetches one.</summary>
    [JsonIgnore]
    public string? Registry => Container?.Cluster?.Registry ?? Aws?.Tasks?.Registry;

    /// <summary>Served by the edge from a folder, with no process.</summary>
    public bool IsStatic => Recipe.Run.Count == 0 && Container?.Image is null && Aws?.Function is null;

    public bool TakesTraffic => Routes.Count > 0;

    /// <summary>How many copies there can be.</summary>
    [JsonIgnore]
    public int ReplicasMax => Scale?.Max ?? Replicas;

    /// <summary>The same as it was released, whatever number of copies its load asks for now.</summary>
    [JsonIgnore]
    public Service AsReleased =>
        Scale is { } scale && Replicas != scale.Min ? this with { Replicas = scale.Min } : this;
}

/// <summary>How source becomes something that runs.</summary>
public sealed record Recipe
{
    /// <summary>What the source was recognised as, such as <c>aspnet</c>; <c>custom</c> when the manifest says all of it.</summary>
    public required string Stack { get; init; }

    /// <summary>Programs that must be on the PATH, such as <c>dotnet</c>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Commands run one after the other in the source folder, each a list of words; no shell reads them.</summary>
    /// <remarks>The word <c>{out}</c> stands for an empty folder that becomes the artifact.</remarks>
    public IReadOnlyList<IReadOnlyList<string>> Build { get; init; } = [];

    /// <summary>Folder whose content becomes the artifact, relative to the source; null when the build wrote to <c>{out}</c>.</summary>
    public string? Output { get; init; }

    /// <summary>The command that starts it, in the artifact's folder; empty for static files.</summary>
    /// <remarks>The word <c>{port}</c> stands for the port to listen on.</remarks>
    public IReadOnlyList<string> Run { get; init; } = [];

    /// <summary>More files and folders, relative to the manifest, whose change makes a new version.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];
}

/// <summary>How to tell that a replica can take traffic. Exactly one of Http, Tcp and Command is said.</summary>
public sealed record Health
{
    /// <summary>A path that answers 200 to 399.</summary>
    public string? Http { get; init; }

    /// <summary>The port accepts a connection.</summary>
    public bool Tcp { get; init; }

    /// <summary>A command that exits 0, run in the artifact's folder.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a new replica may take until it is healthy for the first time.</summary>
    public TimeSpan StartGrace { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What one replica may use; null is no limit. Held by cgroups where the machine has them.</summary>
public sealed record Limits
{
    /// <summary>Cores, such as 0.5.</summary>
    public double? Cpu { get; init; }

    /// <summary>Bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Processes and threads together.</summary>
    public int? Pids { get; init; }
}
