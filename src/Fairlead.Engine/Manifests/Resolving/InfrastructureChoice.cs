using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>What an environment needs of a cloud: its own words before those of the app.</summary>
internal static class InfrastructureChoice
{
    /// <returns>Null where the manifest says nothing of it; else the cloud and the region are said.</returns>
    public static InfrastructureEntry? Of(
        InfrastructureEntry? ofApp,
        Place place,
        IReadOnlyList<LoadedService> services,
        (Node Root, Findings All) findings
    )
    {
        if (ofApp is null && place.Entry.Infrastructure is null)
        {
            return null;
        }
        var merged = Over(ofApp ?? new(), place.Entry.Infrastructure ?? new());
        var node = new Written(findings.Root, place.Name);
        Check(merged, place, services, (node, findings.All));
        return merged with
        {
            Region = merged.Region ?? UsualRegion(merged.Cloud ?? CloudKind.Aws),
            Protected = merged.Protected ?? place.Name == "production",
        };
    }

    internal static string UsualRegion(CloudKind cloud) =>
        cloud switch
        {
            CloudKind.Google => "europe-west3",
            CloudKind.Azure => "germanywestcentral",
            _ => "eu-central-1",
        };

    private static InfrastructureEntry Over(InfrastructureEntry below, InfrastructureEntry above) =>
        new()
        {
            Cloud = above.Cloud ?? below.Cloud,
            Region = above.Region ?? (above.Cloud is { } other && other != below.Cloud ? null : below.Region),
            Zones = above.Zones ?? below.Zones,
            Network = above.Network ?? below.Network,
            Exits = above.Exits ?? below.Exits,
            Zone = above.Zone ?? below.Zone,
            Services = Over(below.Services, above.Services),
            Databases = Over(below.Databases, above.Databases),
            Caches = Over(below.Caches, above.Caches),
            Buckets = Over(below.Buckets, above.Buckets),
            Queues = Over(below.Queues, above.Queues),
            LogDays = above.LogDays ?? below.LogDays,
            Alerts = above.Alerts ?? below.Alerts,
            Budget = above.Budget ?? below.Budget,
            Usage = above.Usage ?? below.Usage,
            Prices = above.Prices ?? below.Prices,
            Policies = above.Policies ?? below.Policies,
            Tags = Over(below.Tags, above.Tags),
            Protected = above.Protected ?? below.Protected,
        };

    private static SortedDictionary<string, T>? Over<T>(
        IReadOnlyDictionary<string, T>? below,
        IReadOnlyDictionary<string, T>? above
    )
    {
        if (below is null && above is null)
        {
            return null;
        }
        var all = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, one) in (below ?? new Dictionary<string, T>()).Concat(above ?? new Dictionary<string, T>()))
        {
            all[name] = one;
        }
        return all;
    }

    /// <summary>Where a word of it stands: at the environment if it says it, else at the app.</summary>
    private sealed record Written(Node Root, string Environment)
    {
        public Node At(params ReadOnlySpan<object> steps)
        {
            var own = Root.At("environments", Environment, "infrastructure");
            var found = own.At(steps);
            return own.Path.EndsWith("infrastructure", StringComparison.Ordinal) && found.Path != own.Path
                ? found
                : Root.At("infrastructure").At(steps);
        }
    }

    private static void Check(
        InfrastructureEntry entry,
        Place place,
        IReadOnlyList<LoadedService> services,
        (Written At, Findings All) findings
    )
    {
        if (entry.Cloud is null)
        {
            findings.All.Add(
                findings.At.At("cloud"),
                "no-cloud",
                (
                    "Nothing says which cloud it is.",
                    "What is needed of a cloud is written for one of them.",
                    "Add to 'infrastructure': cloud: aws"
                )
            );
        }
        CheckNetwork(entry, findings);
        CheckHosts(entry, place, findings);
        CheckServices(entry, services, findings);
        CheckSizes(entry, findings);
    }

    private static void CheckNetwork(InfrastructureEntry entry, (Written At, Findings All) findings)
    {
        if (entry.Network is not { } range)
        {
            return;
        }
        if (
            !System.Net.IPNetwork.TryParse(range, out var network)
            || network.PrefixLength != 16
            || network.BaseAddress.AddressFamily is not System.Net.Sockets.AddressFamily.InterNetwork
            || !IsPrivate(network.BaseAddress)
        )
        {
            findings.All.Add(
                findings.At.At("network"),
                "cloud-network",
                (
                    $"{Shown.Quoted(range)} cannot be the network's range.",
                    "It takes a /16 of IPv4's private addresses: below 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
                    "Write for example: network: 10.20.0.0/16"
                )
            );
        }
    }

    private static bool IsPrivate(System.Net.IPAddress address) =>
        address.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..];

    private static void CheckHosts(InfrastructureEntry entry, Place place, (Written At, Findings All) findings)
    {
        if (
            entry.Zone is { } zone
            && place.Hosts.FirstOrDefault(host => host != zone && !host.EndsWith($".{zone}", StringComparison.Ordinal))
                is { } outside
        )
        {
            findings.All.Add(
                findings.At.At("zone"),
                "cloud-zone",
                (
                    $"The host {outside} is not in the zone {zone}.",
                    "Its record and its certificate are made in the zone, which holds what ends with its name.",
                    $"Name the zone that holds it, or write in environments.{place.Name}: hosts: [shop.{zone}]"
                )
            );
        }
    }

    private static void CheckServices(
        InfrastructureEntry entry,
        IReadOnlyList<LoadedService> services,
        (Written At, Findings All) findings
    )
    {
        string[] names = [.. services.Select(static one => one.Service.Name)];
        var uses = new List<(Node Node, string Name)>();
        uses.AddRange(
            (entry.Services ?? Empty<PlacedEntry>()).Keys.Select(one => (findings.At.At("services", one), one))
        );
        AddAll("databases", entry.Databases, static one => [("for", one.For)]);
        AddAll("caches", entry.Caches, static one => [("for", one.For)]);
        AddAll("buckets", entry.Buckets, static one => [("for", one.For), ("readers", one.Readers)]);
        AddAll("queues", entry.Queues, static one => [("senders", one.Senders), ("receivers", one.Receivers)]);
        foreach (var (node, name) in uses.Where(one => !names.Contains(one.Name)))
        {
            findings.All.Add(
                node,
                "unknown-service",
                (
                    $"There is no service {Shown.Quoted(name)}.",
                    $"There are: {Shown.Line(string.Join(", ", names))}.",
                    Nearest.To(name, names.Where(Site.IsName)) is { } near ? $"Did you mean '{near}'?" : "Remove it."
                )
            );
        }
        void AddAll<T>(
            string group,
            IReadOnlyDictionary<string, T>? all,
            Func<T, (string Key, IReadOnlyList<string>? Names)[]> lists
        )
        {
            foreach (var (name, one) in all ?? Empty<T>())
            {
                foreach (var (key, said) in lists(one))
                {
                    uses.AddRange((said ?? []).Select((use, index) => (findings.At.At(group, name, key, index), use)));
                }
            }
        }
    }

    private static Dictionary<string, T> Empty<T>() => new(StringComparer.Ordinal);

    private static void CheckSizes(InfrastructureEntry entry, (Written At, Findings All) findings)
    {
        IEnumerable<(string Group, string Name, SizeEntry? Size)> sizes =
        [
            .. (entry.Services ?? Empty<PlacedEntry>()).Select(static one => ("services", one.Key, one.Value.Size)),
            .. (entry.Databases ?? Empty<DatabaseEntry>()).Select(static one => ("databases", one.Key, one.Value.Size)),
            .. (entry.Caches ?? Empty<CacheNeedEntry>()).Select(static one => ("caches", one.Key, one.Value.Size)),
        ];
        foreach (
            var (group, name, _) in sizes.Where(static one =>
                one.Size is { } size
                && (
                    size.Word is null
                        ? size.Cpu is null || size.Memory is null
                        : size.Cpu is not null || size.Memory is not null
                )
            )
        )
        {
            findings.All.Add(
                findings.At.At(group, name, "size"),
                "cloud-size",
                (
                    $"The size of '{name}' is not clear.",
                    "It takes a word, or both cores and memory.",
                    "Write: size: medium, or: size: { cpu: 2, memory: 8GiB }"
                )
            );
        }
        foreach (var (name, one) in entry.Databases ?? Empty<DatabaseEntry>())
        {
            if (one.Storage is { Bytes: < 20L << 30 or > 16L << 40 })
            {
                findings.All.Add(
                    findings.At.At("databases", name, "storage"),
                    "cloud-storage",
                    (
                        $"The disk of '{name}' has no size that clouds make.",
                        "It takes 20GiB to 16TiB.",
                        "Write for example: storage: 50GiB"
                    )
                );
            }
        }
    }
}
