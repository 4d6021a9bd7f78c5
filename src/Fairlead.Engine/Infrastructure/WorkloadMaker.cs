using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure;

/// <summary>Programs: containers, functions and machines, each with an identity and a log of its own.</summary>
internal static class WorkloadMaker
{
    private const int ImagesKept = 20;
    private const int FunctionMemoryMin = 128;
    private static readonly TimeSpan TimeoutUsual = TimeSpan.FromSeconds(30);

    public static PlacedServices Of(GraphDraft draft, IReadOnlyList<LoadedService> running, DataPlan data)
    {
        var placed = new PlacedServices();
        var slots = new SortedDictionary<string, SecretSlot>(StringComparer.Ordinal);
        var pool = new Lazy<ContainerPool>(() => new("containers"));
        foreach (var one in running)
        {
            var entry = EntryOf(draft, one.Service.Name);
            placed.Add(
                one,
                entry.On switch
                {
                    PlacedOnEntry.Function => FunctionOf(draft, one, (entry, data), slots),
                    PlacedOnEntry.Machines => new MachineGroup(
                        one.Service.Name,
                        GraphMaker.OfMachine(entry.Size),
                        PortOf(one),
                        WorkloadOf(draft, one, (data, ActorKind.Machines), slots)
                    )
                    {
                        Scaling = ScalingOf(one.Service),
                    },
                    _ => ContainersOf(draft, one, (entry, data, pool.Value), slots),
                }
            );
        }
        return placed;
    }

    public static PlacedEntry EntryOf(GraphDraft draft, string service) =>
        draft.Needs.Services?.GetValueOrDefault(service) ?? new();

    private static int? PortOf(LoadedService one) =>
        one.Service.TakesTraffic ? GraphDraft.PortOf(one) : one.Service.Port;

    private static ContainerService ContainersOf(
        GraphDraft draft,
        LoadedService one,
        (PlacedEntry Entry, DataPlan Data, ContainerPool Pool) with,
        SortedDictionary<string, SecretSlot> slots
    )
    {
        var name = one.Service.Name;
        var ready = one.Service.Container?.Image;
        var registry = ready is null ? new Registry($"{name}-images", ImagesKept) : null;
        var workload = WorkloadOf(draft, one, (with.Data, ActorKind.Containers), slots);
        return new(name, with.Pool, GraphMaker.OfProgram(with.Entry.Size, one.Service.Limits), PortOf(one), workload)
        {
            Registry = registry,
            Image = ready,
            Starter = new(
                $"{name}-starter",
                ActorKind.Starter,
                [
                    .. registry is null ? Array.Empty<Grant>() : [new(Access.Pull, registry)],
                    new(Access.Log, workload.Log),
                    .. workload.Secrets.Values.Distinct().Select(static slot => new Grant(Access.Read, slot)),
                    // Passwords that a cloud keeps are handed in by what starts the program.
                    .. Passwords(workload).Select(static database => new Grant(Access.Read, database)),
                ]
            ),
            Scaling = ScalingOf(one.Service),
        };
    }

    private static Function FunctionOf(
        GraphDraft draft,
        LoadedService one,
        (PlacedEntry Entry, DataPlan Data) with,
        SortedDictionary<string, SecretSlot> slots
    )
    {
        var entry = with.Entry;
        if (entry.Runtime is not { } runtime || entry.Handler is not { } handler)
        {
            throw InfrastructureProblems.NoRuntime(one.Service.Name, one.Service.Recipe.Stack);
        }
        var size = GraphMaker.OfProgram(entry.Size, one.Service.Limits);
        return new(
            one.Service.Name,
            runtime,
            handler,
            size with
            {
                Memory = Math.Max(size.Memory, (long)FunctionMemoryMin << 20),
            },
            entry.Timeout ?? TimeoutUsual,
            WorkloadOf(draft, one, (with.Data, ActorKind.Function), slots)
        )
        {
            IsPublic = one.Service.TakesTraffic,
        };
    }

    private static Workload WorkloadOf(
        GraphDraft draft,
        LoadedService one,
        (DataPlan Data, ActorKind Actor) with,
        SortedDictionary<string, SecretSlot> slots
    )
    {
        var name = one.Service.Name;
        var log = new LogGroup($"{name}-log", draft.LogDays);
        var secrets = new SortedDictionary<string, SecretSlot>(StringComparer.Ordinal);
        foreach (var use in one.Service.Secrets ?? [])
        {
            if (!slots.TryGetValue(use.Secret, out var slot))
            {
                slots[use.Secret] = slot = new($"{use.Secret.ToLowerInvariant().Replace('_', '-')}-secret", use.Secret);
            }
            secrets[use.Told] = slot;
        }
        var facts = with.Data.FactsOf(name);
        // A function alone needs no network, and starts quicker without; what it uses may be in one.
        var isInside =
            with.Actor is not ActorKind.Function || facts.Values.Any(static fact => fact.Of is Database or Cache);
        var env = new SortedDictionary<string, string>(one.Service.Env.ToDictionary(), StringComparer.Ordinal);
        foreach (var (variable, value) in with.Data.EnvOf(name))
        {
            env[variable] = value;
        }
        foreach (var used in one.Service.Uses.Concat(one.Network.Calls).Distinct())
        {
            AddUrl(env, draft, used);
        }
        if (with.Actor is not ActorKind.Function && PortOf(one) is { } port)
        {
            env["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        return new(IdentityOf(one, with, (log, secrets, facts)), log)
        {
            Subnets = isInside ? draft.PrivateSubnets : [],
            Firewall = isInside ? draft.Programs : null,
            Env = env,
            Facts = facts,
            Secrets = secrets,
            Health = one.Service.Health.Http,
        };
    }

    // Containers find each other by their services' names, on port 80 whatever they listen on.
    private static void AddUrl(SortedDictionary<string, string> env, GraphDraft draft, string used)
    {
        var other = draft.App.Services.FirstOrDefault(one => one.Service.Name == used);
        if (
            other is { Service.IsStatic: false }
            && PortOf(other) is not null
            && EntryOf(draft, used).On is null or PlacedOnEntry.Containers
        )
        {
            env.TryAdd($"{GraphMaker.Variable(used)}_URL", $"http://{used}");
        }
    }

    private static Identity IdentityOf(
        LoadedService one,
        (DataPlan Data, ActorKind Actor) with,
        (LogGroup Log, SortedDictionary<string, SecretSlot> Secrets, IReadOnlyDictionary<string, Fact> Facts) uses
    )
    {
        var name = one.Service.Name;
        // What starts a container reads secrets for it and writes its log; other programs do both themselves.
        IEnumerable<Grant> own =
            with.Actor is ActorKind.Containers
                ? []
                :
                [
                    new(Access.Log, uses.Log),
                    .. uses.Secrets.Values.Distinct().Select(static slot => new Grant(Access.Read, slot)),
                    .. uses
                        .Facts.Values.Where(static fact => fact.Kind is FactKind.Password)
                        .Select(static fact => new Grant(Access.Read, fact.Of)),
                ];
        return new($"{name}-identity", with.Actor, [.. with.Data.GrantsOf(name), .. own]);
    }

    private static IEnumerable<Database> Passwords(Workload workload) =>
        workload
            .Facts.Values.Where(static fact => fact.Kind is FactKind.Password)
            .Select(static fact => fact.Of)
            .OfType<Database>()
            .Distinct();

    private static Scaling ScalingOf(Service service) =>
        new(service.Replicas, service.ReplicasMax, Percent(service.Scale?.Cpu))
        {
            MemoryPercent = Percent(service.Scale?.Memory),
        };

    private static int? Percent(double? part) =>
        part is { } value ? Math.Clamp((int)Math.Round(value * 100), 1, 100) : null;
}

/// <summary>Services that run in a cloud.</summary>
internal sealed class PlacedServices
{
    private readonly List<(LoadedService Service, Resource Resource)> all = [];

    public IReadOnlyList<(LoadedService Service, Resource Resource)> All => all;

    public IEnumerable<Resource> Resources => all.Select(static one => one.Resource);

    public void Add(LoadedService service, Resource resource) => all.Add((service, resource));
}
