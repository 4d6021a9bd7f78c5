using System.Globalization;
using CsCheck;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Channels.Texts;

public sealed class FittingTests
{
    [Theory]
    [InlineData("a\r\nb", "a b")]
    [InlineData("  a \t b\u2028c ", "a b c")]
    [InlineData("a\0b\u001b[1m", "a b [1m")]
    [InlineData("ab\u202edc\u2069", "abdc")]
    [InlineData("👩\u200d🚀 ok", "👩\u200d🚀 ok")]
    public void A_line_is_one_line_that_shows_what_it_says(string text, string line) =>
        Assert.Equal(line, Fitting.Line(text));

    [Fact]
    public void Half_a_letter_is_shown_as_one_that_cannot_be_read() => Assert.Equal("\ufffdx", Fitting.Line("\ud800x"));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abcd😀g", 6, "abcd…")]
    public void What_is_too_long_ends_with_a_sign(string text, int max, string clipped) =>
        Assert.Equal(clipped, Fitting.Clip(text, max));

    [Fact]
    public void A_line_has_what_tells_its_alert_from_the_others()
    {
        var (first, second) = (Notices.Firing.Alerts[0], Notices.Firing.Alerts[1]);
        Notification[] all =
        [
            Notices.Firing with
            {
                Alerts = [first],
            },
            Notices.Firing,
            Notices.Firing with
            {
                GroupLabels = Labels.None,
                Alerts = [first, Renamed(second)],
            },
        ];

        Assert.Equal(
            [
                "firing: 5 % of requests fail (instance=api@42#0)",
                "firing: 5 % of requests fail (instance=api@42#0)",
                "firing: 7 % of requests fail (instance=api@42#1)",
                "firing: ErrorsHigh: 5 % of requests fail (app=shop, instance=api@42#0)",
                "firing: Slow: 7 % of requests fail (app=pay, instance=api@42#1)",
            ],
            all.SelectMany(static one => Told.Of(one).Alerts)
        );
    }

    [Fact]
    public void What_does_not_fit_is_counted_to_the_last_one()
    {
        var lines = Enumerable.Range(0, 60).Select(static one => $"alert {one:00}").ToList();

        var taken = Fitting.Take(lines, 9 * 20, static text => text.Length);

        Assert.Equal([.. lines.Take(15), "... and 45 more"], taken);
        Assert.Equal(lines, Fitting.Take(lines, 9 * 60, static text => text.Length));
    }

    [Fact]
    public void Whatever_is_told_fits_and_nothing_is_left_out_silently() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[0, 40], Gen.Int[0, 8], Gen.String[0, 600], Gen.Int[900, 6000])
            .Sample(
                static (alerts, notes, links, text, max) =>
                {
                    var told = Told.Of(
                        Notices.Of("x", [.. Enumerable.Repeat(Notices.Hostile.Alerts[0], alerts)]) with
                        {
                            Notes = [.. Enumerable.Repeat(text, notes)],
                            Links =
                            [
                                .. Enumerable.Repeat(
                                    new NotificationLink(text, "https://example.com/" + alerts),
                                    links
                                ),
                            ],
                        }
                    );
                    Markup[] all =
                    [
                        Markup.Plain,
                        Markup.Slack,
                        Markup.Telegram,
                        Markup.Discord,
                        Markup.Mattermost,
                        Markup.Page,
                    ];
                    foreach (var markup in all)
                    {
                        var said = markup.Text(told, max, hasTitle: false);
                        Assert.True(said.Length <= max, $"{said.Length} > {max}");
                        Assert.Equal(alerts, Counted(said, "firing: ", "more"));
                        Assert.Equal(told.Notes.Count, Counted(said, "• ", "more notes"));
                    }
                },
                iter: 200
            );

    private static Alert Renamed(Alert alert) =>
        alert with
        {
            Labels = alert.Labels.With(Alert.NameLabel, "Slow").With("app", "pay"),
        };

    // Those that are there, and those that are said to be more.
    private static int Counted(string said, string begin, string more)
    {
        var lines = said.Split('\n');
        var left = lines.FirstOrDefault(line =>
            line.StartsWith("... and ", StringComparison.Ordinal) && line.Split(' ', 4)[3] == more
        );
        return lines.Count(line => line.StartsWith(begin, StringComparison.Ordinal))
            + (left is null ? 0 : int.Parse(left.Split(' ')[2], CultureInfo.InvariantCulture));
    }
}
