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
            address is null
                ? null
                : new Block.Facts("This server", [("From outside", Cell.Link(address.Url ?? "nobody reaches it", address.Url)), ("State", address.State), ("Your account", Cell.Link(asking.Caller.Name, "/account"))]),
            people is null
                ? null
                : new Block.Table("People", ["Name", "~E-mail", "Roles", "~Ways in", "State"], [.. people.People.Take(RowsMax).Select(static one => new Block.Row(one.Id, [one.Name, one.Email, string.Join(", ", one.Grants), string.Join(", ", one.Ways), one.Disabled ? new Cell("Disabled") { Tone = "mute" } : new Cell("Active") { Tone = "good" }]))]) { Command = "fairlead person invite", Nothing = "Nobody was invited yet." },
            tokens is null
                ? null
                : new Block.Table("Tokens of programs", ["Name", "Kind", "~Roles", "~Made by", "Ends", "~Last used"], [.. tokens.Tokens.Take(RowsMax).Select(static one => new Block.Row(one.Id, [one.Name, one.Kind, one.Grants, one.MadeBy, Cell.Time(one.Expires), Cell.Time(one.LastUsed)]))]) { Command = "fairlead token create", Nothing = "No program has one." },
            teams is null ? null : new Block.Table("Teams", ["Team", "Apps"], [.. teams.Teams.Take(RowsMax).Select(static one => new Block.Row(one.Name, [one.Name, one.Apps]))]) { Command = "fairlead team set" },
            sources is null
                ? null
                : new Block.Table("Git repositories", ["Source", "App", "~Branch", "~Address", "Outcome"], [.. sources.Sources.Take(RowsMax).Select(static one => new Block.Row(one.Source, [one.Source, $"{one.App} {one.Environment}", one.Branch, Cell.Code(one.Url), one.Outcome]))]) { Command = "fairlead source add", Nothing = "Nothing is deployed from git." },
            scrapes is null
                ? null
                : new Block.Table("Where metrics come from", ["Job", "State", "~Instance", "~Every", "~#Samples", "~Trouble"], [.. scrapes.Targets.Take(RowsMax).Select(static (one, index) => new Block.Row($"{index}", [one.Job, Cell.State(one.State), Cell.Code(one.Instance), one.Every, $"{one.Samples}", one.Trouble ?? ""]))]) { Command = "fairlead scrape add" },
            pages is null ? null : new Block.Table("Status pages", ["Page", "Title", "~Host"], [.. pages.Pages.Take(RowsMax).Select(static one => new Block.Row(one.Name, [Cell.Link(one.Name, one.Path), one.Title, one.Host ?? "–"]))]) { Command = "fairlead status page set", Nothing = "There is none yet." },
        ];
        return new Sheet("What is set here is changed on the command line, where it can be reviewed and repeated.", [.. blocks.OfType<Block>()]).As("How this server is set up");
    }
}
