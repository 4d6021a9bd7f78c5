using System.Globalization;
using System.Text;
using CsCheck;
using Fairlead.Drivers.Telemetry.Statsd;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Telemetry;

public sealed class StatsdTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly StatsdBook book;

    public StatsdTests() => book = new(clock);

    [Fact]
    public void Counters_are_added_up_by_what_was_not_sent_too()
    {
        Send("page.views:1|c", "page.views:2|c|@0.1", "page.views:-5|c", "page.views:3:4|c|#env:prod,beta");
        Assert.Equal(["page_views_total 21", "page_views_total{beta=\"true\", env=\"prod\"} 7"], Shown("page_views"));
        Send("page.views:1|c");
        Assert.Equal("page_views_total 22", Shown("page_views")[0]);
    }

    [Fact]
    public void A_gauge_is_set_and_a_sign_changes_it()
    {
        Send("fuel:10|g", "fuel:-4|g", "fuel:+1.5|g");
        Assert.Equal(["fuel 7.5"], Shown("fuel"));
    }

    [Fact]
    public void Timers_are_counted_into_seconds_and_sampled_ones_weigh_more()
    {
        Send("render:30|ms", "render:700|ms|@0.5");
        Assert.Equal(
            [
                "render_seconds_bucket{le=\"0.025\"} 0",
                "render_seconds_bucket{le=\"0.05\"} 1",
                "render_seconds_bucket{le=\"0.5\"} 1",
                "render_seconds_bucket{le=\"1\"} 3",
            ],
            Shown("render_seconds_bucket")
                .Where(one =>
                    one.Contains("\"0.025\"", StringComparison.Ordinal)
                    || one.Contains("\"0.05\"", StringComparison.Ordinal)
                    || one.Contains("\"0.5\"", StringComparison.Ordinal)
                    || one.Contains("\"1\"", StringComparison.Ordinal)
                )
        );
        Assert.Equal(["render_seconds_count 3"], Shown("render_seconds_count"));
        Assert.Equal(["render_seconds_sum 1.43"], Shown("render_seconds_sum"));
    }

    [Fact]
    public void A_set_counts_who_came_since_the_last_look()
    {
        Send("users:ann|s", "users:bob:1|s", "users:ann|s");
        Assert.Equal(["users 2"], Shown("users"));
        Assert.Equal(["users 0"], Shown("users"));
    }

    [Fact]
    public void What_nobody_sends_to_is_forgotten()
    {
        Send("old:1|c");
        clock.Advance(TimeSpan.FromMinutes(6));
        Send("new:1|c");
        Assert.Empty(Shown("old"));
        Assert.Equal(["new_total 1"], Shown("new"));
    }

    [Theory]
    [InlineData("a", "it is not of the shape name:value|kind")]
    [InlineData("a:1", "it is not of the shape name:value|kind")]
    [InlineData(":1|c", "it is not of the shape name:value|kind")]
    [InlineData("a:1|x", "'x' is no kind of metric")]
    [InlineData("a:b|c", "'b' is no number")]
    [InlineData("a:|c", "'' is no number")]
    [InlineData("a:NaN|g", "'NaN' is no number")]
    [InlineData("a:1|c|@2", "'@2' is no sample rate")]
    public void A_line_that_is_none_is_refused_with_its_reason(string line, string reason)
    {
        Assert.Null(StatsdLine.TryParse(Encoding.UTF8.GetBytes(line), out var why));
        Assert.Equal(reason, why);
    }

    [Fact]
    public void One_name_has_one_kind_and_there_are_only_so_many_series()
    {
        Send("a_total:1|c", "a_total:1|g");
        for (var index = 0; index < StatsdBook.SeriesMax + 10; index++)
        {
            Send($"b:1|c|#n:{index}");
        }
        Assert.Equal(
            [
                "fairlead_statsd_refused_lines_total{reason=\"other-kind\"} 1",
                "fairlead_statsd_refused_lines_total{reason=\"too-many-series\"} 11",
            ],
            Shown("fairlead_statsd_refused")
        );
    }

    [Fact]
    public void Whatever_is_sent_nothing_breaks()
    {
        string[] pieces =
        [
            "a",
            ":",
            "|",
            "c",
            "g",
            "ms",
            "s",
            "h",
            "#",
            "@",
            "0.1",
            ",",
            "-",
            "+",
            "1",
            "e9",
            "é",
            "\n",
            " ",
            "_e{",
            "999999999999",
        ];
        Gen.Int[0, pieces.Length - 1]
            .Select(at => pieces[at])
            .Array[0, 20]
            .Sample(
                words =>
                {
                    if (StatsdLine.TryParse(Encoding.UTF8.GetBytes(string.Concat(words)), out _) is { } line)
                    {
                        book.Take(line);
                    }
                },
                iter: 20_000
            );
        Assert.All(book.Read().Samples, one => Assert.True(double.IsFinite(one.Value), one.Labels.ToString()));
    }

    private void Send(params string[] lines)
    {
        foreach (var line in lines)
        {
            book.Take(StatsdLine.TryParse(Encoding.UTF8.GetBytes(line), out var why) ?? throw new FormatException(why));
        }
    }

    private IReadOnlyList<string> Shown(string prefix) =>
        [
            .. book.Read()
                .Samples.Where(one => one.Labels.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Labels} {Math.Round(one.Value, 9)}"))
                .Order(StringComparer.Ordinal),
        ];
}
