using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Drivers.Telemetry.Metrics.WriteAhead;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Telemetry.Metrics;

public sealed class WriteAheadLogTests
{
    private const int Waiters = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_for_what_is_on_disk_is_answered_though_the_log_is_closed_meanwhile()
    {
        using var folder = new TempFolder();
        for (var number = 1; number <= 50; number++)
        {
            var gate = new Lock();
            using var log = WriteAheadLog.Create(folder.File($"{number}.wal"), number, gate);
            var ends = new List<long>();
            lock (gate)
            {
                var series = new HeadSeries(Labels.Of([new(Labels.MetricName, "up")]), 0);
                for (var at = 0; at < Waiters; at++)
                {
                    log.Append(series, at, at);
                    ends.Add(log.EndRecord());
                }
            }
            var waiting = ends.Select(end => Task.Run(() => log.CommitAsync(end, Stop), Stop)).ToList();

            await log.CommitAsync(ends[^1], Stop);
            log.Dispose();

            await Task.WhenAll(waiting).WaitAsync(Patience, Stop);
        }
    }
}
