using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Telemetry.Metrics;

/// <summary>What every store of metrics promises.</summary>
public abstract class MetricStoreContract
{
    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    protected static readonly long At = Now.ToUnixTimeMilliseconds();

    protected const long Second = 1000;
    protected const long Hour = 3600 * Second;

    protected FakeTimeProvider Clock { get; } = new(Now);

    protected World World => new(Clock, new Random(1));

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract IMetricStore Store { get; }

    [Fact]
    public async Task What_was_appended_is_read_back_bit_for_bit()
    {
        double[] values = [1, 0, -0d, double.NaN, Sample.Stale, double.PositiveInfinity, double.NegativeInfinity, 0.1];
        await Append("up{job='api'}", [.. values.Select((value, index) => new Sample(At + (index * Second), value))]);

        var read = await ReadOne("up{job='api'}", At, At + Hour);

        Assert.Equal(
            values.Select(BitConverter.DoubleToInt64Bits),
            read.Select(sample => BitConverter.DoubleToInt64Bits(sample.Value))
        );
    }

    [Fact]
    public async Task Both_ends_of_the_time_are_included()
    {
        await Append("up", Steps(10));
        Assert.Equal(
            ["2", "3", "4"],
            (await ReadOne("up", At + (2 * Second), At + (4 * Second))).Select(sample => $"{sample.Value}")
        );
    }

    [Fact]
    public async Task Reading_adds_behind_what_was_read_before()
    {
        await Append("up", Steps(4));
        var series = Assert.Single(await Select("up"));
        var columns = new SampleColumns();
        series.Read(At, At + Second, columns);
        series.Read(At + (2 * Second), At + (3 * Second), columns);
        Assert.Equal([0, 1, 2, 3], columns.Values.ToArray());
        Assert.Equal([At, At + 1000, At + 2000, At + 3000], columns.Times.ToArray());
    }

    [Fact]
    public async Task A_batch_that_is_given_again_changes_nothing()
    {
        await Append("up", Steps(300));
        var again = await Append("up", Steps(300));
        Assert.Equal((300, 0), (again.Taken, again.Refused.Count));
        Assert.Equal(300, (await ReadOne("up", 0, long.MaxValue)).Count);
    }

    [Fact]
    public async Task Another_value_at_the_same_time_is_refused_and_does_not_keep_the_rest_from_being_taken()
    {
        await Append("up", Steps(3));
        var answer = await Append("up", [new(At + Second, 7), new(At + (2 * Second), 8), new(At + (3 * Second), 9)]);
        Assert.Equal("1 taken, metrics.duplicate: 2", Text(answer));
        Assert.Equal([0, 1, 2, 9], (await ReadOne("up", 0, long.MaxValue)).Select(sample => sample.Value));
    }

    [Fact]
    public async Task Late_samples_are_read_in_their_place()
    {
        await Append("up", [new(At, 1), new(At + (10 * Second), 11)]);
        foreach (var late in (int[])[5, 3, 7, 1, 9])
        {
            Assert.Equal("1 taken", Text(await Append("up", [new(At + (late * Second), 1 + late)])));
        }
        Assert.Equal([1, 2, 4, 6, 8, 10, 11], (await ReadOne("up", 0, long.MaxValue)).Select(sample => sample.Value));
    }

    [Fact]
    public async Task Samples_that_are_too_late_are_refused()
    {
        await Append("up", [new(At, 1)]);
        Assert.Equal("0 taken, metrics.too-old: 1", Text(await Append("up", [new(At - Hour - Second, 1)])));
        Assert.Equal("1 taken", Text(await Append("up", [new(At - Hour + Second, 1)])));
    }

    [Fact]
    public async Task A_sender_that_was_cut_off_for_hours_can_catch_up()
    {
        await Append("up", [new(At - (9 * Hour), 1)]);
        Assert.Equal("2 taken", Text(await Append("up", [new(At - (8 * Hour), 2), new(At, 3)])));
        Assert.Equal(3, (await ReadOne("up", 0, long.MaxValue)).Count);
    }

    [Fact]
    public async Task A_clock_that_is_ahead_is_refused_and_leaves_no_trace()
    {
        Assert.Equal("0 taken, metrics.too-far-ahead: 1", Text(await Append("up", [new(At + (5 * Hour), 1)])));
        Assert.Empty(await Select("up"));
        Assert.Equal("1 taken", Text(await Append("up", [new(At, 1)])));
    }

    [Theory]
    [InlineData("code=200", "200")]
    [InlineData("code!=200", " 404 500")]
    [InlineData("code=~4..|5..", "404 500")]
    [InlineData("code=~200|404", "200 404")]
    [InlineData("code=~2.*", "200")]
    [InlineData("code=~.+", "200 404 500")]
    [InlineData("code=~.*", " 200 404 500")]
    [InlineData("code!~5.+", " 200 404")]
    [InlineData("code!~200|404", " 500")]
    [InlineData("code=", "")]
    [InlineData("code!=", "200 404 500")]
    [InlineData("code=~|200", " 200")]
    [InlineData("code=~(?i)[45]0[04]", "404 500")]
    [InlineData("code=~0", "none")]
    [InlineData("other=x", "none")]
    [InlineData("other!=x", " 200 404 500")]
    [InlineData("other=", " 200 404 500")]
    public async Task Matchers_find_what_they_say(string matcher, string expected)
    {
        foreach (var labels in (string[])["http{code='200'}", "http{code='404'}", "http{code='500'}", "http", "up"])
        {
            await Append(labels, [new(At, 1)]);
        }
        await BetweenAppendAndSelectAsync();
        var found = await Store.SelectAsync([Metric("http"), MatcherOf(matcher)], At, At, Stop);
        Assert.Equal(
            expected,
            found.Count == 0
                ? "none"
                : string.Join(' ', found.Select(series => series.Labels["code"]).Order(StringComparer.Ordinal))
        );
    }

    [Theory]
    [InlineData("(a")]
    [InlineData(@"(a)\1")]
    [InlineData("a(?=b)")]
    public async Task An_expression_that_cannot_be_read_is_said(string expression)
    {
        await Append("http{path='/'}", [new(At, 1)]);
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            Store.SelectAsync([new(MatchKind.Regex, "path", expression)], At, At, Stop)
        );
        Assert.Equal("metrics.bad-matcher", caught.Problem.Code);
    }

    [Fact]
    public async Task Series_without_samples_in_the_time_are_not_found()
    {
        await Append("old", [new(At - (5 * Hour), 1)]);
        await Append("new", [new(At, 1)]);
        Assert.Equal(["new"], (await SelectAll(At - Hour, At)).Order(StringComparer.Ordinal));
        Assert.Equal(["new", "old"], (await SelectAll(At - (6 * Hour), At)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Names_and_values_of_labels_are_told_sorted()
    {
        await Append("http{code='404',app='shop'}", [new(At, 1)]);
        await Append("http{code='200',app='blog'}", [new(At, 1)]);
        await Append("up{host='b'}", [new(At - (5 * Hour), 1)]);
        await BetweenAppendAndSelectAsync();

        Assert.Equal(["__name__", "app", "code", "host"], await Store.LabelNamesAsync([], 0, long.MaxValue, Stop));
        Assert.Equal(["__name__", "app", "code"], await Store.LabelNamesAsync([], At, At, Stop));
        Assert.Equal(["200", "404"], await Store.LabelValuesAsync("code", [], 0, long.MaxValue, Stop));
        Assert.Equal(["200"], await Store.LabelValuesAsync("code", [MatcherOf("app=blog")], 0, long.MaxValue, Stop));
        Assert.Empty(await Store.LabelValuesAsync("host", [], At, At, Stop));
        Assert.Empty(await Store.LabelValuesAsync("nothing", [], 0, long.MaxValue, Stop));
    }

    [Fact]
    public async Task Readers_see_every_acknowledged_sample_while_others_append()
    {
        const int Writers = 4;
        const int Batches = 150;
        var acknowledged = new int[Writers];
        var writers = Enumerable.Range(0, Writers).Select(WriteAsync).ToList();
        var reader = Task.Run(ReadAsync, Stop);
        await Task.WhenAll(writers);
        await reader;
        for (var writer = 0; writer < Writers; writer++)
        {
            Assert.Equal(Batches * 10, (await ReadOne($"up{{writer='{writer}'}}", 0, long.MaxValue)).Count);
        }

        async Task WriteAsync(int writer)
        {
            await Task.Yield();
            for (var batch = 0; batch < Batches; batch++)
            {
                var first = batch * 10;
                await Append(
                    $"up{{writer='{writer}'}}",
                    [.. Enumerable.Range(first, 10).Select(step => new Sample(At - (4 * Hour) + (step * 100), step))]
                );
                Volatile.Write(ref acknowledged[writer], first + 10);
            }
        }

        async Task ReadAsync()
        {
            var columns = new SampleColumns();
            for (var turn = 0; writers.Exists(writer => !writer.IsCompleted); turn++)
            {
                for (var writer = 0; writer < Writers; writer++)
                {
                    var least = Volatile.Read(ref acknowledged[writer]);
                    foreach (var series in await Select($"up{{writer='{writer}'}}"))
                    {
                        columns.Clear();
                        series.Read(0, long.MaxValue, columns);
                        Assert.True(columns.Count >= least, $"{columns.Count} of {least}");
                        Assert.Equal(
                            Enumerable.Range(0, columns.Count).Select(step => (double)step),
                            columns.Values.ToArray()
                        );
                    }
                }
                if (turn < 20)
                {
                    await BetweenAppendAndSelectAsync();
                }
            }
        }
    }

    /// <summary>Something that must make no difference.</summary>
    protected virtual Task BetweenAppendAndSelectAsync() => Task.CompletedTask;

    protected static List<Sample> Steps(int count) =>
        [.. Enumerable.Range(0, count).Select(step => new Sample(At + (step * Second), step))];

    protected Task<Appended> Append(string series, IReadOnlyList<Sample> samples) =>
        Store.AppendAsync([new(LabelsOf(series), samples)], Stop);

    protected Task<IReadOnlyList<ISeries>> Select(string series) =>
        Store.SelectAsync(
            [.. LabelsOf(series).Select(label => new Matcher(MatchKind.Equal, label.Name, label.Value))],
            0,
            long.MaxValue,
            Stop
        );

    protected async Task<List<Sample>> ReadOne(string series, long from, long to)
    {
        var columns = new SampleColumns();
        Assert.Single(await Select(series)).Read(from, to, columns);
        return
        [
            .. Enumerable
                .Range(0, columns.Count)
                .Select(place => new Sample(columns.Times[place], columns.Values[place])),
        ];
    }

    private async Task<IEnumerable<string>> SelectAll(long from, long to) =>
        (await Store.SelectAsync([], from, to, Stop)).Select(series => series.Labels.Name);

    protected static string Text(Appended answer) =>
        string.Join(", ", answer.Refused.Select(one => $"{one.Key}: {one.Value}").Prepend($"{answer.Taken} taken"));

    /// <summary>Reads <c>name{label='value',...}</c>.</summary>
    protected static Labels LabelsOf(string text)
    {
        var (name, rest) = text.Split('{') is [var first, var second] ? (first, second.TrimEnd('}')) : (text, "");
        return Labels.Of(
            rest.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('='))
                .Select(pair => new Label(pair[0], pair[1].Trim('\'')))
                .Append(new(Labels.MetricName, name))
        );
    }

    protected static Matcher Metric(string name) => new(MatchKind.Equal, Labels.MetricName, name);

    private static Matcher MatcherOf(string text)
    {
        var at = text.IndexOfAny(['=', '!']);
        var (kind, length) =
            text[at..].StartsWith("=~", StringComparison.Ordinal) ? (MatchKind.Regex, 2)
            : text[at..].StartsWith("!~", StringComparison.Ordinal) ? (MatchKind.NotRegex, 2)
            : text[at] == '!' ? (MatchKind.NotEqual, 2)
            : (MatchKind.Equal, 1);
        return new(kind, text[..at], text[(at + length)..]);
    }
}
