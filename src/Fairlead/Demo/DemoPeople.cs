using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Engine.Operations.Handoffs;

namespace Fairlead.Demo;

/// <summary>What a demo's people and their agents arranged: who is on call, what is silenced, what is planned and handed over.</summary>
/// <param name="ask">Has an operation done, as somebody; null when it could not be.</param>
internal sealed class DemoPeople(Func<Operation, JsonObject, string?, CancellationToken, Task<JsonNode?>> ask)
{
    private const string Roster = """
        route: { receiver: everybody, group_by: [app] }
        receivers: [{ name: everybody, log_configs: [{ file: told.jsonl }] }]
        time_intervals:
          - name: but Sundays
            time_intervals: [{ weekdays: ['monday:saturday'] }]
        people:
          Ida: { log_configs: [{ file: told.jsonl }] }
          Sam: { log_configs: [{ file: told.jsonl }] }
          Noor: { log_configs: [{ file: told.jsonl }] }
        schedules:
          primary:
            rotations: [{ start: 2026-01-05T09:00, shift: 7d, people: [Ida, Sam, Noor] }]
          payments:
            rotations: [{ start: 2026-01-05T00:00, shift: 2d, people: [Sam, Ida], only: [but Sundays] }]
        """;

    public async Task BeginAsync(CancellationToken stop)
    {
        if ((await ask(ShowOnCall.Operation, [], null, stop))?["schedules"] is JsonArray { Count: > 0 })
        {
            return; // It was arranged before this server began.
        }
        await ask(SetRouting.Operation, new JsonObject { ["text"] = Roster }, "Ida", stop);
        await ask(
            AddSilence.Operation,
            new JsonObject
            {
                ["matchers"] = new JsonArray("alertname=ReplicaRestarts"),
                ["app"] = "blog",
                ["for"] = "8h",
                ["reason"] = "its machine is being moved today",
            },
            "Sam",
            stop
        );
        await ask(
            PlanChange.Operation,
            new JsonObject
            {
                ["kind"] = "scale",
                ["app"] = "storefront",
                ["environment"] = "production",
                ["set"] = new JsonArray("api.replicas=5"),
            },
            "Ida",
            stop
        );
        await ask(
            PlanChange.Operation,
            new JsonObject
            {
                ["kind"] = "rollback",
                ["app"] = "search",
                ["environment"] = "production",
            },
            "Sam",
            stop
        );
        await ask(
            SubmitHandoff.Operation,
            new JsonObject
            {
                ["text"] = """
                kind: quality-gate
                version: 1
                app: storefront
                environment: production
                title: Checkout stays quick under the sale's load
                owner: quality
                body: { phase: shift, service: api, gate: 'error-rate < 1%' }
                """,
            },
            "Ida",
            stop
        );
    }
}
