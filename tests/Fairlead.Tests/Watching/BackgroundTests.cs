using Fairlead.Engine.Watching;
using Fairlead.Model.Ports;
using Fairlead.Tests.Deploying.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Watching;

public sealed class BackgroundTests
{
    private readonly List<string> happened = [];
    private readonly SimulatedTime time = new(new Random(1));

    [Fact]
    public void What_fails_is_begun_again_later_each_time_and_its_neighbour_goes_on() =>
        RunFor(
            TimeSpan.FromSeconds(20),
            [new Failing(this, livesFor: TimeSpan.Zero), new Steady(this)],
            ["0 failing", "0 steady", "1 failing", "3 failing", "7 failing", "15 failing"]
        );

    [Fact]
    public void What_lived_long_before_it_failed_is_begun_again_soon() =>
        RunFor(
            TimeSpan.FromMinutes(7),
            [new Failing(this, livesFor: TimeSpan.FromMinutes(2))],
            ["0 failing", "121 failing", "242 failing", "363 failing"]
        );

    [Fact]
    public void What_comes_back_by_itself_has_nothing_more_to_do() =>
        RunFor(TimeSpan.FromMinutes(1), [new Done(this)], ["0 done"]);

    private void RunFor(TimeSpan span, IReadOnlyList<IBackgroundWork> works, IReadOnlyList<string> expected)
    {
        time.Run(
            async () =>
            {
                using var stop = new CancellationTokenSource(span, time);
                await new Background(works, new World(time, new Random(1)), NullLogger.Instance).RunAsync(stop.Token);
            },
            TimeSpan.FromHours(1)
        );
        Assert.Equal(expected, happened.OrderBy(Second).ThenBy(line => line, StringComparer.Ordinal));
    }

    private static int Second(string line) =>
        int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private void Note(string name) => happened.Add($"{(int)time.Elapsed.TotalSeconds} {name}");

    private sealed class Failing(BackgroundTests test, TimeSpan livesFor) : IBackgroundWork
    {
        public string Name => "failing";

        public async Task RunAsync(CancellationToken stop)
        {
            test.Note(Name);
            await Task.Delay(livesFor, test.time, stop);
            throw new InvalidOperationException("a bug");
        }
    }

    private sealed class Steady(BackgroundTests test) : IBackgroundWork
    {
        public string Name => "steady";

        public Task RunAsync(CancellationToken stop)
        {
            test.Note(Name);
            return Task.Delay(Timeout.InfiniteTimeSpan, test.time, stop);
        }
    }

    private sealed class Done(BackgroundTests test) : IBackgroundWork
    {
        public string Name => "done";

        public Task RunAsync(CancellationToken stop)
        {
            test.Note(Name);
            return Task.CompletedTask;
        }
    }
}
