using System.Text.Json.Nodes;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Aws.Billing;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Data.Backups;
using Fairlead.Engine.Data.Serving;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Access.Narrowed;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Engine.Guarding.Certificates;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Engine.Guarding.Publishing;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Imaging;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Engine.Operations.States;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Engine.Responding;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Engine.Sources;
using Fairlead.Engine.Watching;
using Fairlead.Engine.Watching.Errors.SourceMaps;
using Fairlead.Engine.Watching.Logs;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>What an operation may use.</summary>
public sealed record EngineContext
{
    public required World World { get; init; }

    /// <summary>Who asks. What runs in the caller's own process runs as that process may.</summary>
    public Principal Caller { get; init; } = Principal.Owner;

    /// <summary>What the caller may do; null where it is the owner, in its own process.</summary>
    public Standing? Standing { get; init; }

    /// <summary>Asks for another operation as the same caller, through the same gate.</summary>
    public Func<Operation, JsonObject, CancellationToken, Task<JsonNode>> AskAsync { get; init; } =
        (_, _, _) => throw new InvalidOperationException("There is no gate here.");

    /// <summary>Asks for more than the operation itself needs, or for a site that is only known from its input's files.</summary>
    /// <exception cref="ProblemException">The caller may not.</exception>
    public void Demand(Permission permission, Site site) => Standing?.Demand(permission, site);

    /// <summary>Opens a folder for reading.</summary>
    public required Func<string, IFileTree> OpenFolder { get; init; }

    /// <summary>Writes a text to a path where nothing is yet.</summary>
    public required Action<string, string> WriteNewFile { get; init; }

    /// <summary>The lines of a file, inflated where it is, each with at most so many letters.</summary>
    public Func<string, int, IEnumerable<string>> OpenLines { get; init; } =
        (_, _) => throw new InvalidOperationException("There are no files here.");

    /// <summary>Looks at a live page as a visitor does.</summary>
    public Func<Uri, CancellationToken, Task<SeenAnswer>> LookAsync { get; init; } =
        (_, _) => throw new InvalidOperationException("There is no network here.");

    /// <summary>What pipelines of a folder run with.</summary>
    public Func<string, PipelinePorts> OpenPipelines { get; init; } =
        _ => throw new InvalidOperationException("No pipelines run here.");

    /// <summary>What checks of a folder use.</summary>
    public Func<string, CheckPorts> OpenChecks { get; init; } =
        _ => throw new InvalidOperationException("Nothing is checked here.");

    /// <summary>Saves and brings back all of this Fairlead; opened when it is first asked for.</summary>
    public Lazy<PlatformPorts>? WholePlatform { get; init; }

    /// <inheritdoc cref="WholePlatform"/>
    public PlatformPorts Platform =>
        WholePlatform?.Value ?? throw new InvalidOperationException("There is no state folder here.");

    /// <summary>Runs migrations in SQL.</summary>
    public IMigrator Migrator
    {
        get => field ?? throw new InvalidOperationException("Nothing is migrated here.");
        init;
    }

    /// <summary>Takes what goes on, line by line, for people; nobody looks on when it is left out.</summary>
    public Action<string> Say { get; init; } = static _ => { };

    /// <summary>What looks for weaknesses.</summary>
    public Scanning Scanning
    {
        get => field ?? throw new InvalidOperationException("There is nothing to scan with here.");
        init;
    }

    /// <summary>Makes, brings and sends images; opened when it is first asked for.</summary>
    public Lazy<ImagePorts>? Imaging { get; init; }

    /// <inheritdoc cref="Imaging"/>
    public ImagePorts Images => Imaging?.Value ?? throw new InvalidOperationException("There are no images here.");

    /// <summary>Whether there is what only a server has; operations that run in the caller's process never ask for it.</summary>
    public bool HasServer => server is not null;

    /// <inheritdoc cref="HasServer"/>
    public ServerSide Server
    {
        get => server ?? throw new InvalidOperationException("This operation runs in the server.");
        init => server = value;
    }

    private readonly ServerSide? server;
}

/// <summary>The parts of a running server.</summary>
/// <param name="PublicUrl">Where the edge takes requests, such as <c>http://127.0.0.1:8080</c>.</param>
public sealed record ServerSide(Conductor Conductor, FrontDoor FrontDoor, ILogs Logs, Uri PublicUrl)
{
    public IStore Store
    {
        get => field ?? Conductor.Ports.Store;
        init;
    }

    /// <summary>The sites on which the caller has the permission that the operation needs; its stores are narrowed to them.</summary>
    public Reach Reach { get; private init; } = Reach.Everything;

    /// <summary>The same as a caller may see and change it. Whatever an operation asks of it, it gets no other app's.</summary>
    internal ServerSide Within(Standing standing, Reach reach)
    {
        var front = FrontDoor.For(standing.Caller, reach);
        return reach.IsAll
            ? this with
            {
                FrontDoor = front,
            }
            : this with
            {
                Reach = reach,
                FrontDoor = front,
                Store = new NarrowStore(Store, reach, standing.MayAll(Permission.Audit)),
                Logs = new NarrowLogs(Logs, reach),
                LogStore = new NarrowLogStore(LogStore, reach),
                MetricDesk = MetricDesk?.Within(store => new NarrowMetrics(store, reach)),
                Traces = new NarrowTraces(Traces, reach),
                Errors = new NarrowErrors(Errors, reach),
                Vitals = new NarrowVitals(Vitals, reach),
            };
    }

    /// <summary>The secrets of all sites.</summary>
    public Vault Vault
    {
        get => field ?? throw new InvalidOperationException("This server keeps no secrets.");
        init;
    }

    /// <summary>Lets what must be done about secrets be done now; what is done is the keeper's own affair.</summary>
    public Action RingVault { get; init; } = () => { };

    public required KeyKeeper Keys { get; init; }

    /// <summary>Signs the journal.</summary>
    public HeadKeeper Audit
    {
        get => field ?? throw new InvalidOperationException("This server signs nothing.");
        init;
    }

    /// <summary>What it speaks with other agents by.</summary>
    public AgentParts Agents
    {
        get => field ?? throw new InvalidOperationException("This server speaks with no agents.");
        init;
    }

    /// <summary>Tells callers of tasks what became of them.</summary>
    public AgentPushTeller? Pushes { get; init; }

    /// <summary>What deploys from git.</summary>
    public SourceParts Sources
    {
        get => field ?? throw new InvalidOperationException("This server deploys nothing from git.");
        init;
    }

    /// <summary>Plans and makes what apps need of clouds.</summary>
    public InfrastructureDesk Infrastructure
    {
        get => field ?? throw new InvalidOperationException("This server makes no infrastructure.");
        init;
    }

    /// <summary>Keeps Terraform's state for teams that run it themselves.</summary>
    public StateDesk TerraformStates
    {
        get => field ?? throw new InvalidOperationException("This server keeps no states.");
        init;
    }

    /// <summary>Tokens of programs; one that a person made is worth no more than that person is now.</summary>
    public TokenDesk Tokens(World world) =>
        new(Store, world) { FindPerson = (maker, stop) => Identity.SignIn.PrincipalAsync(maker.Id, stop) };

    /// <summary>People, and how they sign in.</summary>
    public Identity.IdentityDesk Identity
    {
        get => field ?? throw new InvalidOperationException("Nobody signs in at this server.");
        init;
    }

    /// <summary>What watches and responds.</summary>
    public ResponseParts Response
    {
        get => field ?? throw new InvalidOperationException("This server watches nothing.");
        init;
    }

    /// <summary>Incidents as the caller may see and change them.</summary>
    internal IncidentBook Incidents => new(Store, () => Conductor.Fence);

    /// <summary>Where it is reached from outside.</summary>
    public AddressKeeper Address
    {
        get => field ?? throw new InvalidOperationException("This server has no address.");
        init;
    }

    /// <summary>Folders that callers sent.</summary>
    public IUploads Uploads
    {
        get => field ?? throw new InvalidOperationException("This server takes no folders.");
        init;
    }

    /// <summary>What it found that should not be, and whom it keeps out.</summary>
    public Detection Detection
    {
        get => field ?? throw new InvalidOperationException("This server looks for nothing.");
        init;
    }

    /// <summary>Saves what apps keep, and proves that it can be brought back.</summary>
    public BackupDesk Backups
    {
        get => backups ?? throw new InvalidOperationException("This server saves nothing.");
        init => backups = value;
    }

    /// <summary>Runs of pipelines on this machine.</summary>
    public IRunArchive Runs
    {
        get => field ?? throw new InvalidOperationException("This server knows of no runs.");
        init;
    }

    /// <summary>Runs the databases that apps only name.</summary>
    public DatabaseDesk Databases
    {
        get => databases ?? throw new InvalidOperationException("This server runs no databases.");
        init => databases = value;
    }

    /// <summary>Whether there is anything that runs them.</summary>
    internal bool RunsDatabases => databases is not null;

    private readonly DatabaseDesk? databases;

    /// <summary>Whether there is anything that saves.</summary>
    internal bool Saves => backups is not null;

    private readonly BackupDesk? backups;

    /// <summary>Looks at everything that must answer.</summary>
    public MonitorDesk Monitors
    {
        get => field ?? throw new InvalidOperationException("This server looks at nothing.");
        init;
    }

    /// <summary>What is told to the public of incidents.</summary>
    public IStatusUpdates StatusUpdates
    {
        get => field ?? throw new InvalidOperationException("This server tells the public nothing.");
        init;
    }

    /// <summary>Everything that was logged.</summary>
    public required ILogStore LogStore { get; init; }

    /// <summary>Passes logs on to other systems.</summary>
    public required LogForwarder LogForwarder { get; init; }

    public required CertificateKeeper Certificates { get; init; }

    /// <summary>Where its metrics are asked for; null when it keeps none.</summary>
    public MetricDesk? MetricDesk { get; init; }

    /// <exception cref="ProblemException">It keeps none.</exception>
    public MetricDesk Metrics =>
        MetricDesk
        ?? throw new ProblemException(
            new Problem(
                "metric.none",
                What: "This server keeps no metrics.",
                Why: "It was started without a store for them.",
                Fix: "Start it anew: fairlead down, then fairlead up."
            )
        );

    /// <summary>Why a service has as many replicas as it has, by the latest look at its load; null where nothing is known.</summary>
    public Func<Site, string, string?> WhyScaled { get; init; } = (_, _) => null;

    /// <summary>How it gets numbers.</summary>
    public Collecting Collecting
    {
        get => field ?? throw new InvalidOperationException("This server collects nothing.");
        init;
    }

    public required ITraceStore Traces { get; init; }

    /// <summary>Decides which spans are kept.</summary>
    public required TraceKeeper Spans { get; init; }

    /// <summary>Errors of apps, by group.</summary>
    public IErrorStore Errors
    {
        get => field ?? throw new InvalidOperationException("This server keeps no errors.");
        init;
    }

    /// <summary>What people are called where their names may not stand.</summary>
    public Pseudonyms Pseudonyms
    {
        get => field ?? throw new InvalidOperationException("This server names nobody.");
        init;
    }

    /// <summary>The machine it runs on; null where nothing looks at it.</summary>
    public IHostSights? Host { get; init; }

    /// <summary>Ports of its own that others reach.</summary>
    public IReadOnlySet<int> OwnPorts { get; init; } = new HashSet<int>();

    /// <summary>Finds the sources of built scripts.</summary>
    public Unminifier Unminifier
    {
        get => field ?? throw new InvalidOperationException("This server keeps no errors.");
        init;
    }

    /// <summary>What users' browsers measured.</summary>
    public IVitalStore Vitals
    {
        get => field ?? throw new InvalidOperationException("This server keeps no vitals.");
        init;
    }

    /// <summary>What AWS wants for what was made there; null where nobody asks.</summary>
    public BillDesk? Bill { get; init; }

    /// <summary>The certificate of this Fairlead's own authority, for people to trust, in PEM.</summary>
    public required Func<string> LocalRoot { get; init; }
}
