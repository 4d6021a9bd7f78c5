using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>Brings what was seen into the stores, beside the loop: a slow disk delays no look.</summary>
internal sealed class MonitorWriter(IMetricStore metrics, MonitorRecords records, World world, ILogger log)
{
    /// <summary>What cannot be written is kept up to so many series, then forgotten.</summary>
    private const int SeriesMax = 200_000;
    private static readonly TimeSpan AliveEvery = TimeSpan.FromMinutes(1);

    private List<SeriesSamples> said = [];
    private readonly Dictionary<string, WatchedMonitor> changed = new(StringComparer.Ordinal);
    private DateTimeOffset aliveAt = DateTimeOffset.MinValue;
    private string? trouble;

    /// <summary>What is being written; done when nothing is.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    public void Say(SeriesSamples series)
    {
        if (said.Count < SeriesMax)
        {
            said.Add(series);
        }
    }

    public void Keep(WatchedMonitor monitor) => changed[monitor.Monitor.Key] = monitor;

    /// <summary>Begins to write what there is, unless it still writes.</summary>
    public void Begin(CancellationToken stop)
    {
        if (Work.IsCompletedSuccessfully)
        {
            Work = WriteAsync(stop);
        }
    }

    /// <summary>Writes the last of it, and until when monitors were looked at.</summary>
    public Task EndAsync(CancellationToken stop)
    {
        aliveAt = DateTimeOffset.MinValue;
        return WriteAsync(stop);
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        var (series, now) = (said, world.Now);
        said = [];
        List<(string Key, KeptMonitor? Kept)> documents = [];
        foreach (var (key, monitor) in changed)
        {
            monitor.IsChanged = false;
            documents.Add((key, monitor.Kept));
        }
        List<WatchedMonitor> written = [.. changed.Values];
        changed.Clear();
        try
        {
            if (documents.Count > 0 || now - aliveAt >= AliveEvery)
            {
                await records.KeepAsync(documents, now, stop);
                aliveAt = now;
            }
            if (series.Count > 0)
            {
                await metrics.AppendAsync(series, stop);
            }
            trouble = null;
        }
        catch (ProblemException caught)
        {
            written.ForEach(one => changed.TryAdd(one.Monitor.Key, one));
            // Once for each trouble: a disk that is full stays so for a while.
            if (trouble != caught.Problem.Code)
            {
                trouble = caught.Problem.Code;
                Log.NotKept(log, caught.Problem.Code, caught.Problem.Why);
            }
        }
    }
}
