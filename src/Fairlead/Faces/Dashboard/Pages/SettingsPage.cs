using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>How this server is set up: where it is reached, who uses it, what it deploys from and collects from.</summary>
public sealed class SettingsPage : IPage
{
    private const int RowsMax = 100;

    public string Route => "/ui/settings";

    public string Section => "Settings";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var address = await asking.TryAsync<AddressView>(ShowAddress.Operation, [], stop);
        var people = await asking.TryAsync<ListPeople.Output>(ListPeople.Operation, [], stop);
        var tokens = await asking.TryAsync<ListTokens.Output>(ListTokens.Operation, [], stop);
        var teams = await asking.TryAsync<ListTeams.Output>(ListTeams.Operation, [], stop);
        var sources = await asking.TryAsync<ListSources.Output>(ListSources.Operation, [], stop);
        var scrapes = await asking.TryAsync<ListScrapes.Output>(ListScrapes.Operation, [], stop);
        var pages = await asking.TryAsync<ListStatusPages.Output>(ListStatusPages.Operation, [], stop);
        Block?[] blocks =
        [
            address is null ? null : This(address, asking.Caller.Name),
            people is null ? null : People(people.People),
            tokens is null ? null : Tokens(tokens.Tokens),
            teams is null ? null : Teams(teams.Teams),
            sources is null ? null : Sources(sources.Sources),
            scrapes is null ? null : Scrapes(scrapes.Targets),
            pages is null ? null : Pages(pages.Pages),
        ];
        return new Sheet(
            "What is set here is changed on the command line, where it can be reviewed and repeated.",
            [.. blocks.OfType<Block>()]
        ).As("How this server is set up");
    }

    private static Block.Facts This(AddressView address, string caller) =>
        new(
            "This server",
            [
                ("From outside", Cell.Link(address.Url ?? "nobody reaches it", address.Url)),
                ("State", address.State),
                ("Your account", Cell.Link(caller, "/account")),
            ]
        );

    private static Block.Table People(IReadOnlyList<PersonView> all) =>
        new(
            "People",
            ["Name", "~E-mail", "Roles", "~Ways in", "State"],
            [
                .. all.Take(RowsMax)
                    .Select(static one => new Block.Row(
                        one.Id,
                        [
                            one.Name,
                            one.Email,
                            string.Join(", ", one.Grants),
                            string.Join(", ", one.Ways),
                            new Cell(one.Disabled ? "Disabled" : "Active") { Tone = one.Disabled ? "mute" : "good" },
                        ]
                    )),
            ]
        )
        {
            Command = "fairlead person invite",
            Nothing = "Nobody was invited yet.",
        };

    private static Block.Table Tokens(IReadOnlyList<ListTokens.TokenView> all) =>
        new(
            "Tokens of programs",
            ["Name", "Kind", "~Roles", "~Made by", "Ends", "~Last used"],
            [
                .. all.Take(RowsMax)
                    .Select(static one => new Block.Row(
                        one.Id,
                        [one.Name, one.Kind, one.Grants, one.MadeBy, Cell.Time(one.Expires), Cell.Time(one.LastUsed)]
                    )),
            ]
        )
        {
            Command = "fairlead token create",
            Nothing = "No program has one.",
        };

    private static Block.Table Teams(IReadOnlyList<ListTeams.TeamView> all) =>
        new(
            "Teams",
            ["Team", "Apps"],
            [.. all.Take(RowsMax).Select(static one => new Block.Row(one.Name, [one.Name, one.Apps]))]
        )
        {
            Command = "fairlead team set",
        };

    private static Block.Table Sources(IReadOnlyList<SourceView> all) =>
        new(
            "Git repositories",
            ["Source", "App", "~Branch", "~Address", "Outcome"],
            [
                .. all.Take(RowsMax)
                    .Select(static one => new Block.Row(
                        one.Source,
                        [one.Source, $"{one.App} {one.Environment}", one.Branch, Cell.Code(one.Url), one.Outcome]
                    )),
            ]
        )
        {
            Command = "fairlead source add",
            Nothing = "Nothing is deployed from git.",
        };

    private static Block.Table Scrapes(IReadOnlyList<ListScrapes.View> all) =>
        new(
            "Where metrics come from",
            ["Job", "State", "~Instance", "~Every", "~#Samples", "~Trouble"],
            [.. all.Take(RowsMax).Select(static (one, index) => new Block.Row($"{index}", CellsOf(one)))]
        )
        {
            Command = "fairlead scrape add",
        };

    private static IReadOnlyList<Cell> CellsOf(ListScrapes.View one) =>
        [one.Job, Cell.State(one.State), Cell.Code(one.Instance), one.Every, $"{one.Samples}", one.Trouble ?? ""];

    private static Block.Table Pages(IReadOnlyList<StatusPageRow> all) =>
        new(
            "Status pages",
            ["Page", "Title", "~Host"],
            [
                .. all.Take(RowsMax)
                    .Select(static one => new Block.Row(
                        one.Name,
                        [Cell.Link(one.Name, one.Path), one.Title, one.Host ?? "–"]
                    )),
            ]
        )
        {
            Command = "fairlead status page set",
            Nothing = "There is none yet.",
        };
}
