using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Puts services into the order of <c>uses</c>: each after those it uses, else as in the file.</summary>
/// <param name="databases">What a service may use beside services.</param>
internal sealed class UsesOrder(
    IReadOnlyDictionary<string, ServiceEntry> services,
    IReadOnlyCollection<string> databases,
    Node root,
    Findings findings
)
{
    private readonly List<string> order = [];
    private readonly List<string> open = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <param name="names">All services the file names, those with findings too.</param>
    public IReadOnlyList<string> Sort(IReadOnlyCollection<string> names)
    {
        foreach (var (name, entry) in services)
        {
            foreach (var (index, used) in (entry.Uses ?? []).Index())
            {
                if (!names.Contains(used) && !databases.Contains(used))
                {
                    findings.Add(
                        root.At("services", name, "uses", index),
                        "unknown-service",
                        (
                            $"The service '{name}' uses '{used}', which does not exist.",
                            $"There are: {Shown.Line(string.Join(", ", names.Concat(databases)))}.",
                            Nearest.To(used, names.Concat(databases).Where(Site.IsName)) is { } near
                                ? $"Did you mean '{near}'?"
                                : "Remove it, or add a service of that name."
                        )
                    );
                }
            }
            Visit(name);
        }
        return order;
    }

    private void Visit(string name)
    {
        if (open.IndexOf(name) is >= 0 and var start)
        {
            AddCircle([.. open[start..], name]);
        }
        else if (seen.Add(name) && services.TryGetValue(name, out var entry))
        {
            open.Add(name);
            foreach (var used in entry.Uses ?? [])
            {
                Visit(used);
            }
            open.RemoveAt(open.Count - 1);
            order.Add(name);
        }
    }

    private void AddCircle(IReadOnlyList<string> circle) =>
        findings.Add(
            root.At("services", circle[^2], "uses"),
            "circle",
            (
                circle.Count == 2
                    ? $"The service '{circle[0]}' uses itself."
                    : $"Services use each other in a circle: {Shown.Line(string.Join(" -> ", circle))}.",
                "A service is started after those it uses, so none of them could be the first.",
                $"Remove '{circle[^1]}' from 'uses' of '{circle[^2]}'."
            )
        );
}
