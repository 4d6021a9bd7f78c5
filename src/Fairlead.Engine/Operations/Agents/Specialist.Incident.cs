using System.Text.Json.Nodes;
using Fairlead.Model.Agents;
using static Fairlead.Engine.Operations.Agents.ToolJson;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>What is looked at when users are hurt.</summary>
public sealed partial class Specialist
{
    private async Task DetectAsync(Look look, CancellationToken stop)
    {
        var open = (await look.AskAsync("incident.list", Site, stop))["incidents"] as JsonArray ?? [];
        var firing = ((await look.AskAsync("alert.list", Site, stop))["alerts"] as JsonArray ?? [])
            .Where(static one => Text(one, "state") == "firing")
            .ToList();
        incident = open.Count > 0 ? open[0] : null;
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
    }

    private async Task AssessAsync(Look look, CancellationToken stop)
    {
        if (Number is null)
        {
            look.Nothing("there is nothing to assess");
            return;
        }
        shown = await look.AskAsync("incident.show", new() { ["incident"] = Number }, stop);
        look.Say(
            $"{Text(shown, "severity")}; {shown["failedRequests"]?.ToJsonString() ?? "no"} of {shown["requests"]?.ToJsonString() ?? "no"} requests failed"
        );
        foreach (var one in (shown["suspects"] as JsonArray ?? []).Take(3))
        {
            look.Say($"suspect: {Text(one, "what")}, {Text(one, "why")}");
        }
    }

    private async Task CommunicateAsync(Look look, CancellationToken stop)
    {
        if (Number is null)
        {
            look.Nothing("there is nobody to tell anything");
            return;
        }
        var decided = string.Join("; ", phases.Last(static one => one.Phase == "decide").Found);
        await look.AskAsync(
            "incident.note",
            new()
            {
                ["incident"] = Number,
                ["text"] =
                    $"The specialist looked at it: {PlainText.Of(decided, 1_000)}. Next update within 30 minutes.",
            },
            stop
        );
        look.Say("the timeline has what was decided, and when the next update comes");
    }

    // Back to what was good when users are hurt and the release is suspected; everything else is for people.
    private async Task DecideAsync(Look look, CancellationToken stop)
    {
        if (Number is null)
        {
            look.Nothing("there is nothing to decide");
            return;
        }
        var state = Text(shown, "state");
        var isHurting =
            state == "open"
            && shown?["failedRequests"] is JsonValue failed
            && failed.TryGetValue<long>(out var count)
            && count > 0;
        var isSuspected = (shown?["suspects"] as JsonArray ?? []).Any(static one =>
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
        look.Ask(Text(shown, "action") ?? $"look at incident {Number}: fairlead incident show {Number}");
    }
}
