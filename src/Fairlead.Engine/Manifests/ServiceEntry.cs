using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests;

/// <summary>A service as the manifest says it; everything may be left open.</summary>
[Description("One part of the app that is built, run and replaced by itself.")]
public sealed record ServiceEntry
{
    [Description(
        "What it is: 'web' has pages, 'api' answers programs, 'worker' has no requests, 'job' ends by itself, 'model' is a trained model behind an endpoint."
    )]
    [Elsewhere("type")]
    public Kind? Kind { get; init; }

    [Description(
        "Folder of its source, relative to this file. When left out: the folder of the service's name, else this one."
    )]
    [Shaped(Shape.Folder), Elsewhere("root", "context", "directory", "dir", "folder", "source", "rootDir")]
    public string? Path { get; init; }

    [Description(
        "Command that builds it, or a list of commands. '{out}' stands for the folder that becomes the artifact."
    )]
    [Elsewhere("buildCommand", "install")]
    public IReadOnlyList<CommandLine>? Build { get; init; }

    [Description("Folder that is deployed after the build, relative to 'path'.")]
    [Shaped(Shape.Folder), Elsewhere("publish", "outputDirectory", "dist", "publicDir")]
    public string? Output { get; init; }

    [Description(
        "Command that starts it. '{port}' stands for the port to listen on, which is in the variable PORT too."
    )]
    [Elsewhere("command", "cmd", "start", "entrypoint", "startCommand", "exec")]
    public CommandLine? Run { get; init; }

    [Description("The only port it can listen on. Leave it out when it listens on the port in the variable PORT.")]
    [Range(1, 65535), Elsewhere("ports", "listen")]
    public int? Port { get; init; }

    [Description("How to tell that it is well: a path such as /healthz, or one of http, tcp and command.")]
    [Elsewhere("healthcheck", "healthCheckPath", "probe", "readiness", "liveness")]
    public HealthEntry? Health { get; init; }

    [Description("How many copies run, or from how many to how many; 1 when left out.")]
    [Elsewhere("instances", "scale", "count", "copies", "autoscaling", "autoscale", "hpa")]
    public ReplicasEntry? Replicas { get; init; }

    [Description(
        "When a job runs: five fields such as '*/15 * * * *', or @daily. Once with each release, before what uses it, when left out."
    )]
    [Elsewhere("cron", "periodic", "every")]
    public ScheduleEntry? Schedule { get; init; }

    [Description("How long one attempt of a job may take, at most 24h; 1h when left out.")]
    [Elsewhere("activeDeadlineSeconds", "timeLimit", "max_duration")]
    public TimeSpan? Timeout { get; init; }

    [Description("How often a job that failed is begun again; 0 when left out.")]
    [Range(0, JobRules.RetriesMost), Elsewhere("backoffLimit", "attempts", "max_retries")]
    public int? Retries { get; init; }

    [Description("Services of this app that must be up first, and databases whose address it is given.")]
    [Shaped(Shape.Name), Elsewhere("depends_on", "dependsOn", "needs_services", "requires")]
    public IReadOnlyList<string>? Uses { get; init; }

    [Description(
        "Secrets it is started with: names, or { NAME: { file: true } } for a file. Values are set apart: fairlead secret set."
    )]
    [Elsewhere("secret", "secretRefs")]
    public SecretsEntry? Secrets { get; init; }

    [Description("Environment variables. Secrets do not belong here.")]
    [Elsewhere("environment", "variables", "vars", "envVars")]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    [Description("Paths it answers, such as / or /api, with all below them.")]
    [Shaped(Shape.Route), Elsewhere("route", "paths", "prefix", "ingress")]
    public IReadOnlyList<string>? Routes { get; init; }

    [Description("What one copy may use at most.")]
    [Elsewhere("resources")]
    public LimitsEntry? Limits { get; init; }

    [Description("How long it may take to end once told to, before it is killed; 10s when left out.")]
    [Elsewhere("stop_grace_period", "stopTimeout", "kill_timeout")]
    public TimeSpan? StopGrace { get; init; }

    [Description("How long requests under way may go on when it is replaced; 30s when left out.")]
    public TimeSpan? Drain { get; init; }

    [Description("How long the version before stays warm for a rollback; 10m when left out.")]
    public TimeSpan? Keep { get; init; }

    [Description("More files and folders, relative to this file, whose change makes a new version.")]
    [Shaped(Shape.Folder), Elsewhere("watch", "include")]
    public IReadOnlyList<string>? Inputs { get; init; }

    [Description("Programs that must be installed to build and run it, such as node.")]
    [Shaped(Shape.Program)]
    public IReadOnlyList<string>? Needs { get; init; }

    [Description("How its files are served, when it is only files.")]
    [Elsewhere("static", "site")]
    public WebEntry? Web { get; init; }

    [Description("How a new version replaces the old one.")]
    [Elsewhere("strategy", "rollout", "update")]
    public DeployEntry? Deploy { get; init; }

    [Description("What the edge does with its requests and answers: rate limits, keys, CORS, cache, and more.")]
    [Elsewhere("ingressOptions", "middleware", "proxy")]
    public GatewayEntry? Gateway { get; init; }

    [Description(
        "Which release a request reaches while there are two: users kept on one, testers sent to the new one."
    )]
    public TrafficEntry? Traffic { get; init; }

    [Description("Where it shows metrics of its own: a path such as /metrics, or { path, port, every }.")]
    [Elsewhere("prometheus", "scrape", "monitoring")]
    public MetricsEntry? Metrics { get; init; }

    [Description("How it runs where the target is 'docker': the image that it is put on, its volumes and rights.")]
    [Elsewhere("docker", "image", "container_options")]
    public ContainerEntry? Container { get; init; }

    [Description("How it runs at AWS where the target is 'aws': exactly one of lambda and site.")]
    [Elsewhere("amazon", "serverless")]
    public AwsEntry? Aws { get; init; }

    [Description("Whom it may talk to beyond what it uses: { calls: [billing], hosts: [api.stripe.com] }.")]
    [Elsewhere("networkPolicy", "firewall", "egress", "allow")]
    public NetworkEntry? Network { get; init; }

    [Description("Personal data it works with, for the record of processing: a list of { category, purpose, ... }.")]
    [Elsewhere("personalData", "gdpr", "privacy")]
    public IReadOnlyList<DataEntry>? Data { get; init; }
}

/// <summary>When a job runs, as the manifest says it.</summary>
[Description(
    "When a job runs: five fields of cron, or { cron: '0 4 * * *', timezone: Europe/Berlin, overlap: queue }."
)]
public sealed record ScheduleEntry
{
    [Description(
        "Minute, hour, day, month and weekday, such as '*/15 * * * *' or '0 4 * * MON-FRI'; or @hourly, @daily, @weekly, @monthly, @yearly."
    )]
    [Alone, Elsewhere("expression", "crons", "at")]
    public required string Cron { get; init; }

    [Description("The time zone that it is meant in, such as Europe/Berlin; UTC when left out.")]
    [Elsewhere("timeZone", "time_zone", "tz", "zone")]
    public string? Timezone { get; init; }

    [Description(
        "What becomes of times that passed while nothing could run: run-once for all of them, or skip; run-once when left out."
    )]
    [Elsewhere("catchup", "misfire")]
    public MissedRun? Missed { get; init; }

    [Description("How late a run may begin; any time when left out, and 1m with 'missed: skip'.")]
    [Elsewhere("startingDeadlineSeconds", "deadline")]
    public TimeSpan? StartingDeadline { get; init; }

    [Description(
        "What becomes of it while the run before has not ended: forbid leaves it out, queue runs it after, replace ends the one before; forbid when left out."
    )]
    [Elsewhere("concurrencyPolicy", "prohibit_overlap", "concurrency")]
    public Overlap? Overlap { get; init; }
}

/// <summary>How many replicas run, as the manifest says it.</summary>
[Description(
    "How many copies run: a number, { min: 0, idle: 10m } to run none while nobody asks, or { min: 2, max: 10, cpu: 70% } to follow the load."
)]
public sealed record ReplicasEntry
{
    [Description("How many run while it is awake, or at most where they follow the load; 1 when left out.")]
    [Alone, Range(1, 100), Elsewhere("maximum", "maxReplicas", "maxReplicaCount")]
    public int? Max { get; init; }

    [Description("How many run at least; 0 to run none while nobody asks for it: the first request wakes it.")]
    [Range(0, 100), Elsewhere("minimum", "minReplicas", "minReplicaCount", "min_machines_running")]
    public int? Min { get; init; }

    [Description("How long nobody must have asked before none runs; 10m when left out.")]
    [Elsewhere("sleepAfter", "idleTimeout", "scaleToZeroAfter")]
    public TimeSpan? Idle { get; init; }

    [Description("Processor time that each should use, as a part of limits.cpu, or of one core without: 70%.")]
    [Elsewhere("targetCPUUtilizationPercentage", "averageUtilization", "cpuUtilization", "cpuPercent")]
    public Percent? Cpu { get; init; }

    [Description("Memory that each should hold, as a part of limits.memory: 80%.")]
    [Elsewhere("targetMemoryUtilizationPercentage", "memoryUtilization", "memoryPercent")]
    public Percent? Memory { get; init; }

    [Description("Requests that each should answer, such as 50/s.")]
    [Elsewhere("rps", "requestsPerSecond", "requestRate")]
    public Rate? Requests { get; init; }

    [Description("Requests and streams that each should have in flight, such as 20.")]
    [Range(0.1, 100_000), Elsewhere("inFlight", "concurrentRequests", "containerConcurrency", "soft_limit")]
    public double? Concurrency { get; init; }

    [Description("Work that waits: { url: REDIS_URL, list: jobs, length: 20 }.")]
    [Elsewhere("triggers", "backlog")]
    public QueueEntry? Queue { get; init; }

    [Description("How long fewer must have been enough before any is stopped, at most 1h; 5m when left out.")]
    [Elsewhere("stabilizationWindowSeconds", "stabilizationWindow", "scaleDownDelay", "scaleInCooldown")]
    public TimeSpan? Stabilization { get; init; }

    [Description("How long none is added again after some were, at most 30m; 15s when left out.")]
    [Elsewhere("cooldownPeriod", "scaleUpDelay", "scaleOutCooldown")]
    public TimeSpan? Cooldown { get; init; }
}

/// <summary>A queue whose length says how many replicas are needed, as the manifest says it.</summary>
[Description("A queue of Redis, RabbitMQ or PostgreSQL, with exactly one of list, stream, queue and query.")]
public sealed record QueueEntry
{
    [Description("The service's variable or secret that holds the address, such as REDIS_URL.")]
    [Shaped(Shape.Variable), Elsewhere("addressFromEnv", "hostFromEnv", "connectionFromEnv", "address", "from")]
    public required string Url { get; init; }

    [Description("A list of Redis.")]
    [Elsewhere("listName")]
    public string? List { get; init; }

    [Description("A stream of Redis.")]
    public string? Stream { get; init; }

    [Description("Those who read the stream together: what they have not finished counts.")]
    [Elsewhere("consumerGroup")]
    public string? Group { get; init; }

    [Description("A queue of RabbitMQ.")]
    [Elsewhere("queueName")]
    public string? Queue { get; init; }

    [Description("A query of PostgreSQL that gives one number, such as: select count(*) from jobs where done is null.")]
    [Elsewhere("sql")]
    public string? Query { get; init; }

    [Description("How much should wait for each copy.")]
    [Range(0.1, 1_000_000), Elsewhere("listLength", "queueLength", "lagCount", "targetQueryValue", "value", "target")]
    public required double Length { get; init; }
}

/// <summary>How to tell that a replica is well.</summary>
[Description("How to tell that a replica is well.")]
public sealed record HealthEntry
{
    [Description("A path that answers 200 to 399.")]
    [Alone, Shaped(Shape.Address), Elsewhere("path", "url", "httpGet")]
    public string? Http { get; init; }

    [Description("True when it is enough that the port accepts a connection.")]
    public bool? Tcp { get; init; }

    [Description("A command that exits with 0, run in the artifact's folder.")]
    [Elsewhere("cmd", "test", "exec")]
    public CommandLine? Command { get; init; }

    [Description("Time between two looks; 2s when left out.")]
    [Elsewhere("interval", "period")]
    public TimeSpan? Every { get; init; }

    [Description("How long one look may take; 5s when left out.")]
    public TimeSpan? Timeout { get; init; }

    [Description("How long a new replica may take until it is well for the first time; 60s when left out.")]
    [Elsewhere("start_period", "startPeriod", "grace_period", "initialDelay")]
    public TimeSpan? StartGrace { get; init; }
}

/// <summary>What one replica may use at most.</summary>
[Description("What one replica may use at most.")]
public sealed record LimitsEntry
{
    [Description("Cores, such as 0.5.")]
    [Range(0.01, 1024), Elsewhere("cpus", "cores")]
    public double? Cpu { get; init; }

    [Description("Memory, such as 256MiB.")]
    [Elsewhere("mem", "ram")]
    public ByteSize? Memory { get; init; }

    [Description("Processes and threads together.")]
    [Range(1, 1_000_000), Elsewhere("processes", "threads")]
    public int? Pids { get; init; }
}

/// <summary>A strategy by its kind, with its settings.</summary>
/// <param name="Strategy">As the manifest writes it, such as <c>canary</c>.</param>
public sealed record DeployEntry(string Strategy, IStrategy Settings);

/// <summary>A program and its arguments, as the manifest says them. No shell reads them.</summary>
public sealed record CommandLine(IReadOnlyList<string> Words);

/// <summary>A gate that asks a command.</summary>
[Description("A command that must exit with 0. It finds the new version's address in FAIRLEAD_URL.")]
public sealed record CommandGateEntry
{
    [Description("The command, run in the artifact's folder.")]
    public required CommandLine Command { get; init; }

    [Description("How long it may take; 30s when left out.")]
    public TimeSpan? Timeout { get; init; }
}

/// <summary>A gate that is a check of Fairlead's own.</summary>
[Description("One of Fairlead's checks, with the settings of fairlead.checks.yaml, on the new version.")]
public sealed record CheckGateEntry
{
    [Description("Which one, as in 'fairlead check ...'.")]
    public required CheckKind Check { get; init; }

    [Description("How long it may take; 5m when left out.")]
    public TimeSpan? Timeout { get; init; }
}

/// <summary>A gate that asks the metrics.</summary>
[Description("A query of the metrics, of which at least one of below, above and rise is said.")]
public sealed record QueryGateEntry
{
    [Description("In PromQL, giving one number; $release stands for the label 'release', such as 42.")]
    public required string Query { get; init; }

    [Description("It must stay below this.")]
    [Range(0.0, 1e15)]
    public double? Below { get; init; }

    [Description("It must stay above this.")]
    [Range(0.0, 1e15)]
    public double? Above { get; init; }

    [Description("How much more than for the release before it may be.")]
    public Percent? Rise { get; init; }
}
