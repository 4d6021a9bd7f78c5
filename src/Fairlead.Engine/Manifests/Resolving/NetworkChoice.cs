using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>
/// Whom a service may talk to, and which personal data it works with. Neither changes what runs, so neither makes a new version; but in a
/// cluster, where policies stand beside what runs.
/// </summary>
internal static class NetworkChoice
{
    /// <param name="names">All services the file names, those with findings too.</param>
    public static ServiceNetwork Of(Draft draft, IReadOnlyCollection<string> names, Findings findings)
    {
        if (draft.Entry.Network is not { } entry)
        {
            return ServiceNetwork.None;
        }
        foreach (var (index, called) in (entry.Calls ?? []).Index())
        {
            var node = draft.Node.At("network", "calls", index);
            if (called == draft.Name)
            {
                findings.Add(
                    node,
                    "calls-itself",
                    (
                        $"The service '{called}' calls itself.",
                        "What goes on inside of a replica passes no network, and replicas reach each other through the edge.",
                        $"Remove '{called}' from 'calls'."
                    )
                );
            }
            else if (!names.Contains(called))
            {
                findings.Add(
                    node,
                    "unknown-service",
                    (
                        $"The service '{draft.Name}' calls '{called}', which does not exist.",
                        $"There are: {Shown.Line(string.Join(", ", names))}.",
                        Nearest.To(called, names.Where(Site.IsName)) is { } near
                            ? $"Did you mean '{near}'?"
                            : $"Is it outside of this app? Then write its host: network: {{ hosts: [{called}.example.com] }}"
                    )
                );
            }
        }
        return new([.. (entry.Calls ?? []).Distinct()], [.. (entry.Hosts ?? []).Distinct()]);
    }

    /// <summary>With whom its pods may call, where a cluster runs it.</summary>
    /// <param name="all">Services of the app by their names; those with findings are missing.</param>
    public static LoadedService Placed(LoadedService loaded, IReadOnlyDictionary<string, LoadedService> all)
    {
        if (loaded.Service.Container is not { Cluster: { } cluster } container)
        {
            return loaded;
        }
        var calls =
            from name in loaded.Service.Uses.Concat(loaded.Network.Calls).Distinct()
            let called = all.GetValueOrDefault(name)?.Service
            where called is { IsStatic: false } && (called.TakesTraffic || called.Port is not null)
            orderby name
            select new ClusterCall(name, called.Port ?? ContainerSettings.UsualPort);
        var network = new ClusterNetwork([.. calls], loaded.Network.Hosts);
        return loaded with
        {
            Service = loaded.Service with
            {
                Container = container with { Cluster = cluster with { Network = network } },
            },
        };
    }

    public static IReadOnlyList<PersonalUse> DataOf(Draft draft) =>
        [
            .. (draft.Entry.Data ?? [])
                .Where(entry => entry is { Category: not null, Purpose: not null })
                .Select(entry => new PersonalUse(draft.Name, entry.Category, entry.Purpose)
                {
                    Subjects = entry.Subjects,
                    Retention = entry.Retention,
                    Basis = entry.Basis,
                    IsSpecial = entry.Special is true,
                    Processors = entry.Processors ?? [],
                }),
        ];
}
