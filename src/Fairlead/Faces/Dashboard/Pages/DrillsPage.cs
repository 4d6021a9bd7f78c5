using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What was made to go wrong on purpose, and what was noticed, told and mended.</summary>
public sealed class DrillsPage : IPage
{
    public string Route => "/ui/drills";

    public string Section => "Drills";

    public Permission? OnAll => Permission.See;

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var found = await asking.AskAsync<ListDrills.Output>(ListDrills.Operation, [], stop);
        var kinds = new List<Block.Row>();
        foreach (var one in found.Kinds)
        {
            var act = new Act(
                $"Run {one.Kind}",
                RunDrill.Operation,
                "Makes the fault in a scratch app of its own, under load. Whoever is on call is told as if it were real.",
                Offered.On("kind", one.Kind)
            )
            {
                IsGrave = true,
            };
            kinds.Add(
                new(one.Kind, [one.Kind, one.Summary, one.Last is null ? "never" : Cell.Time(one.Last)])
                {
                    Acts = await Offered.ToAsync(asking, [act], stop),
                }
            );
        }
        return new Sheet(
            "A drill makes something go wrong on purpose, in an app of its own, and writes down what was noticed when, who was told and what recovered.",
            [
                new Block.Table(
                    "Drills that were run",
                    ["Drill", "What", "State", "When", "~By", "~What was not as it should be"],
                    [
                        .. found.Drills.Select(static one => new Block.Row(
                            $"{one.Drill}",
                            [
                                Cell.Link($"Drill {one.Drill}", $"/ui/drills/{one.Drill}"),
                                one.Kind,
                                Cell.State(one.State),
                                Cell.Time(one.StartedAt),
                                Texts.Who(one.By),
                                one.Why ?? "",
                            ]
                        )),
                    ]
                )
                {
                    Nothing = "None was run yet.",
                    Command = "fairlead drill run bad-deploy",
                },
                new Block.Table("What there is", ["Kind", "What goes wrong", "Last"], kinds),
            ]
        ).As(AnswerOf(found.Drills));
    }

    private static string AnswerOf(IReadOnlyList<ListDrills.Row> all) =>
        all.Count == 0 ? "Nobody has tried what happens when something breaks"
        : all.FirstOrDefault(static one => one.State == "running") is { } now ? $"Drill {now.Drill} runs: {now.Kind}"
        : all[0].State == "passed" ? $"The last drill passed: {all[0].Kind}"
        : $"The last drill failed: {all[0].Kind}";
}

/// <summary>One drill, moment by moment.</summary>
public sealed class DrillPage : IPage
{
    public string Route => "/ui/drills/{drill}";

    public string Section => "Drills";

    public Permission? OnAll => Permission.See;

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var number = int.TryParse(place["drill"], System.Globalization.CultureInfo.InvariantCulture, out var asked)
            ? asked
            : 0;
        var drill = await asking.AskAsync<ShowDrill.View>(
            ShowDrill.Operation,
            new JsonObject { ["drill"] = number },
            stop
        );
        var blocks = new List<Block>();
        if (Drawn(drill) is { } picture)
        {
            blocks.Add(new Block.Figure(picture, "moments"));
        }
        blocks.Add(
            new Block.Table(
                "Moment by moment",
                ["After the fault", "Step", "Seen"],
                [
                    .. drill.Moments.Select(
                        static (one, index) =>
                            new Block.Row(
                                $"{index}",
                                [
                                    one.AfterFault is { } after ? SpansPicture.TimeOf(after) : "before",
                                    one.Step,
                                    one.Seen,
                                ]
                            )
                    ),
                ]
            )
        );
        return new Sheet(
            drill.Sent is { } sent
                ? $"Of {Figures.Whole(sent)} requests of a visitor {Figures.Whole(drill.Failed ?? 0)} failed from the fault to the end."
                : "It runs.",
            blocks
        ).As(
            drill.State == "passed" ? $"{drill.Kind}: noticed, told and mended as it should be"
            : drill.State == "failed" ? $"{drill.Kind} failed: {drill.Why}"
            : $"{drill.Kind} runs"
        ) with
        {
            Crumbs = [("Drills", "/ui/drills"), ($"Drill {drill.Drill}", null)],
        };
    }

    private static Picture? Drawn(ShowDrill.View drill)
    {
        if (drill.Moments.Count < 2)
        {
            return null;
        }
        var (from, until) = (drill.Moments[0].At, drill.EndedAt ?? drill.Moments[^1].At);
        var fault = drill.Moments.FirstOrDefault(static one => one.AfterFault is not null)?.At;
        return new(
            "What happened when",
            fault is { } at
                ? $"The fault came {SpansPicture.TimeOf((at - from).TotalSeconds)} after the beginning, and {SpansPicture.TimeOf((until - at).TotalSeconds)} later it was over."
                : "The fault has not come yet.",
            new(["Time (UTC)", "Step"], []),
            new Drawing.Lanes(
                ["Drill", "Moments"],
                [
                    new(0, from, until, $"Drill {drill.Drill}", "plain"),
                    .. fault is { } when
                        ? [new Drawing.Happening(0, when, until, "the fault", "bad")]
                        : Array.Empty<Drawing.Happening>(),
                    .. drill.Moments.Select(static one => new Drawing.Happening(
                        1,
                        one.At,
                        null,
                        one.Step,
                        one.AfterFault is null ? "plain" : "warn"
                    )),
                ],
                from,
                until > from ? until : from.AddSeconds(1)
            )
        );
    }
}
