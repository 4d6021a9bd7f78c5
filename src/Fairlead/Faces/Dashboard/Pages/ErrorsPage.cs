using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What went wrong in apps, together by what it is.</summary>
public sealed class ErrorsPage : IPage
{
    private static readonly string[] Kinds = ["", "unresolved", "regressed", "resolved", "ignored", "all"];

    public string Route => "/ui/errors";

    public string Section => "Errors";

    private static Act Mended { get; } =
        new(
            "Resolve the chosen ones",
            ResolveError.Operation,
            "They are mended. What comes again is a regression.",
            new Dictionary<string, string>()
        );

    public static string UrlOf(string id) => $"/ui/errors/{Uri.EscapeDataString(id)}";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var input = new JsonObject();
        foreach (var name in (string[])["app", "environment", "status"])
        {
            if (place.Asked(name) is { } value)
            {
                input[name] = value;
            }
        }
        var found = await asking.AskAsync<ListErrors.Output>(ListErrors.Operation, input, stop);
        var hit = found.Errors.Sum(static one => one.Count);
        return new Sheet(
            "Each is one cause, however often it happened; those seen last stand first.",
            [
                new Block.Filter(
                    Route,
                    [
                        new("app", "App", place.Asked("app"), []),
                        new("environment", "Environment", place.Asked("environment"), []),
                        new("status", "Status", place.Asked("status"), Kinds),
                    ]
                ),
                new Block.Table(
                    "Errors",
                    ["Error", "Status", "#Times", "~#Users", "~App", "~Since release", "Last seen"],
                    [
                        .. found.Errors.Select(static one => new Block.Row(
                            one.Id,
                            [
                                Cell.Link(one.Title, UrlOf(one.Id)),
                                Cell.State(one.Status),
                                Figures.Whole(one.Count),
                                Figures.Whole(one.Users),
                                one.App,
                                one.Release is { } release ? $"@{release}" : "–",
                                Cell.Time(one.LastSeen),
                            ]
                        )
                        {
                            Picks = one.Status is "resolved" or "ignored"
                                ? new Dictionary<string, string>()
                                : Offered.On("id", one.Id),
                        }),
                    ]
                )
                {
                    Several = await Offered.OneAsync(asking, Mended, stop),
                    Nothing = "No app told of an error. Apps send them as to Sentry, Rollbar or Bugsnag.",
                    Command = "fairlead error list",
                },
                .. found.Sessions.Count == 0 ? Array.Empty<Block>() : [Sessions(found.Sessions)],
            ]
        ).As(
            found.Errors.Count == 0
                ? "No error is open"
                : $"{Texts.Count(found.Errors.Count, "error")}, {Figures.Whole(hit)} times"
        );
    }

    private static Block.Table Sessions(IReadOnlyList<ListErrors.Health> sessions) =>
        new(
            "Sessions, by release",
            ["Release", "#Sessions", "#Crashed", "#Free of crashes"],
            [
                .. sessions.Select(static one => new Block.Row(
                    $"{one.Release}",
                    [
                        $"@{one.Release}",
                        Figures.Whole(one.Sessions),
                        Figures.Whole(one.Crashed),
                        Figures.Percent(one.CrashFreePercent),
                    ]
                )),
            ]
        );
}

/// <summary>One error: its stack, its releases, what happened before.</summary>
public sealed class ErrorPage : IPage
{
    private const int LinesMax = 200;

    public string Route => "/ui/errors/{id}";

    public string Section => "Errors";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var found = await asking.AskAsync<ShowError.Output>(
            ShowError.Operation,
            new JsonObject { ["id"] = place["id"] },
            stop
        );
        var error = found.Error;
        var blocks = new List<Block>
        {
            new Block.Acts(await Offered.ToAsync(asking, ActsOn(error), stop)),
            Facts(found),
        };
        if (found.Event is { } seen)
        {
            blocks.AddRange(Of(seen));
        }
        return new Sheet($"It was seen {Texts.Count((int)Math.Min(error.Count, int.MaxValue), "time")}.", blocks).As(
            error.Title
        ) with
        {
            Crumbs = [("Errors", "/ui/errors"), (error.Id, null)],
        };
    }

    private static IEnumerable<Act> ActsOn(ListErrors.View error)
    {
        var on = Offered.On("id", error.Id);
        if (error.Status is "resolved" or "ignored")
        {
            yield return new("Open again", ReopenError.Operation, "It counts again as open.", on);
            yield break;
        }
        yield return new(
            "Resolve",
            ResolveError.Operation,
            "It is mended. When it comes again, in that release or a later one, it is a regression.",
            on
        )
        {
            Asks = [new("release", "Mended in release; the live one when left out")],
        };
        yield return new("Ignore", IgnoreError.Operation, "Nobody is told of it.", on)
        {
            Asks = [new("for", "For how long, such as 7d; for ever when left out", LettersMax: 20)],
        };
    }

    private static Block.Facts Facts(ShowError.Output found) =>
        new(
            "Facts",
            [
                ("Where", Cell.Code(found.Error.Where)),
                ("App", found.Error.App),
                ("Status", Cell.State(found.Error.Status)),
                ("First seen", Cell.Time(found.FirstSeen)),
                ("Last seen", Cell.Time(found.Error.LastSeen)),
                ("Times", Figures.Whole(found.Error.Count)),
                ("Users", Figures.Whole(found.Error.Users)),
                (
                    "By release",
                    string.Join(
                        ", ",
                        found.Releases.Select(static one => $"@{one.Release}: {Figures.Whole(one.Count)}")
                    )
                ),
                ("Assigned to", found.Error.Assignee ?? "nobody"),
            ]
        );

    private static IEnumerable<Block> Of(ShowError.EventView seen)
    {
        yield return new Block.Text("Stack, where it was thrown first", string.Join('\n', seen.Stack.Take(LinesMax)));
        yield return new Block.Table(
            "Tags",
            ["Name", "Value"],
            [.. seen.Tags.Select(static one => new Block.Row(one.Key, [one.Key, Cell.Code(one.Value)]))]
        );
        if (seen.Before.Count > 0)
        {
            yield return new Block.Text(
                "What happened before, oldest first",
                string.Join('\n', seen.Before.Take(LinesMax))
            );
        }
    }
}
