using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Which paths lead to which service.</summary>
internal static class Routes
{
    /// <summary>
    /// What a service answers when the manifest does not say: pages everything; a single program everything or, beside
    /// pages, <c>/api</c>; each of several programs the path of its name; a worker nothing.
    /// </summary>
    public static IReadOnlyList<string> Default(string name, Kind kind, IReadOnlyCollection<Kind> kinds) =>
        kind switch
        {
            Kind.Web => ["/"],
            Kind.Api or Kind.Model when kinds.Count(one => one is Kind.Api or Kind.Model) > 1 => [$"/{name}"],
            Kind.Api or Kind.Model => kinds.Contains(Kind.Web) ? ["/api"] : ["/"],
            _ => [],
        };

    public static IReadOnlyList<string> Of(Draft draft, IReadOnlyCollection<Kind> kinds, Findings findings)
    {
        if (draft.Entry.Routes is not { } said)
        {
            return Default(draft.Name, draft.Kind, kinds);
        }
        if (draft.Kind is Kind.Worker or Kind.Job && said.Count > 0)
        {
            var word = draft.Kind == Kind.Worker ? "worker" : "job";
            findings.Add(
                draft.Node.At("routes"),
                draft.Kind == Kind.Worker ? "worker-routes" : "job-routes",
                (
                    $"The {word} '{draft.Name}' has routes.",
                    $"A {word} takes no requests, so nothing would answer them.",
                    "Remove 'routes', or write: kind: api"
                )
            );
        }
        return [.. said.Select(route => route.Length > 1 ? route.TrimEnd('/') : route).Distinct()];
    }

    public static void CheckUnique(IReadOnlyList<Draft> drafts, Findings findings)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            foreach (var route in draft.Routes)
            {
                if (!owners.TryAdd(route, draft.Name))
                {
                    findings.Add(
                        draft.Node.At("routes"),
                        "route-taken",
                        (
                            $"The services '{owners[route]}' and '{draft.Name}' have the same route {Shown.Line(route)}.",
                            draft.Entry.Routes is null
                                ? $"'{draft.Name}' says none, and a service of kind {draft.Kind.ToString().ToLowerInvariant()} has it by default."
                                : "A request could go to either of them.",
                            $"Give one of them another, for example in services.{draft.Name}: routes: [/{draft.Name}]"
                        )
                    );
                }
            }
        }
    }
}
