using System.Globalization;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Serving;

/// <summary>What may become of a database that Fairlead runs. Pure.</summary>
public static class DatabaseLife
{
    /// <summary>How long the data of one that somebody removed can still be had.</summary>
    public static readonly TimeSpan Tombstone = TimeSpan.FromDays(7);

    /// <summary>Whether the data of one that was removed goes now.</summary>
    public static bool IsOver(ProvidedDatabase record, DateTimeOffset now) =>
        record.RemovedAfter is { } after && after <= now;

    /// <summary>How long to wait after one more failure.</summary>
    public static TimeSpan Pause(TimeSpan before, TimeSpan least, TimeSpan most) =>
        before == TimeSpan.Zero ? least
        : before * 2 < most ? before * 2
        : most;

    /// <summary>Why what a manifest says cannot become of what is there; null where it can.</summary>
    public static Problem? Conflict(ProvidedDatabase record, Database said) =>
        said.Kind != record.Kind
            ? Other(
                record,
                $"It is {Word(record.Kind)}, and the manifest says {Word(said.Kind)}: nothing turns one into the other."
            )
        : said.Url != record.Url
            ? Other(record, $"Its address is the secret {record.Url}, and the manifest says {said.Url}.")
        : said.Provided?.Port is { } port && port != record.Port
            ? Other(
                record,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"It listens on port {record.Port}, which its address says too, and the manifest says {port}."
                )
            )
        : null;

    private static Problem Other(ProvidedDatabase record, string why) =>
        new(
            "database.other",
            What: $"The database '{record.Name}' of {record.Site} is another one than the manifest says.",
            Why: why,
            Fix: "Put the manifest back, or add a database of another name and bring the data over: fairlead backup restore"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static string Word(DatabaseKind kind) => kind.ToString().ToLowerInvariant();
}
