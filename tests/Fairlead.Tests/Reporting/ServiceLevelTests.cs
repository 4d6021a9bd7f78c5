using System.Globalization;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;

namespace Fairlead.Tests.Reporting;

/// <summary>Reckoning how goals were kept.</summary>
public sealed class ServiceLevelTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly ServiceGoal Goal = new(Shop, "web", "availability", 0.99, "99 %");
    private static readonly DateTimeOffset Day = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_month_is_what_one_reckons_by_hand()
    {
        // 100,000 requests, of which 1,000 may be bad. 250 were: 200 within a quarter of an hour, 45 alone, 5 of a few.
        var level = Of(
            [
                Tally(0, 90_000, 0),
                Tally(60, 1000, 100),
                Tally(65, 1000, 0),
                Tally(70, 1000, 100),
                Tally(300, 1000, 45),
                Tally(600, 100, 5),
                Tally(900, 5900, 0),
            ],
            [
                new(7, Shop, Day.AddMinutes(62), Day.AddMinutes(63), Day.AddMinutes(80), null, [12, 15]),
                new(8, new("other", "production"), Day, Day, null, null, [16]),
                new(9, Shop, Day.AddMinutes(400), Day.AddMinutes(401), Day.AddMinutes(500), null, [17]),
            ]
        );
        Assert.Equal((100_000, 250, true), ((int)level.All, (int)level.Bad, level.IsKept));
        Assert.Equal((0.9975, 0.25), (Math.Round(level.Achieved!.Value, 9), Math.Round(level.BudgetUsed!.Value, 9)));
        Assert.Equal(TimeSpan.FromMinutes(30 * 24 * 60 * 0.01), level.Budget);
        Assert.Equal(
            ["60 to 75: 200 of 2000, 0.2 incident 7 (#12 to #15)", "300 to 305: 45 of 1000, 0.045 "],
            level.Breaches.Select(static one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(one.From - Day).TotalMinutes} to {(one.Until - Day).TotalMinutes}: {one.Bad} of {one.All}, {Math.Round(one.BudgetPart, 6)} {string.Join(',', one.Incidents)}"
                )
            )
        );
    }

    [Fact]
    public void What_is_not_known_is_never_all()
    {
        var nothing = Of([], []);
        Assert.Equal((null, null, null), (nothing.Achieved, nothing.BudgetUsed, nothing.IsKept));
        var page = ReportPage.Markdown(ServiceLevelPage.Of("t", [nothing], [], explains: true));
        Assert.Contains("| no data | unknown | unknown | 0 of 0 |", page, StringComparison.Ordinal);
        Assert.Contains(
            "There are no numbers of this time. That is not the same as 100 %.",
            page,
            StringComparison.Ordinal
        );
        var quiet = ServiceLevels.Of(Goal, (Day, Day.AddDays(30)), [], new([], TimeSpan.FromDays(3), 0, 0), []);
        Assert.Contains(
            "| no requests | unknown | unknown | 0 of 0 | 0 | nothing | 10 % |",
            ReportPage.Markdown(ServiceLevelPage.Of("t", [quiet], [], explains: false)),
            StringComparison.Ordinal
        );
        Assert.Equal("0 of 1 goal was kept; of 1 nothing is known.", ServiceLevelPage.Answer([quiet]));
        Assert.Equal("Nothing was promised: no app had a goal.", ServiceLevelPage.Answer([]));
    }

    [Fact]
    public void What_was_just_missed_does_not_read_as_kept()
    {
        var level = Of([Tally(0, 1_000_000, 10_001)], []);
        var page = ReportPage.Markdown(ServiceLevelPage.Of("t", [level], [], explains: false));
        Assert.Contains("| 98.999 % | NO |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Announced_work_counts_from_when_it_was_announced_once_and_only_where_it_is()
    {
        Maintenance[] works =
        [
            Work("a", 10, 20) with
            {
                Site = Shop,
            },
            Work("b", 15, 30),
            Work("c", 50, 60) with
            {
                Site = Shop,
                Services = ["api"],
            },
            Work("d", 70, 90) with
            {
                AnnouncedAt = Day.AddHours(80),
            },
            Work("e", 100, 110) with
            {
                AnnouncedAt = Day.AddHours(110),
            },
            Work("f", 200, 210) with
            {
                Site = new("other", "production"),
            },
            Work("g", 700, 900),
        ];
        Assert.Equal(
            ["10 to 30", "80 to 90", "700 to 720"],
            ServiceLevels.Planned(works, (Shop, "web"), (Day, Day.AddDays(30))).Select(Hours)
        );
        Assert.Contains("50 to 60", ServiceLevels.Planned(works, (Shop, "api"), (Day, Day.AddDays(30))).Select(Hours));
    }

    [Fact]
    public void A_report_says_what_was_left_out_and_by_which_breaches_the_budget_went()
    {
        var level = ServiceLevels.Of(
            Goal,
            (Day, Day.AddDays(30)),
            [new(Day.ToUnixTimeMilliseconds(), Day.AddHours(3).ToUnixTimeMilliseconds())],
            new([Tally(600, 1000, 20)], TimeSpan.FromDays(15), 500, 400),
            []
        );
        Assert.Equal(
            """
            # Service levels of shop, 2026-11-01 to 2026-12-01

            0 of 1 goal was kept, 1 missed.

            | Where | Goal | Achieved | Kept | Budget used | Bad requests | Breaches | Left out | Known |
            | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |
            | shop/production web | availability 99 % | 98 % | NO | 200 % (14.3 h of 7.2 h) | 20 of 1,000 | 1 | 3 h | 50.21 % |

            ## Breaches

            Stretches of five minutes and more in which more went wrong than the goal allows, with at least ten bad requests.

            | Where | From (UTC) | Lasted | Bad requests | Budget | Incidents |
            | --- | --- | ---: | ---: | ---: | --- |
            | shop/production web, availability | 2026-11-01 10:00 | 5 min | 20 of 1,000 | 200 % | none |

            ## Left out

            Work counts as planned from when it was announced. Its requests are in no number above.

            - shop/production web, availability: 3 h of announced work, with 500 requests of which 400 were bad

            ## Notes

            - shop/staging has no goal.

            """,
            ReportPage.Markdown(
                ServiceLevelPage.Of(
                    "Service levels of shop, 2026-11-01 to 2026-12-01",
                    [level],
                    ["shop/staging has no goal."],
                    explains: false
                )
            )
        );
        Assert.Equal(
            "\"shop\",\"production\",\"web\",\"availability\",\"0.99\",\"0.98\",\"no\",\"1000\",\"20\",\"2\",\"430.2\",\"860.4\",\"1\",\"180\",\"500\",\"0.502092\"",
            ReportPage.Csv(ServiceLevelPage.Rows([level])).Split("\r\n")[1]
        );
    }

    private static ServiceLevel Of(IReadOnlyList<RequestTally> tallies, IReadOnlyList<IncidentSpan> incidents) =>
        ServiceLevels.Of(
            Goal,
            (Day, Day.AddDays(30)),
            [],
            new(tallies, tallies.Count > 0 ? TimeSpan.FromDays(30) : TimeSpan.Zero, 0, 0),
            incidents
        );

    private static RequestTally Tally(int minute, double all, double bad) => new(Day.AddMinutes(minute), all, bad);

    private static Maintenance Work(string id, int from, int to) =>
        new(id, Day.AddHours(from), Day.AddHours(to), "We change disks.");

    private static string Hours(TimeSlice slice)
    {
        double Of(long at) => (DateTimeOffset.FromUnixTimeMilliseconds(at) - Day).TotalHours;
        return string.Create(CultureInfo.InvariantCulture, $"{Of(slice.From)} to {Of(slice.To)}");
    }
}
