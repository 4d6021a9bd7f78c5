using System.Text.Json.Nodes;
using Fairlead.Model.Agents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using static Fairlead.Engine.Operations.Agents.ToolJson;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>What a walk is about.</summary>
/// <param name="Folder">With the fairlead.yaml; null to look after what is live, and deploy nothing.</param>
/// <param name="Wait">How long it waits for a person to approve.</param>
public sealed record SpecialistOrder(string App, string Environment, string? Folder, TimeSpan Wait);

/// <summary>
/// The deployment specialist without a model: walks the phases in their order, does what is safe, asks for what needs a person, and
/// writes down what it saw. It asks for the same operations as every agent, as an agent.
/// </summary>
public sealed class Specialist(SpecialistOrder order, AskOperation ask, World world, Action<string> say)
{
    private const int LinesMax = 12;
    private static readonly TimeSpan FollowMax = TimeSpan.FromHours(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly List<SpecialistPhase> phases = [];
    private string? deployment;
    private string? ended;

    private JsonObject Site => new() { ["app"] = order.App, ["environment"] = order.Environment };

    private JsonObject App => new() { ["app"] = order.App };

    public async Task<SpecialistRecord> RunAsync(CancellationToken stop)
    {
        var began = world.Now;
        await BeforeAsync(stop);
        await DeployAsync(stop);
        await AfterAsync(stop);
        await IncidentAsync(stop);
        return new(order.App, order.Environment, began, world.Now, phases);
    }

    private async Task BeforeAsync(CancellationToken stop)
    {
        await PhaseAsync("before", "prepare", look => PrepareAsync(look, stop), stop);
        await PhaseAsync("before", "provision", look => ProvisionAsync(look, stop), stop);
        await PhaseAsync("before", "secure", look => SecureAsync(look, stop), stop);
        await PhaseAsync("before", "monitor", look => MonitorsAsync(look, stop), stop);
    }

    private async Task DeployAsync(CancellationToken stop)
    {
        JsonNode? plan = null;
        await PhaseAsync("deployment", "validate", async look => plan = await ValidateAsync(look, stop), stop);
        await PhaseAsync("deployment", "deploy", look => ApplyAsync(look, plan, stop), stop);
        await PhaseAsync("deployment", "check", look => FollowAsync(look, stop), stop);
        await PhaseAsync(
            "deployment",
            "shift",
            async look =>
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
            },
            stop
        );
    }

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

    private async Task<JsonNode?> ValidateAsync(Look look, CancellationToken stop)
    {
        JsonNode? plan;
        if (order.Folder is null)
        {
            look.Nothing("no folder was named: what is live stays");
            return null;
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
            return null;
        }
        look.Say($"plan {Text(plan, "plan")}, digest {Text(plan, "digest")}: {Text(plan, "summary")}");
        var content = plan["content"];
        look.Say(
            $"risk {Text(content, "risk")}: {string.Join("; ", (content?["riskReasons"] as JsonArray ?? []).Take(3))}"
        );
        look.Say($"undo: {Text(content, "undo")}");
        return plan;
    }

    private async Task<JsonNode?> DetectAsync(Look look, CancellationToken stop)
    {
        var open = (await look.AskAsync("incident.list", Site, stop))["incidents"] as JsonArray ?? [];
        var firing = ((await look.AskAsync("alert.list", Site, stop))["alerts"] as JsonArray ?? [])
            .Where(static one => Text(one, "state") == "firing")
            .ToList();
        var incident = open.Count > 0 ? open[0] : null;
        if (incident is null && firing.Count == 0)
        {
            look.Nothing("no incident is open and no alert fires");
        }
        foreach (var one in firing.Take(LinesMax))
        {
            look.Fail($"alert {Text(one, "name") ?? Text(one, "alert")} fires");
        }
        if (incident is not null)
        {
            look.Fail($"incident {incident["incident"]} is {Text(incident, "state")}: {Text(incident, "title")}");
        }
        return incident;
    }

    private async Task TellAsync(Look look, int? number, CancellationToken stop)
    {
        if (number is null)
        {
            look.Nothing("there is nobody to tell anything");
            return;
        }
        var decided = string.Join("; ", phases.Last(static one => one.Phase == "decide").Found);
        await look.AskAsync(
            "incident.note",
            new()
            {
                ["incident"] = number,
                ["text"] =
                    $"The specialist looked at it: {PlainText.Of(decided, 1_000)}. Next update within 30 minutes.",
            },
            stop
        );
        look.Say("the timeline has what was decided, and when the next update comes");
    }

    private async Task ApplyAsync(Look look, JsonNode? plan, CancellationToken stop)
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

    private async Task AfterAsync(CancellationToken stop)
    {
        await PhaseAsync("after", "validate monitoring", look => MonitorsAsync(look, stop), stop);
        await PhaseAsync(
            "after",
            "validate performance",
            async look =>
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
            },
            stop
        );
        await PhaseAsync(
            "after",
            "acceptance",
            async look =>
            {
                var handoffs = (await look.AskAsync("handoff.list", Site, stop))["handoffs"] as JsonArray ?? [];
                foreach (var one in handoffs.Where(static one => Text(one, "state") == "accepted").Take(LinesMax))
                {
                    look.Say($"{Text(one, "kind")} {Text(one, "handoff")} of {Text(one, "owner")} holds");
                }
                foreach (
                    var late in handoffs.Where(static one => one?["isLate"]?.GetValue<bool>() is true).Take(LinesMax)
                )
                {
                    look.Ask($"the hand-off {Text(late, "handoff")} is late since {Text(late, "due")}");
                }
                var proof = await look.AskAsync("explain", Site, stop);
                look.Say(
                    $"deployment {Text(proof["deployment"], "id")} was asked for by {Text(proof["deployment"], "requestedBy") ?? "nobody known"}"
                );
            },
            stop
        );
        await PhaseAsync(
            "after",
            "documentation",
            async look =>
            {
                var page = await look.AskAsync("app.page", Site, stop);
                look.Say($"its operational page was written: {Text(page, "digest")}");
            },
            stop
        );
    }

    private async Task IncidentAsync(CancellationToken stop)
    {
        JsonNode? incident = null;
        await PhaseAsync("incident", "detect", async look => incident = await DetectAsync(look, stop), stop);
        var number = incident?["incident"]?.GetValue<int>();
        JsonNode? shown = null;
        await PhaseAsync(
            "incident",
            "assess",
            async look =>
            {
                if (number is null)
                {
                    look.Nothing("there is nothing to assess");
                    return;
                }
                shown = await look.AskAsync("incident.show", new() { ["incident"] = number }, stop);
                look.Say(
                    $"{Text(shown, "severity")}; {shown["failedRequests"]?.ToJsonString() ?? "no"} of {shown["requests"]?.ToJsonString() ?? "no"} requests failed"
                );
                foreach (var one in (shown["suspects"] as JsonArray ?? []).Take(3))
                {
                    look.Say($"suspect: {Text(one, "what")}, {Text(one, "why")}");
                }
            },
            stop
        );
        await PhaseAsync("incident", "decide", look => DecideAsync(look, (number, shown), stop), stop);
        await PhaseAsync("incident", "communicate", look => TellAsync(look, number, stop), stop);
    }

    // Back to what was good when users are hurt and the release is suspected; everything else is for people.
    private async Task DecideAsync(Look look, (int? Number, JsonNode? Shown) incident, CancellationToken stop)
    {
        if (incident.Number is null)
        {
            look.Nothing("there is nothing to decide");
            return;
        }
        var state = Text(incident.Shown, "state");
        var isHurting =
            state == "open"
            && incident.Shown?["failedRequests"] is JsonValue failed
            && failed.TryGetValue<long>(out var count)
            && count > 0;
        var isSuspected = (incident.Shown?["suspects"] as JsonArray ?? []).Any(static one =>
            Text(one, "what")?.Contains("release", StringComparison.OrdinalIgnoreCase) is true
        );
        if (isHurting && isSuspected)
        {
            var back = await look.AskAsync("rollback", Site, stop);
            look.Say($"users are hurt and a release is suspected: it is taken back, deployment {Text(back, "id")}");
            return;
        }
        look.Say(
            state == "open" ? "no release is suspected, or nobody is hurt: nothing was taken back" : $"it is {state}"
        );
        look.Ask(
            Text(incident.Shown, "action")
                ?? $"look at incident {incident.Number}: fairlead incident show {incident.Number}"
        );
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

    private async Task PhaseAsync(string stage, string phase, Func<Look, Task> body, CancellationToken stop)
    {
        var look = new Look(ask);
        try
        {
            await body(look);
        }
        catch (ProblemException caught)
        {
            if (caught.Problem.Trouble is Trouble.NotAllowed)
            {
                look.Ask($"{caught.Problem.What} {caught.Problem.Fix}");
            }
            else if (caught.Problem.Trouble is Trouble.NotFound)
            {
                look.Nothing($"{caught.Problem.What} {caught.Problem.Why}");
            }
            else
            {
                look.Fail($"{caught.Problem.What} {caught.Problem.Why}");
                look.Ask(caught.Problem.Fix);
            }
        }
        stop.ThrowIfCancellationRequested();
        var done = look.Make(stage, phase);
        phases.Add(done);
        say($"{phase}: {done.Result.ToString().ToLowerInvariant()}");
    }

    /// <summary>What a phase sees, with what it saw it by.</summary>
    private sealed class Look(AskOperation ask)
    {
        private readonly List<string> found = [];
        private readonly List<string> evidence = [];
        private string? asks;
        private PhaseResult result = PhaseResult.Done;

        public async Task<JsonNode> AskAsync(string operation, JsonObject input, CancellationToken stop)
        {
            Evidence($"fairlead {operation.Replace('.', ' ')}");
            return await ask(operation, input, stop);
        }

        public void Evidence(string what)
        {
            if (!evidence.Contains(what))
            {
                evidence.Add(what);
            }
        }

        public void Say(string line) => found.Add(PlainText.Of(line, 400));

        public void Fail(string line)
        {
            Say(line);
            result = PhaseResult.Failed;
        }

        public void Nothing(string line)
        {
            Say(line);
            result = PhaseResult.Nothing;
        }

        public void Ask(string what)
        {
            asks = asks is null ? what : $"{asks}; {what}";
            result = result is PhaseResult.Failed ? result : PhaseResult.Asks;
        }

        public SpecialistPhase Make(string stage, string phase) =>
            new(stage, phase, result, found, evidence.Count == 0 ? ["nothing had to be asked"] : evidence, asks);
    }
}
