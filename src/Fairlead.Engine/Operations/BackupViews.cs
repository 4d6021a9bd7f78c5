using System.Globalization;
using Fairlead.Model.Data;

namespace Fairlead.Engine.Operations;

/// <summary>A backup as people are shown it.</summary>
/// <param name="State">unknown, taken, verified, stale or failed: only a restore makes it verified.</param>
/// <param name="RestoreSeconds">How long the drill took; null where it was not tried.</param>
/// <param name="Told">What a drill saw, or why it failed.</param>
public sealed record BackupView(
    string Backup,
    string App,
    string Environment,
    string Database,
    DateTimeOffset At,
    BackupState State,
    long Bytes,
    double TookSeconds,
    double? RestoreSeconds,
    string Told
)
{
    private const int DrillsWorth = 2;

    internal static BackupView Of(Backup one, BackupRules? rules, DateTimeOffset now) =>
        new(
            one.Id,
            one.Site.App,
            one.Site.Environment,
            one.Database,
            one.At,
            one.StateAt(now, (rules ?? new()).DrillEvery * DrillsWorth),
            one.Bytes,
            Math.Round(one.Took.TotalSeconds, 1),
            one.Drill is { } drill ? Math.Round(drill.Took.TotalSeconds, 1) : null,
            one.RemovedAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $"goes after {after:u}")
                : one.Problem is { } problem ? $"{problem.What} {problem.Why}"
                : one.Drill is { Problem: { } found } ? $"{found.What} {found.Why}"
                : one.Drill is { } good ? string.Join("; ", good.Looks)
                : "nobody has restored it yet"
        );
}
