using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;
using Fairlead.Faces.Dashboard.Pages;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Faces.Dashboard;

/// <summary>How a deployment is told: in phases, in shares, in odds.</summary>
public sealed class DeploymentStoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("shift 5% to api@42", "api@42 5")]
    [InlineData("switch to api@42, web@42", "api@42 100")]
    [InlineData("watch error-rate < 1% on api@42 for 5m", "")]
    [InlineData("shift all of it to api@42", "")]
    [InlineData("", "")]
    public void Steps_that_move_traffic_are_known_by_their_text(string step, string expected) =>
        Assert.Equal(expected, DeploymentStory.ShiftOf(step) is { } shift ? $"{shift.Part} {shift.Share}" : "");

    [Fact]
    public void Steps_come_together_in_the_phases_in_which_people_think() =>
        Assert.Equal(
            ["Build done 20s", "Start done 10s", "5% done 5m", "50% current 2m", "100% waiting ", "Promote waiting "],
            DeploymentStory
                .Phases(Deployment(), Story(), Noon.AddMinutes(8))
                .Select(static one => $"{one.Name} {one.State} {(one.Time is { } time ? Figures.Time(time) : "")}")
        );

    [Fact]
    public void Traffic_is_drawn_as_it_went_and_as_it_is_to_go_on()
    {
        var picture = DeploymentStory.Shares(Deployment(), Story(), Noon.AddMinutes(8))!;
        Assert.Equal("api@42 has 50% of traffic, release 41 the rest, after 2 shifts.", picture.Sentence);
        Assert.Equal(
            ["12:00:00 0% 100%", "12:01:00 5% 95%", "12:06:00 50% 50%"],
            picture.Table.Rows.Select(static row => string.Join(' ', row))
        );
        var drawn = Assert.IsType<Drawing.Shares>(picture.Drawing);
        Assert.Equal([50, 100, 100], drawn.Planned.Select(static one => one.Value));
        Assert.Equal(Noon.AddMinutes(13), drawn.Planned[^1].At);
    }

    [Fact]
    public void What_was_taken_back_went_back_in_the_picture_too()
    {
        var back = Deployment() with { Phase = DeploymentPhase.RolledBack, EndedAt = Noon.AddMinutes(9) };
        var picture = DeploymentStory.Shares(
            back,
            [.. Story(), new(9, Noon.AddMinutes(8), "taking-back", "shop@42 is taken back")],
            Noon.AddHours(1)
        )!;
        Assert.Equal("All traffic went back to release 41.", picture.Sentence);
        Assert.Null(((Drawing.Shares)picture.Drawing).Now);
    }

    [Fact]
    public void Evidence_is_told_by_what_speaks_loudest_and_what_was_not_measured_is_left_out()
    {
        Measure[] measures =
        [
            new("errors", 0.4, 0.1, 40, 0.1),
            new("p95", 180, 182, 0.5, 22),
            new("p99", null, null, 1, 1),
        ];
        var picture = DeploymentStory.Odds(
            Deployment() with
            {
                Verdicts = [new("judge", Ruling.Unknown, "not yet") { Measures = measures }],
            }
        )!;
        Assert.Equal("For errors the odds are 40 to 1 that it does harm.", picture.Sentence);
        Assert.Equal(
            ["errors 0.4% 0.1% 40 to 1 0.1 to 1", "p95 180 ms 182 ms 0.5 to 1 22 to 1"],
            picture.Table.Rows.Select(static row => string.Join(' ', row))
        );
    }

    private static DeploymentView Deployment() =>
        new()
        {
            Id = "d1",
            App = "shop",
            Environment = "production",
            Release = 42,
            Replaces = 41,
            Phase = DeploymentPhase.RollingOut,
            RequestedAt = Noon,
            Deadline = Noon.AddHours(1),
            Steps =
            [
                new("place api@42 x2", "done"),
                new("shift 5% to api@42", "done"),
                new("watch error-rate < 1% on api@42 for 5m", "done"),
                new("shift 50% to api@42", "done"),
                new("watch error-rate < 1% on api@42 for 5m", "current"),
                new("shift 100% to api@42", "waiting"),
                new("promote release 42", "waiting"),
            ],
        };

    private static IReadOnlyList<Follow.Entry> Story() =>
        [
            new(1, Noon, "requested", "Release 42 was asked for"),
            new(2, Noon.AddSeconds(30), "began", "shop@42 begins"),
            new(3, Noon.AddSeconds(50), "planned", "shop@42: 7 steps"),
            new(4, Noon.AddSeconds(50), "step", "place api@42 x2"),
            new(5, Noon.AddMinutes(1), "step", "shift 5% to api@42"),
            new(6, Noon.AddMinutes(1), "step", "watch error-rate < 1% on api@42 for 5m"),
            new(7, Noon.AddMinutes(6), "step", "shift 50% to api@42"),
            new(8, Noon.AddMinutes(6), "step", "watch error-rate < 1% on api@42 for 5m"),
        ];
}
