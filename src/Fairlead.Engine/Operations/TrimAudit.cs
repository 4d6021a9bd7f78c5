using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Removes the journal's oldest lines, with proof of what was removed.</summary>
public static class TrimAudit
{
    private const int DaysMax = 20_000;

    public sealed record Input
    {
        [Description("Lines younger than this stay, such as 400d; at least 30d.")]
        public string? Keep { get; init; }

        [Description("Or: lines from this day on stay, such as 2026-01-31, in UTC.")]
        public string? Before { get; init; }
    }

    /// <param name="File">Where the removed lines lie on the server's machine; null when nothing was removed.</param>
    public sealed record Output(long Removed, string? Lines, string? File, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "audit.trim",
            "Remove the journal's oldest lines into a file that proves itself.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples = ["fairlead audit trim --keep 400d > trimmed.json"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        var before = Bound(input, now);
        if (before > now - JournalTrim.KeepMin)
        {
            throw new ProblemException(
                Wrong(
                    "The journal is not trimmed that far.",
                    $"Lines of the last {JournalTrim.KeepMin.TotalDays:0} days always stay: break-ins are often found weeks later."
                )
            );
        }
        var server = engine.Server;
        var policy = input.Keep is { } keep ? $"keep {keep}" : $"before {input.Before}";
        var done = await server.Audit.Trim.RunAsync(
            before,
            (engine.Caller.ToString(), policy),
            server.Conductor.Fence,
            stop
        );
        return done.Removal is { } removal
            ? new(
                removal.Count(),
                $"{removal.First} to {removal.Last()}",
                done.File,
                removal.Count() >= JournalTrim.LinesMax / 2
                    ? "Keep that file elsewhere. There may be more: ask again."
                    : $"Keep that file elsewhere; it can be checked anywhere: fairlead audit check {done.File} --key {removal.Key}"
            )
            : new(
                0,
                Lines: null,
                File: null,
                done.Held is { } held
                    ? $"Nothing was removed: {held}."
                    : $"Nothing was removed: no line is older than {before:yyyy-MM-dd}."
            );
    }

    private static DateTimeOffset Bound(Input input, DateTimeOffset now) =>
        input switch
        {
            // Units take a year at most, and journals are kept for longer.
            { Keep: [.. var days, 'd'], Before: null }
                when int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count <= DaysMax => now.AddDays(-count),
            { Keep: null, Before: { } day }
                when DateTimeOffset.TryParseExact(
                    day,
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var before
                ) => before,
            _ => throw new ProblemException(
                Wrong(
                    "It cannot be told which lines stay.",
                    "It takes either an age in days, such as 400d, or a day, such as 2026-01-31."
                )
            ),
        };

    private static Problem Wrong(string what, string why) =>
        new("audit.wrong-bound", what, why, Fix: "Write for example: fairlead audit trim --keep 400d")
        {
            Trouble = Trouble.WrongUse,
        };
}
