using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What hurts users, and what did.</summary>
public sealed class IncidentsPage : IPage
{
    public string Route => "/ui/incidents";

    public string Section => "Incidents";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var all = await asking.AskAsync<ListIncidents.Output>(
            ListIncidents.Operation,
            new JsonObject { ["all"] = true },
            stop
        );
        var open = all.Incidents.Where(static one => one.State != "resolved").ToList();
        var acts = await Offered.ToAsync(
            asking,
            [
                new(
                    "Open an incident",
                    OpenIncident.Operation,
                    "Somebody is woken, and what happens from now on is kept together.",
                    new Dictionary<string, string>()
                )
                {
                    Asks =
                    [
                        new("title", "What is wrong, in one line", IsNeeded: true, LettersMax: 200),
                        new("app", "App, when it is about one"),
                        new("environment", "Its environment"),
                    ],
                },
            ],
            stop
        );
        return new Sheet(
            open.Count == 0
                ? "Incidents open by themselves when an alert pages, and by hand."
                : "Each has a room with its timeline, its suspects and what can be done.",
            [
                new Block.Acts(acts),
                Table("Open", open) with
                {
                    Nothing = "Nothing hurts users, as far as is known.",
                    Several = await Offered.OneAsync(asking, Take, stop),
                },
                Table("Resolved", [.. all.Incidents.Where(static one => one.State == "resolved").Take(100)]) with
                {
                    Nothing = "None was resolved yet.",
                    Command = "fairlead incident list --all",
                },
            ]
        ).As(
            open.Count == 0 ? "No incident is open"
            : open.Count(static one => one.Commander is null) is > 0 and var alone
                ? $"{Texts.Count(open.Count, "incident")} open, {alone} without anybody who leads"
            : $"{Texts.Count(open.Count, "incident")} open, somebody leads each"
        );
    }

    private static Act Take { get; } =
        new(
            "I have the chosen ones",
            AcknowledgeIncident.Operation,
            "Nobody else is woken for them.",
            new Dictionary<string, string>()
        );

    private static Block.Table Table(string title, IReadOnlyList<ListIncidents.Row> all) =>
        new(
            title,
            ["Incident", "State", "Severity", "~Where", "Began", "~Led by"],
            [
                .. all.Select(static one => new Block.Row(
                    $"{one.Incident}",
                    [
                        Cell.Link($"{one.Incident} · {one.Title}", Links.Incident(one.Incident)),
                        Cell.State(one.State),
                        Cell.State(one.Severity),
                        Cell.Link(one.Site ?? "everything", Links.Site(one.Site)),
                        Cell.Time(one.StartedAt),
                        Texts.Who(one.Commander ?? "nobody"),
                    ]
                )
                {
                    Picks =
                        one.State == "resolved"
                            ? new Dictionary<string, string>()
                            : Offered.On("incident", $"{one.Incident}"),
                }),
            ]
        );
}
