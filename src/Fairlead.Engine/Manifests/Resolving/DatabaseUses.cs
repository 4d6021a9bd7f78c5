using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>
/// Which databases Fairlead runs itself, and what the services that use a database are given: its address as a secret, and how many connections each copy may hold.
/// </summary>
internal static class DatabaseUses
{
    // The owner's, and those of backups, migrations and monitors.
    private const int Reserved = 8;

    // Two versions of a service run at once while one replaces the other.
    private const int VersionsAtOnce = 2;

    /// <summary>Whether it is reached at an address, and not in files.</summary>
    public static bool IsServer(DataStoreEntry entry) =>
        entry.Kind is DatabaseKind.Postgres or DatabaseKind.Mysql or DatabaseKind.Redis;

    /// <summary>Whether Fairlead runs its server.</summary>
    public static bool IsProvided(DataStoreEntry entry) => IsServer(entry) && entry.Url is null;

    /// <summary>The secret that holds the address of a server.</summary>
    public static string SecretOf(DataStoreEntry entry) =>
        entry.Url ?? entry.As ?? (entry.Kind is DatabaseKind.Redis ? "REDIS_URL" : "DATABASE_URL");

    /// <summary>Finds what cannot be run, and addresses that two databases would share.</summary>
    public static void Check(
        IReadOnlyDictionary<string, DataStoreEntry> entries,
        (Node Node, TargetKind Target) place,
        Findings findings
    )
    {
        foreach (var (name, entry) in entries)
        {
            var node = place.Node.At(name);
            if (IsProvided(entry))
            {
                CheckProvided(name, place.Target, node, findings);
                CheckStandby(name, entry, node, findings);
            }
            else if ((entry.As, entry.Port, entry.Connections, entry.Standby) is not (null, null, null, null))
            {
                findings.Add(
                    node,
                    "database-elsewhere",
                    (
                        $"Fairlead does not run the database '{name}'.",
                        "'as', 'port', 'connections' and 'standby' are of a server that Fairlead runs; this one has a 'url' or a 'path'.",
                        "Remove them, or remove 'url'."
                    )
                );
            }
        }
        foreach (
            var twice in entries.Where(static one => IsServer(one.Value)).GroupBy(static one => SecretOf(one.Value))
        )
        {
            foreach (var (name, _) in twice.Skip(1).Where(one => twice.Any(static other => IsProvided(other.Value))))
            {
                findings.Add(
                    place.Node.At(name),
                    "database-secret",
                    (
                        $"The databases '{twice.First().Key}' and '{name}' would have one address.",
                        $"Both are the secret {twice.Key}.",
                        $"Add to '{name}': as: {name.ToUpperInvariant().Replace('-', '_')}_URL"
                    )
                );
            }
        }
    }

    /// <summary>Services with the addresses of the databases that they use, and with how many connections each copy may hold.</summary>
    public static IReadOnlyList<LoadedService> Given(
        IReadOnlyList<LoadedService> services,
        ManifestFile file,
        IReadOnlyList<Database>? databases
    )
    {
        foreach (var database in (databases ?? []).Where(static one => one.Url is not null))
        {
            var users = services.Where(one => IsUser(one.Service, file, database)).Select(Name).ToHashSet();
            var copies = services
                .Where(one => users.Contains(Name(one)))
                .Sum(static one => one.Service.Scale?.Max ?? one.Service.Replicas);
            services =
            [
                .. services.Select(one =>
                    users.Contains(Name(one)) ? one with { Service = With(one.Service, database, copies) } : one
                ),
            ];
        }
        return services;
    }

    private static void CheckProvided(string name, TargetKind target, Node node, Findings findings)
    {
        if (target is not (TargetKind.Local or TargetKind.Aws))
        {
            findings.Add(
                node,
                "database-target",
                (
                    $"Nothing says where the database '{name}' is.",
                    "Fairlead runs databases on its own machine's loopback, which programs in containers do not reach.",
                    target is TargetKind.Docker
                        ? $"Run its image as a service that is never replaced ({name}: {{ kind: worker, port: 5432, container: {{ image: \"postgres:15\", volumes: {{ data: /var/lib/postgresql/data }} }} }}), or say: url: DATABASE_URL"
                        : "Say the secret that holds its address: url: DATABASE_URL"
                )
            );
        }
    }

    private static void CheckStandby(string name, DataStoreEntry entry, Node node, Findings findings)
    {
        if (entry is { Standby: true, Kind: not DatabaseKind.Postgres })
        {
            findings.Add(
                node.At("standby"),
                "database-standby",
                (
                    $"Nothing can follow the database '{name}'.",
                    "Only a PostgreSQL that Fairlead runs can have a standby.",
                    "Remove 'standby'."
                )
            );
        }
    }

    private static string Name(LoadedService one) => one.Service.Name;

    // One that has only files has nothing to connect with.
    private static bool IsUser(Service service, ManifestFile file, Database database) =>
        service.Recipe.Run.Count > 0
        && (
            service.Secrets?.Any(use => use.Secret == database.Url) is true
            || file.Services?.GetValueOrDefault(service.Name)?.Uses?.Contains(database.Name) is true
        );

    private static Service With(Service service, Database database, int copies)
    {
        var secret = database.Url!; // Only those with one are asked for.
        var given =
            service.Secrets?.Any(use => use.Secret == secret) is true || service.Env.ContainsKey(secret)
                ? service
                : service with
                {
                    Secrets = [.. service.Secrets ?? [], new SecretUse(secret, secret)],
                };
        var variable = secret.EndsWith("_URL", StringComparison.Ordinal) ? secret[..^"_URL".Length] + "_POOL" : "";
        if (database.Provided is not { } server || variable.Length == 0 || given.Env.ContainsKey(variable))
        {
            return given;
        }
        var each = Math.Max(1, (server.ConnectionsMax - Reserved) / (VersionsAtOnce * Math.Max(1, copies)));
        return given with
        {
            Env = new OrderedDictionary<string, string>(given.Env)
            {
                [variable] = each.ToString(CultureInfo.InvariantCulture),
            },
        };
    }
}
