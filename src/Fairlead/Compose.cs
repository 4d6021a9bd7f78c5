using System.Runtime.CompilerServices;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Certificates;
using Fairlead.Drivers.Commands;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.Data;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Passwords;
using Fairlead.Drivers.Pipelines;
using Fairlead.Drivers.Routers;
using Fairlead.Drivers.State;
using Fairlead.Drivers.Stores;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding;
using Fairlead.Engine.Guarding.Certificates;
using Fairlead.Engine.Guarding.Publishing;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Faces.Cli;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Fairlead.Remote;
using Fairlead.Roles;
using Fairlead.Roles.Server;
using Fairlead.Roles.Up;

namespace Fairlead;

/// <summary>Puts the parts together: the only place that names both the engine and its drivers, and the real clock.</summary>
internal static partial class Compose
{
#pragma warning disable RS0030 // The one place that names the real clock and real chance.
    public static World World() => new(TimeProvider.System, Random.Shared);
#pragma warning restore RS0030

    public static CliContext Cli(World world)
    {
        var terminal = Terminal.OfProcess();
        return new(
            terminal,
            world,
            globals =>
                !globals.IsHere && (globals.Server ?? terminal.Variable("FAIRLEAD_SERVER")) is { Length: > 0 } server
                    ? Elsewhere(terminal, world, server, globals)
                    : new LocalPlatform(Up(terminal, world, globals.State)) { Agent = globals.Agent },
            state => Here(world, StateOf(terminal, state))
        );
    }

    /// <summary>Leads programs elsewhere here, once somebody says at which host.</summary>
    private static AddressKeeper Address(RoleContext context, (IStore Store, RoleClient Edge) of, Func<Fence> fence) =>
        new(
            (of.Store, new EdgeRouter(of.Edge)),
            fence,
            new Uri($"http://{Addresses.TryRead(context.State)!.Api}"), // It was read before.
            context.World,
            context.Logs.CreateLogger<AddressKeeper>()
        );

    // A method of its own: what speaks with servers elsewhere is loaded for nobody else.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RemotePlatform Elsewhere(Terminal terminal, World world, string server, Globals globals) =>
        new(
            new(
                RemotePlatform.AddressOf(server),
                new JobIdentity(terminal.Variable, terminal.Folder),
                StateOf(terminal, globals.State),
                folder => SourceScopes.Of(FolderTree.Open(folder)),
                world
            )
            {
                Agent = globals.Agent,
            }
        );

    /// <summary>What operations that run in the caller's process may use.</summary>
    public static EngineContext Here(World world, string state) =>
        new()
        {
            Scanning = Scanning(world, new StateFolder(state)),
            Imaging = new(() => Images(world, new StateFolder(state))),
            World = world,
            OpenFolder = FolderTree.Open,
            WriteNewFile = NewFile.Write,
            OpenLines = AuditFiles.Lines,
            LookAsync = LiveAnswers.LookAsync,
            OpenPipelines = folder => Pipelines(world, new StateFolder(state), folder),
            OpenChecks = folder => Checks(world, folder),
            Migrator = new AllMigrators(world),
            WholePlatform = new(() => WholePlatform(world, new StateFolder(state))),
        };

    public static UpContext Up(Terminal terminal, World world, string? folder) =>
        new(new StateFolder(StateOf(terminal, folder)), world, words => [.. Self, .. words]);

    /// <summary>What a server is made of beyond deploying, each part upon those before it.</summary>
    private static readonly Func<RoleContext, ServerPlatform, ServerPlatform>[] ServerParts =
    [
        Sourced,
        Provisioning,
        Serving,
        Saving,
        SavingItself,
        Monitored,
        Speaking,
        Responding,
        Posting,
        Drilling,
        Played,
    ];

    /// <summary>A server on the real world: its store, the node and the edge of the same state folder, builds on this machine.</summary>
    public static ServerPlatform Server(RoleContext context) =>
        ServerParts.Aggregate(Deploying(context), (platform, part) => part(context, platform));

    private static Addresses AddressesOf(RoleContext context) =>
        Addresses.TryRead(context.State) ?? throw new InvalidOperationException("Roles are started by 'fairlead up'.");

    private static ServerPlatform Deploying(RoleContext context)
    {
        var (state, world, addresses) = (context.State, context.World, AddressesOf(context));
        var (database, mask) = (Store(context), new LiveMask());
        var store = new MaskedStore(database.Store, mask);
        var (node, edge) = (Client(state, "node"), Client(state, "edge"));
        var scanning = Scanning(world, state);
        var (builder, commands) = Running(context, mask, scanning);
        var (keys, owner) = (KeysOf(state), ApiToken.ReadOrMake(state.ApiToken));
        Conductor? lead = null;
        Fence Fence() => lead!.Fence; // Set below, before anything runs.
        var clusters = Clusters(context, (store, node, edge), scanning, (Fence, mask));
        var (logs, secrets) = (clusters.Logs, Secrets(context, store, (node, clusters.Ports), (mask, [owner]), Fence));
        var telemetry = Telemetry.Open(context, store, (secrets.Target, logs), mask);
        var aws = Aws(context, store, (secrets.Target, clusters), scanning.Papers, Fence);
        var target = new ProvenTarget(aws.Target, scanning.Papers, scanning.Signer);
        var real = Wired(
            Ports(context, store, (target, aws), (clusters.Shipping(builder), commands)),
            (context, keys, database.Lease),
            (secrets, telemetry)
        );
        var ((ports, demo), audit) = (Demo(context, real, telemetry), Audit(context, store, scanning.Signer));
        var (issuing, authorities, desks) = Issuing(context, store, edge);
        var conductor = lead = new Conductor(ports, Name, context.Logs.CreateLogger<Conductor>());
        var scaling = Scaling(context, conductor, (telemetry.Numbers.Collecting.Scrapes, secrets.Vault), clusters);
        var server = new ServerSide(conductor, new(conductor), logs, new Uri($"http://{addresses.Public}"))
        {
            Audit = audit,
            Identity = Identity(context, store, conductor),
            Address = Address(context, (store, edge), Fence),
            Bill = aws.Bill,
            Detection = Detection(context, store, (node, edge), conductor),
            Keys = new KeyKeeper(store, new EdgeKeyRings(edge), world, context.Logs.CreateLogger<KeyKeeper>()),
            Certificates = new CertificateKeeper(issuing, world, context.Logs.CreateLogger<CertificateKeeper>()),
            LocalRoot = () => authorities.Local.RootPem,
            LogStore = telemetry.Logs.Store,
            LogForwarder = telemetry.Logs.Forwarder,
            Traces = telemetry.Traces.Store,
            Spans = telemetry.Traces.Keeper,
        };
        server = Knowing(server, state, telemetry, secrets, scaling);
        var engine = Here(world, state.Root) with { Server = Seeing(server, context, addresses) };
        IBackgroundWork[] works = [audit, secrets.Keeper, clusters.Keeper, server.Detection.Watchman, server.Address];
        var patches = PatchWatch(context, conductor, scanning);
        return new(
            engine,
            conductor,
            telemetry.Intakes(world),
            SourceOf(owner, keys),
            [database.Closing, node, edge, authorities, desks, audit, secrets, aws, clusters, .. telemetry.Connections],
            [builder, commands, .. telemetry.Workers]
        )
        {
            Background = [.. works, .. Joined(telemetry.Works, scaling.Works, demo), patches],
            IsDemo = state.IsDemo,
            Measure = telemetry.Numbers.Measure + telemetry.Errors.Numbers.Measure,
        };
    }

    private static ServerSide Knowing(
        ServerSide server,
        StateFolder state,
        Telemetry telemetry,
        SecretParts secrets,
        ScaleParts scaling
    ) =>
        telemetry.Errors.On(server) with
        {
            Collecting = telemetry.Numbers.Collecting,
            MetricDesk = telemetry.Numbers.Desk,
            Vault = secrets.Vault,
            RingVault = secrets.Keeper.Ring,
            Runs = new RunArchive(state),
            WhyScaled = scaling.Keeper.ReasonOf,
        };

    private static IBackgroundWork[] Joined(params IReadOnlyList<IEnumerable<IBackgroundWork>> all) =>
        [.. all.SelectMany(static one => one)];

    private static SourceKeys KeysOf(StateFolder state) =>
        new(Convert.FromHexString(ApiToken.ReadOrMake(state.IntakeSecret)));

    private static EnginePorts Wired(
        EnginePorts ports,
        (RoleContext Context, SourceKeys Keys, ILease? Lease) own,
        (SecretParts Secrets, Telemetry Telemetry) with
    ) =>
        ports with
        {
            Sending = new(new Uri($"http://{AddressesOf(own.Context).Api}"), own.Keys),
            SecretAsync = with.Secrets.Vault.NewestAsync,
            Lease = own.Lease,
            Query = (_, text, stop) => with.Telemetry.Numbers.Desk.NumberAsync(text, stop),
        };

    /// <summary>The store that the parent chose. A lease has only one that several servers may share.</summary>
    private static (IStore Store, ILease? Lease, IDisposable Closing) Store(RoleContext context)
    {
        if (StoreChoice.Kept(context.State) is { } chosen)
        {
            return Postgres(chosen, context.World);
        }
        var file = SqliteStore.Open(context.State.Database, context.World);
        return (file, null, file);
    }

    // A method of its own: what speaks with PostgreSQL is loaded for nobody else.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (IStore Store, ILease? Lease, IDisposable Closing) Postgres(string chosen, World world)
    {
        var seat = Environment.GetEnvironmentVariable(StoreChoice.SeatVariable) ?? Name;
        var shared = new PostgresStore(new(chosen), seat, world);
        return (shared, shared, shared);
    }

    private static RoleClient Client(StateFolder state, string role) => new(role, state.Socket(role));

    /// <summary>People, and how they sign in.</summary>
    private static IdentityDesk Identity(RoleContext context, IStore store, Conductor conductor)
    {
        var api = System.Net.IPEndPoint.Parse(Addresses.TryRead(context.State)!.Api); // It was read just now.
        var seal = new KeyFileSeal(new Sealer(context.State.IdentityKey));
        // Makes the key when there is none: two who made it at the same time would have two.
        seal.Seal("", "");
        return IdentityDesk.Open(
            (store, () => conductor.Fence),
            new Argon2Passwords(),
            seal,
            // A passkey is bound to a name, and an address is none.
            new Uri($"http://localhost:{api.Port}"),
            (context.World, Environment.GetEnvironmentVariable)
        );
    }

    /// <summary>Of this server, for the store that gives the lead to one of several.</summary>
    private static string Name => $"{Environment.MachineName}:{Environment.ProcessId}";

    private static EnginePorts Ports(
        RoleContext context,
        IStore store,
        (ITarget Target, AwsParts Aws) places,
        (IBuilder Builder, LocalCommands Commands) running
    ) =>
        new(
            context.World,
            store,
            places.Target,
            places.Aws.Router,
            running.Builder,
            running.Commands,
            $"http://{Addresses.TryRead(context.State)!.Internal}" // It was read before.
        )
        {
            BridgeUrl = Bridge.TryRead(context.State)?.Url,
            Snapshots = places.Aws.Snapshots,
            StateFolder = context.State.Root,
            Program = Self,
        };

    /// <summary>What runs builds and gates' commands.</summary>
    private static (LocalBuilder Builder, LocalCommands Commands) Running(
        RoleContext context,
        LiveMask mask,
        Scanning scanning
    )
    {
        var (state, world) = (context.State, context.World);
        return (
            new(state, world, context.Logs.CreateLogger("Fairlead.Builds"))
            {
                Mask = mask,
                Witness = Witness(world, scanning),
                Pin = (image, stop) => PinAsync(world, state, image, stop),
            },
            new(state, world, context.Logs.CreateLogger("Fairlead.Commands")) { Mask = mask }
        );
    }

    // Whoever may ask for everything may send as well.
    private static Func<string, Source?> SourceOf(string owner, SourceKeys keys) =>
        key => key == owner ? Source.Outside : keys.TryRead(key);

    /// <summary>Where certificates come from, and what is closed with it.</summary>
    private static (CertificatePorts Ports, Authorities Authorities, ChallengeDesks Desks) Issuing(
        RoleContext context,
        IStore store,
        RoleClient edge
    )
    {
        var (state, world) = (context.State, context.World);
        var authorities = new Authorities(
            Path.Combine(state.Root, "authorities"),
            Environment.GetEnvironmentVariable,
            world,
            context.Logs
        );
        var shelf = new EdgeCertificates(edge);
        var desks = new ChallengeDesks(shelf, Environment.GetEnvironmentVariable, world);
        return (new CertificatePorts(store, shelf, authorities.Find, desks.Of), authorities, desks);
    }

    /// <summary>The state folder: as typed, as FAIRLEAD_STATE says, else where a user's programs keep theirs.</summary>
    internal static string StateOf(Terminal terminal, string? typed)
    {
        var chosen = typed ?? terminal.Variable("FAIRLEAD_STATE");
        if (!string.IsNullOrEmpty(chosen))
        {
            return Path.GetFullPath(chosen, terminal.Folder);
        }
        var states =
            terminal.Variable("XDG_STATE_HOME") is { Length: > 0 } xdg ? xdg
            : terminal.Variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state")
            : "/var/lib";
        return Path.Combine(states, "fairlead");
    }

    /// <summary>How this program is started: by itself, or by the host that runs its assembly.</summary>
    private static string[] Self =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) is "dotnet"
            ? [Environment.ProcessPath!, typeof(Compose).Assembly.Location]
            : [Environment.ProcessPath!];
}
