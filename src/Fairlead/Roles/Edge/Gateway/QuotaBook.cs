using System.Collections.Concurrent;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>
/// What each key has asked in its current span. Spans are counted from 1970 in UTC, so a quota of a day begins anew at midnight.
/// Written down every few seconds: a kill of the edge forgets what came since.
/// </summary>
internal sealed class QuotaBook : IAsyncDisposable
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);

    /// <summary>Keys counted at once; beyond, those of spans gone by are let go.</summary>
    private const int CountsMax = 100_000;

    private readonly ConcurrentDictionary<string, Count> counts = new(StringComparer.Ordinal);
    private readonly string? path;
    private readonly World world;
    private readonly ILogger log;
    private readonly CancellationTokenSource ending = new();
    private readonly Task saving;
    private int isDirty;

    /// <param name="folder">Null where nothing is kept.</param>
    public QuotaBook(string? folder, World world, ILogger log)
    {
        (this.world, this.log) = (world, log);
        path = folder is null ? null : Path.Combine(folder, "quotas.json");
        foreach (var one in (path is null ? null : DurableFile.TryReadJson<Saved[]>(path)) ?? [])
        {
            counts[one.Key] = new Count(one.Span, one.Ticks, one.Used);
        }
        saving = path is null ? Task.CompletedTask : Task.Run(() => SaveAsync(ending.Token));
    }

    /// <summary>Takes one request's worth of a key's quota, if there is any left.</summary>
    public Taken Take(ApiKey key, Rate quota)
    {
        if (counts.Count > CountsMax)
        {
            Forget();
        }
        var count = counts.GetOrAdd($"{key.Site}/{key.Id}", static _ => new Count(0, 0, 0));
        var now = world.Now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        Volatile.Write(ref isDirty, 1);
        return count.Take(quota, now);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await saving;
        ending.Dispose();
    }

    private async Task SaveAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(SaveEvery, world.Clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(stop))
            {
                Save();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Save();
        }
    }

    private void Save()
    {
        if (Interlocked.Exchange(ref isDirty, 0) == 0)
        {
            return;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path!)!);
            DurableFile.WriteJson(path!, counts.Select(one => one.Value.Save(one.Key)).ToArray());
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            log.QuotasNotSaved(path!, caught.Message);
        }
    }

    private void Forget()
    {
        var now = world.Now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        foreach (var (key, count) in counts)
        {
            if (count.IsOver(now))
            {
                counts.TryRemove(key, out _);
            }
        }
    }

    private sealed record Saved(string Key, long Span, long Ticks, int Used);

    private sealed class Count(long span, long ticks, int used)
    {
        private readonly Lock gate = new();
        private long span = span;
        private long ticks = ticks;
        private int used = used;

        public Taken Take(Rate quota, long now)
        {
            lock (gate)
            {
                var window = quota.Window.Ticks;
                var current = now / window;
                if (current != span || window != ticks)
                {
                    (span, ticks, used) = (current, window, 0);
                }
                var reset = TimeSpan.FromTicks(((current + 1) * window) - now);
                return used < quota.Count
                    ? new(IsAllowed: true, quota.Count - ++used, reset, now)
                    : new(IsAllowed: false, 0, reset, now);
            }
        }

        public Saved Save(string key)
        {
            lock (gate)
            {
                return new(key, span, ticks, used);
            }
        }

        public bool IsOver(long now)
        {
            lock (gate)
            {
                return ticks == 0 || now / ticks != span;
            }
        }
    }
}
