using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Data.Backups;

/// <summary>How a whole Fairlead is saved by itself.</summary>
/// <param name="Address">The repository, and below it variables of its server.</param>
/// <param name="PassphraseAsync">Read anew each time: it is kept by somebody else.</param>
public sealed record PlatformSchedule(
    Secret Address,
    Func<CancellationToken, Task<Secret?>> PassphraseAsync,
    TimeSpan Every
);

/// <summary>Saves this Fairlead again and again, each time read back, and keeps the newest of them.</summary>
public sealed class PlatformDesk(
    (IStore Store, Func<Fence> Fence) kept,
    Lazy<PlatformPorts> ports,
    PlatformSchedule schedule,
    World world,
    ILogger<PlatformDesk> log
) : IBackgroundWork
{
    private const string Collection = "platform-backups";
    private const string Key = "last";
    private const int KeptMax = 30;
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    // What is not of one site stands in the journal under a name that no manifest can have.
    private static readonly Site Own = new("fairlead", "platform");
    private DateTimeOffset last = DateTimeOffset.UnixEpoch;
    private bool hasFailed;

    public string Name => "platform backups";

    public async Task RunAsync(CancellationToken stop)
    {
        if (await kept.Store.ReadAsync(Collection, Key, stop) is { } document)
        {
            last = Records.Read<Saved>(document).At;
        }
        while (!stop.IsCancellationRequested)
        {
            if (world.Now - last >= schedule.Every)
            {
                try
                {
                    await SaveAsync(stop);
                    hasFailed = false;
                }
                catch (ProblemException caught)
                {
                    hasFailed = true;
                    Log.PlatformNotSaved(log, caught.Problem.What, caught.Problem.Why);
                    await Task.Delay(Retry < schedule.Every ? Retry : schedule.Every, world.Clock, stop);
                }
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    /// <summary>Saves it now.</summary>
    /// <exception cref="ProblemException">It could not be saved, or is not what was written.</exception>
    public async Task SaveAsync(CancellationToken stop)
    {
        var repository = PlatformRepository.Open(ports.Value, schedule.Address, await schedule.PassphraseAsync(stop));
        var saved = await PlatformSaving.SaveAsync(ports.Value, repository, world, static _ => { }, stop);
        last = saved.At;
        await kept.Store.CommitAsync(
            new Change(kept.Fence())
            {
                Entries =
                [
                    new NewEntry(
                        Own,
                        Deployment: null,
                        "platform-saved",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"All of Fairlead was saved ({saved.Id}, {saved.Bytes} bytes) and read back in {saved.Proven.TotalSeconds:0.0} s"
                        )
                    ),
                ],
                Writes = [new Write(Collection, Key, Records.Body(new Saved(saved.At)))],
            },
            stop
        );
        var older = (await repository.ListAsync(stop))
            .Where(static one => one.Tags.GetValueOrDefault("kind") == PlatformRepository.Kind)
            .Reverse()
            .Skip(KeptMax)
            .Select(static one => one.Id)
            .ToList();
        if (older.Count > 0)
        {
            await repository.RemoveAsync(older, stop);
        }
    }

    /// <summary>Adds how it stands.</summary>
    public void Measure(MetricPage page)
    {
        page.Gauge(
            "fairlead_platform_backup_last_success_timestamp_seconds",
            "When all of Fairlead was last saved and read back; 0 for never.",
            last.ToUnixTimeSeconds(),
            []
        );
        page.Gauge(
            "fairlead_platform_backup_interval_seconds",
            "How often all of Fairlead is to be saved.",
            schedule.Every.TotalSeconds,
            []
        );
        page.Gauge(
            "fairlead_platform_backup_last_failed",
            "1 while the newest attempt to save all of Fairlead failed.",
            hasFailed ? 1 : 0,
            []
        );
    }

    private sealed record Saved(DateTimeOffset At);
}
