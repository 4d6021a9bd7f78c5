using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations.Handoffs;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Model.Agents;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>One hand-off and what is enforced because of it.</summary>
public sealed class HandoffPage : IPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string Route => "/ui/handoffs/{handoff}";

    public string Section => "Agents";

    internal static string ToneOf(HandoffState state) =>
        state switch
        {
            HandoffState.Offered => "warn",
            HandoffState.Accepted => "motion",
            HandoffState.Fulfilled => "good",
            HandoffState.Rejected => "bad",
            _ => "mute",
        };

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var one = await asking.AskAsync<HandoffView>(
            ShowHandoff.Operation,
            new JsonObject { ["handoff"] = place["handoff"] },
            stop
        );
        return new Sheet(
            one.Effects.Count == 0 ? "Nothing is enforced because of it." : string.Join(" ", one.Effects.Take(6)),
            [
                new Block.Acts(await Offered.ToAsync(asking, ActsOn(one), stop)),
                new Block.Facts(
                    "Facts",
                    [
                        ("State", new Cell($"{one.State}") { Tone = ToneOf(one.State) }),
                        ("Kind", Cell.Code(one.Kind)),
                        ("Where", Cell.Link($"{one.App} {one.Environment}", Links.App(one.App, one.Environment))),
                        ("From", $"{one.From}, {Texts.Who(one.OfferedBy)}"),
                        ("Owner", one.Owner),
                        (
                            "Until",
                            one.Due is { } due ? $"{due:yyyy-MM-dd}{(one.IsLate ? ", which is over" : "")}" : "no day"
                        ),
                        ("Offered", Cell.Time(one.OfferedAt)),
                        ("Reason", one.Reason ?? "–"),
                    ]
                ),
                new Block.Text("What it says", one.Body.ToJsonString(Indented)),
            ]
        ).As($"{one.Title}: {one.State.ToString().ToLowerInvariant()}") with
        {
            Crumbs = [("Agents", "/ui/agents"), ($"hand-off {one.Handoff[..Math.Min(6, one.Handoff.Length)]}", null)],
        };
    }

    private static IEnumerable<Act> ActsOn(HandoffView one)
    {
        var on = Offered.On("handoff", one.Handoff);
        if (one.State is HandoffState.Offered)
        {
            yield return new("Accept", AcceptHandoff.Operation, "What it says holds from now on.", on);
            yield return new(
                "Reject",
                RejectHandoff.Operation,
                "It never holds. Whoever handed it over is told why.",
                on
            )
            {
                IsGrave = true,
                Asks = [Ask.Reason with { IsNeeded = true }],
            };
        }
        else if (one.State is HandoffState.Accepted)
        {
            yield return new("Fulfilled", FulfilHandoff.Operation, "What it asked for is done; it holds no longer.", on)
            {
                Asks = [Ask.Reason with { IsNeeded = true }],
            };
        }
    }
}
