using System.Text.Json.Nodes;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;
using static Fairlead.Engine.Operations.Agents.ToolJson;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>What is looked at before, in and after a deployment.</summary>
public sealed partial class Specialist
{
    private async Task PrepareAsync(Look look, CancellationToken stop)
    {
        var known = (await look.AskAsync("status", [], stop))["apps"] as JsonArray ?? [];
        var site = known.FirstOrDefault(one =>
            Text(one, "app") == order.App && Text(one, "environment") == order.Environment
        );
        look.Say(
            site is null
                ? "nothing of it was deployed there yet"
                : $"release {site["live"]?.ToJsonString() ?? "none"} is live"
        );
        var handoffs = (await look.AskAsync("handoff.list", Site, stop))["handoffs"] as JsonArray ?? [];
        look.Say($"{handoffs.Count} hand-offs are open");
        foreach (var one in handoffs.Where(static one => Text(one, "state") == "offered").Take(LinesMax))
        {
            look.Ask(
                $"answer the hand-off {Text(one, "handoff")} ({Text(one, "kind")}): fairlead handoff accept|reject {Text(one, "handoff")}"
            );
        }
    }

    private async Task ProvisionAsync(Look look, CancellationToken stop)
    {
        var state = await look.AskAsync("infra.status", Site, stop);
        look.Say(
            state["run"] is { } run
                ? $"infrastructure: {Text(run, "summary") ?? "made"}"
                : "nothing was made at a cloud for it"
        );
        if (state["waiting"] is { } waiting)
        {
            look.Ask(
                $"an infrastructure plan waits: {Text(waiting, "summary")}; fairlead infra apply {order.App} --plan {Text(waiting, "plan")}"
            );
        }
    }

    private async Task SecureAsync(Look look, CancellationToken stop)
    {
        var network = await look.AskAsync("certificate.list", App, stop);
        var certificates = network["certificates"] as JsonArray ?? [];
        look.Say($"{certificates.Count} certificates");
        foreach (
            var one in certificates.Where(static one => Text(one, "state") is "failing" or "expiring" or "expired")
        )
        {
            look.Fail($"the certificate of {Text(one, "host")} is {Text(one, "state")}");
        }
    }

    private async Task ValidateAsync(Look look, CancellationToken stop)
    {
        if (order.Folder is null)
        {
            look.Nothing("no folder was named: what is live stays");
            return;
        }
        var input = new JsonObject
        {
            ["kind"] = "deploy",
            ["folder"] = order.Folder,
            ["environment"] = order.Environment,
        };
        try
        {
            plan = await look.AskAsync("agent.plan", input, stop);
        }
        catch (ProblemException caught) when (caught.Problem.Code is "agent.plan-empty")
        {
            look.Nothing("what is live is what the folder holds");
            return;
        }
        look.Say($"plan {Text(plan, "plan")}, digest {Text(plan, "digest")}: {Text(plan, "summary")}");
        var content = plan["content"];
        look.Say(
            $"risk {Text(content, "risk")}: {string.Join("; ", (content?["riskReasons"] as JsonArray ?? []).Take(3))}"
        );
        look.Say($"undo: {Text(content, "undo")}");
    }

    private async Task ShiftAsync(Look look, CancellationToken stop)
    {
        if (deployment is null)
        {
            look.Nothing("nothing was deployed");
            return;
        }
        var explained = await look.AskAsync("explain", new() { ["deployment"] = deployment }, stop);
        foreach (
            var one in (explained["story"] as JsonArray ?? [])
                .Where(static one => Text(one, "kind") is "step" or "ended" or "taking-back")
                .TakeLast(LinesMax)
        )
        {
            look.Say(Text(one, "text") ?? "");
        }
        if (ended != "promoted")
        {
            look.Fail($"it ended as {ended}: {Text(explained["deployment"]?["reason"], "why")}");
        }
    }

    private async Task ValidatePerformanceAsync(Look look, CancellationToken stop)
    {
        var status = await look.AskAsync("status", Site, stop);
        foreach (var part in (status["apps"]?[0]?["parts"] as JsonArray ?? []).Take(LinesMax))
        {
            look.Say(
                $"{Text(part, "part")}: {part!["ready"]}/{part["wanted"]} ready, {part["requestsPerSecond"]?.ToJsonString() ?? "no"} requests/s, "
                    + $"{part["errorPercent"]?.ToJsonString() ?? "no"} % errors, p95 {part["p95Milliseconds"]?.ToJsonString() ?? "unknown"} ms"
            );
            if (part["ready"]?.GetValue<int>() < part["wanted"]?.GetValue<int>())
            {
                look.Fail($"{Text(part, "part")} has not all of its replicas");
            }
        }
    }

    private async Task AcceptanceAsync(Look look, CancellationToken stop)
    {
        var handoffs = (await look.AskAsync("handoff.list", Site, stop))["handoffs"] as JsonArray ?? [];
        foreach (var one in handoffs.Where(static one => Text(one, "state") == "accepted").Take(LinesMax))
        {
            look.Say($"{Text(one, "kind")} {Text(one, "handoff")} of {Text(one, "owner")} holds");
        }
        foreach (var late in handoffs.Where(static one => one?["isLate"]?.GetValue<bool>() is true).Take(LinesMax))
        {
            look.Ask($"the hand-off {Text(late, "handoff")} is late since {Text(late, "due")}");
        }
        var proof = await look.AskAsync("explain", Site, stop);
        look.Say(
            $"deployment {Text(proof["deployment"], "id")} was asked for by {Text(proof["deployment"], "requestedBy") ?? "nobody known"}"
        );
    }

    private async Task DocumentationAsync(Look look, CancellationToken stop)
    {
        var page = await look.AskAsync("app.page", Site, stop);
        look.Say($"its operational page was written: {Text(page, "digest")}");
    }

    private async Task ApplyAsync(Look look, CancellationToken stop)
    {
        if (plan is null)
        {
            look.Nothing("there is no plan to apply");
            return;
        }
        var input = Pick(plan, "plan", "digest");
        var until = world.Now + order.Wait;
        var answer = await look.AskAsync("agent.apply", input.DeepClone().AsObject(), stop);
        if (answer["done"]?.GetValue<bool>() is not true)
        {
            say($"{Text(plan, "approvalBecause")}. {Text(plan, "next")}");
        }
        while (answer["done"]?.GetValue<bool>() is not true && world.Now < until)
        {
            await Task.Delay(Pause, world.Clock, stop);
            answer = await ask("agent.apply", input.DeepClone().AsObject(), stop);
        }
        if (answer["done"]?.GetValue<bool>() is not true)
        {
            look.Say($"it was not applied: {Text(plan, "approvalBecause")}");
            look.Ask(Text(answer["plan"], "next") ?? "approve the plan");
            return;
        }
        deployment = Text(answer["deployment"], "id");
        look.Say(deployment is null ? "nothing had to be done" : $"deployment {deployment} began");
    }

    private async Task FollowAsync(Look look, CancellationToken stop)
    {
        if (deployment is null)
        {
            look.Nothing("nothing was deployed");
            return;
        }
        var after = 0L;
        for (var until = world.Now + FollowMax; world.Now < until; )
        {
            var news = await ask(
                "follow",
                new()
                {
                    ["deployment"] = deployment,
                    ["after"] = after,
                    ["waitMilliseconds"] = 5_000,
                },
                stop
            );
            foreach (var one in news["entries"] as JsonArray ?? [])
            {
                after = one!["sequence"]!.GetValue<long>(); // Every entry has one.
                if (Text(one, "kind") is "verdict" or "step" or "ended")
                {
                    say(PlainText.Of(Text(one, "text") ?? "", 200));
                }
            }
            if (news["deployment"]?["isOver"]?.GetValue<bool>() is true)
            {
                var view = news["deployment"]!; // Looked at just now.
                ended = Text(view, "phase");
                foreach (var one in (view["verdicts"] as JsonArray ?? []).Take(LinesMax))
                {
                    look.Say(
                        $"{Text(one, "gate")}: {Text(one, "ruling") ?? one!["ruling"]?.ToJsonString()}, {Text(one, "reason")}"
                    );
                }
                look.Say($"it ended as {ended}");
                look.Evidence($"deployment {deployment}");
                return;
            }
        }
        look.Fail("it did not end in time");
    }

    private async Task MonitorsAsync(Look look, CancellationToken stop)
    {
        var monitors = (await look.AskAsync("monitor.list", Site, stop))["monitors"] as JsonArray ?? [];
        look.Say($"{monitors.Count} monitors");
        foreach (var one in monitors.Where(static one => Text(one, "state") is "down").Take(LinesMax))
        {
            look.Fail($"monitor {Text(one, "name") ?? Text(one, "monitor")} is down");
        }
        var rules = (await look.AskAsync("rule.list", [], stop))["rules"] as JsonArray ?? [];
        look.Say($"{rules.Count} rules are evaluated");
    }
}
