using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Takes a copy of the OSV database.</summary>
public static class ImportAdvisories
{
    public sealed record Input
    {
        [Description("Folder or zip file with OSV's JSON, such as an unpacked all.zip of osv.dev.")]
        [Positional]
        public required string From { get; init; }

        [Description("The day the copy was made, such as 2026-11-20, when it does not say so itself.")]
        public string? Date { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ShowAdvisories.Output>(
            "advisory.import",
            "Take a dated copy of the OSV database, in place of the one before.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead advisory import osv/ --date 2026-11-20"],
            Runs = Runs.Here,
            Needs = Need.OfAll(Permission.Secure),
        };

    private static async Task<ShowAdvisories.Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        DateTimeOffset? date = null;
        if (input.Date is { } text)
        {
            date = DateTimeOffset.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var day
            )
                ? day
                : throw Scanning.Wrong(
                    "advisory.date",
                    $"'{text}' is no day.",
                    "It takes a day of the calendar as year-month-day.",
                    "Write for example: --date 2026-11-20"
                );
        }
        var status = await engine.Scanning.Ports.Advisories.ImportAsync(input.From, date, stop);
        return ShowAdvisories.View(status, engine.World.Now);
    }
}
