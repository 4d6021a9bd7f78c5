using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Whom a service may talk to, and which personal data it works with. Neither changes what runs, so neither makes a new version.</summary>
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
