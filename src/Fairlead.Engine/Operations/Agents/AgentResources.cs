using System.Text.Json.Nodes;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Something that an agent can read by its address.</summary>
/// <param name="Uri">Such as <c>fairlead://plan/1f3a9c02</c>.</param>
public sealed record AgentResource(string Uri, string Name, string About);

/// <summary>Apps, plans and incidents by address, as their caller may see them.</summary>
public static class AgentResources
{
    private const string Scheme = "fairlead://";

    /// <summary>Addresses on one page.</summary>
    public const int PageMax = 100;

    /// <summary>Addresses with a place for what is meant.</summary>
    public static IReadOnlyList<AgentResource> Templates { get; } =
    [
        new("fairlead://app/{app}/{environment}", "app", "What is live of an app, its releases and monitors."),
        new("fairlead://plan/{plan}", "plan", "A plan with its digest."),
        new("fairlead://incident/{incident}", "incident", "An incident from its first symptom on."),
        new("fairlead://handoff/{handoff}", "hand-off", "What was handed over, and what it enforces."),
    ];

    /// <summary>What there is to read now, a page of it.</summary>
    /// <param name="after">The last address of the page before; null for the first.</param>
    /// <returns>With the last address, where there is more.</returns>
    public static async Task<(IReadOnlyList<AgentResource> Page, string? Next)> ListAsync(
        string? after,
        AskOperation ask,
        CancellationToken stop
    )
    {
        // In one order, so that what comes and goes meanwhile neither hides nor repeats anything else.
        var all = (await AllAsync(ask, stop)).OrderBy(static one => one.Uri, StringComparer.Ordinal);
        var left = all.Where(one => after is null || string.CompareOrdinal(one.Uri, after) > 0).ToList();
        var page = left.Take(PageMax).ToList();
        return (page, left.Count > page.Count ? page[^1].Uri : null);
    }

    private static async Task<IReadOnlyList<AgentResource>> AllAsync(AskOperation ask, CancellationToken stop)
    {
        var apps = (await ask("status", [], stop))["apps"] as JsonArray ?? [];
        var plans = (await ask("agent.plans", [], stop))["plans"] as JsonArray ?? [];
        var incidents = (await ask("incident.list", [], stop))["incidents"] as JsonArray ?? [];
        var handoffs = (await ask("handoff.list", [], stop))["handoffs"] as JsonArray ?? [];
        return
        [
            .. apps.Select(static one => new AgentResource(
                $"{Scheme}app/{one!["app"]}/{one["environment"]}",
                $"{one["app"]}/{one["environment"]}",
                $"release {one["live"]}"
            )),
            .. plans.Select(static one => new AgentResource(
                $"{Scheme}plan/{one!["plan"]}",
                $"plan {one["plan"]}",
                PlainText.Of($"{one["state"]}: {one["summary"]}", 200)
            )),
            .. incidents.Select(static one => new AgentResource(
                $"{Scheme}incident/{one!["incident"]}",
                $"incident {one["incident"]}",
                $"{one["severity"]}, {one["state"]}"
            )),
            .. handoffs.Select(static one => new AgentResource(
                $"{Scheme}handoff/{one!["handoff"]}",
                $"hand-off {one["handoff"]}",
                $"{one["kind"]}, {one["state"]}"
            )),
        ];
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="ProblemException">There is none of this address, or its caller may not see it.</exception>
    public static Task<JsonObject> ReadAsync(string uri, AskOperation ask, CancellationToken stop)
    {
        var words = uri.StartsWith(Scheme, StringComparison.Ordinal) ? uri[Scheme.Length..].Split('/') : [];
        return words switch
        {
            ["app", var app, var environment] => AgentTools.RunAsync(
                "describe_app",
                new() { ["app"] = app, ["environment"] = environment },
                ask,
                stop
            ),
            ["plan", var plan] => AgentTools.RunAsync("get_plan", new() { ["plan"] = plan }, ask, stop),
            ["handoff", var handoff] => AgentTools.RunAsync(
                "list_handoffs",
                new() { ["handoff"] = handoff },
                ask,
                stop
            ),
            ["incident", var number]
                when int.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out var one) =>
                AgentTools.RunAsync("update_incident", new() { ["incident"] = one }, ask, stop),
            _ => throw new ProblemException(
                new Problem(
                    "agent.no-resource",
                    What: $"There is nothing at '{PlainText.Of(uri, 120)}'.",
                    Why: $"Addresses here are {string.Join(", ", Templates.Select(static one => one.Uri))}.",
                    Fix: "Ask for the list of resources."
                )
                {
                    Trouble = Trouble.NotFound,
                }
            ),
        };
    }
}
