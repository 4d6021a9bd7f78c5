using System.Globalization;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure;

/// <summary>Databases, caches, buckets and queues, and who uses them.</summary>
internal static class DataMaker
{
    private const long StorageUsual = 20L << 30;
    private const int BackupDaysUsual = 7;
    private const int AttemptsUsual = 5;
    private static readonly TimeSpan HiddenUsual = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeptUsual = TimeSpan.FromDays(4);

    public static DataPlan Of(GraphDraft draft, IReadOnlyList<LoadedService> running)
    {
        var plan = new DataPlan();
        string[] names = [.. running.Select(static one => one.Service.Name)];
        foreach (var (name, entry) in draft.Needs.Databases ?? Empty<DatabaseEntry>())
        {
            AddDatabase(plan, draft, (name, entry), names);
        }
        foreach (var (name, entry) in draft.Needs.Caches ?? Empty<CacheNeedEntry>())
        {
            AddCache(plan, draft, (name, entry), names);
        }
        foreach (var (name, entry) in draft.Needs.Buckets ?? Empty<BucketEntry>())
        {
            AddBucket(plan, (name, entry), names);
        }
        foreach (var (name, entry) in draft.Needs.Queues ?? Empty<QueueNeedEntry>())
        {
            AddQueue(plan, (name, entry), running);
        }
        return plan;
    }

    private static void AddDatabase(
        DataPlan plan,
        GraphDraft draft,
        (string Name, DatabaseEntry Entry) said,
        string[] names
    )
    {
        var (name, entry) = said;
        var engine = entry.Engine ?? DatabaseEngine.Postgres;
        var firewall = new Firewall(
            $"{name}-database-firewall",
            draft.Network,
            [new(engine is DatabaseEngine.Postgres ? 5432 : 3306, draft.Programs, null, "the app's programs")]
        )
        {
            LetsOut = [],
        };
        var database = new Database(
            $"{name}-database",
            engine,
            GraphMaker.OfMachine(entry.Size),
            entry.Storage?.Bytes ?? StorageUsual,
            draft.PrivateSubnets,
            firewall
        )
        {
            Version = entry.Version ?? (engine is DatabaseEngine.Postgres ? "16" : "8.4"),
            Schema = draft.App.App.Replace('-', '_'),
            HasStandby = entry.Standby ?? draft.IsProduction,
            BackupDays = entry.Backups ?? BackupDaysUsual,
            IsProtected = draft.IsProtected,
        };
        plan.Databases.Add(database);
        var prefix = entry.As ?? Prefix(name, "DATABASE");
        foreach (var user in entry.For ?? names)
        {
            plan.Tell(user, $"{prefix}_HOST", new(FactKind.Host, database));
            plan.Tell(user, $"{prefix}_USER", new(FactKind.User, database));
            plan.Tell(user, $"{prefix}_PASSWORD", new(FactKind.Password, database));
            plan.Set(user, $"{prefix}_PORT", database.Port.ToString(CultureInfo.InvariantCulture));
            plan.Set(user, $"{prefix}_NAME", database.Schema);
        }
    }

    private static void AddCache(
        DataPlan plan,
        GraphDraft draft,
        (string Name, CacheNeedEntry Entry) said,
        string[] names
    )
    {
        var (name, entry) = said;
        var firewall = new Firewall(
            $"{name}-cache-firewall",
            draft.Network,
            [new(Cache.Port, draft.Programs, null, "the app's programs")]
        )
        {
            LetsOut = [],
        };
        var cache = new Cache(
            $"{name}-cache",
            entry.Version ?? "7.1",
            GraphMaker.OfMachine(entry.Size),
            entry.Replicas ?? (draft.IsProduction ? 1 : 0),
            draft.PrivateSubnets,
            firewall
        );
        plan.Caches.Add(cache);
        var prefix = entry.As ?? Prefix(name, "REDIS");
        foreach (var user in entry.For ?? names)
        {
            plan.Tell(user, $"{prefix}_HOST", new(FactKind.Host, cache));
            plan.Set(user, $"{prefix}_PORT", Cache.Port.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void AddBucket(DataPlan plan, (string Name, BucketEntry Entry) said, string[] names)
    {
        var (name, entry) = said;
        var bucket = new Bucket($"{name}-bucket")
        {
            HasVersions = entry.Versions ?? true,
            ExpireDays = entry.Expire,
            IsDisposable = entry.Disposable ?? false,
        };
        plan.Buckets.Add(bucket);
        var readers = entry.Readers ?? [];
        var writers = entry.For ?? [.. names.Except(readers)];
        foreach (var user in writers.Concat(readers).Distinct())
        {
            plan.Tell(user, entry.As ?? $"{GraphMaker.Variable(name)}_BUCKET", new(FactKind.BucketName, bucket));
            plan.Allow(user, new(writers.Contains(user) ? Access.Write : Access.Read, bucket));
        }
    }

    private static void AddQueue(
        DataPlan plan,
        (string Name, QueueNeedEntry Entry) said,
        IReadOnlyList<LoadedService> running
    )
    {
        var (name, entry) = said;
        var queue = new Messages(
            $"{name}-queue",
            entry.Hidden ?? HiddenUsual,
            entry.Keep ?? KeptUsual,
            entry.Attempts ?? AttemptsUsual
        );
        plan.Queues.Add(queue);
        string[] all = [.. running.Select(static one => one.Service.Name)];
        string[] workers =
        [
            .. running.Where(static one => one.Service.Kind is Kind.Worker).Select(static one => one.Service.Name),
        ];
        var receivers = entry.Receivers ?? (workers.Length > 0 ? workers : all);
        foreach (var user in entry.Senders ?? all)
        {
            plan.Allow(user, new(Access.Send, queue));
            plan.Tell(user, entry.As ?? $"{GraphMaker.Variable(name)}_QUEUE_URL", new(FactKind.QueueUrl, queue));
        }
        foreach (var user in receivers)
        {
            plan.Allow(user, new(Access.Receive, queue));
            plan.Tell(user, entry.As ?? $"{GraphMaker.Variable(name)}_QUEUE_URL", new(FactKind.QueueUrl, queue));
        }
    }

    // The one that is called 'main' or 'database' needs no name of its own among the variables.
    private static string Prefix(string name, string usual) =>
        name is "main" or "database" or "db" or "redis" or "cache" ? usual : $"{GraphMaker.Variable(name)}_{usual}";

    private static Dictionary<string, T> Empty<T>() => new(StringComparer.Ordinal);
}

/// <summary>What holds data, and what services are told of it.</summary>
internal sealed class DataPlan
{
    private readonly Dictionary<string, SortedDictionary<string, Fact>> facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, string>> env = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Grant>> grants = new(StringComparer.Ordinal);

    public List<Database> Databases { get; } = [];

    public List<Cache> Caches { get; } = [];

    public List<Bucket> Buckets { get; } = [];

    public List<Messages> Queues { get; } = [];

    public IEnumerable<Resource> All => [.. Databases, .. Caches, .. Buckets, .. Queues];

    public void Tell(string service, string variable, Fact fact) => Of(facts, service)[variable] = fact;

    public void Set(string service, string variable, string value) => Of(env, service)[variable] = value;

    public void Allow(string service, Grant grant)
    {
        if (!grants.TryGetValue(service, out var all))
        {
            grants[service] = all = [];
        }
        all.Add(grant);
    }

    public IReadOnlyDictionary<string, Fact> FactsOf(string service) => Of(facts, service);

    public IReadOnlyDictionary<string, string> EnvOf(string service) => Of(env, service);

    public IReadOnlyList<Grant> GrantsOf(string service) =>
        grants.TryGetValue(service, out var all) ? [.. all.Distinct()] : [];

    private static SortedDictionary<string, T> Of<T>(
        Dictionary<string, SortedDictionary<string, T>> all,
        string service
    )
    {
        if (!all.TryGetValue(service, out var found))
        {
            all[service] = found = new(StringComparer.Ordinal);
        }
        return found;
    }
}
