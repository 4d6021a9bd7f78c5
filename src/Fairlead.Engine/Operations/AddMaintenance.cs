using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Announces work: while it goes on, nobody is alarmed by what it concerns, and its time counts nowhere.</summary>
public static class AddMaintenance
{
    private const int LettersMax = 500;
    private const int AnnouncedMax = 500;
    private const int NamesMax = 100;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    // As long as the numbers of which reports leave it out, and no more than that many.
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);
    private const int KeptMax = 2_000;

    public sealed record Input
    {
        [Description("For people: what is done and what they notice.")]
        [Positional]
        public required string Text { get; init; }

        [Description("Whose; everything when left out.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("In which environment.")]
        public string? Environment { get; init; }

        [Description("Services of the app; all when left out.")]
        public IReadOnlyList<string> Service { get; init; } = [];

        [Description("Monitors, as 'fairlead monitor list' shows them.")]
        public IReadOnlyList<string> Monitor { get; init; } = [];

        [Description("When it begins, such as 2026-12-24T22:00Z; now when left out.")]
        public string? From { get; init; }

        [Description("When it ends; --for says it otherwise.")]
        public string? To { get; init; }

        [Description("How long it takes, such as 2h, at most 30d.")]
        public string? For { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, MaintenanceView>(
            "maintenance.add",
            "Announce work: nobody is alarmed by what it concerns, and status pages say so.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead maintenance add 'New disks' --for 2h --app shop",
                "fairlead maintenance add 'Moving house' --from 2026-12-24T22:00Z --to 2026-12-25T02:00Z",
            ],
            Needs = Need.OfNamed(Permission.Deploy),
        };

    private static async Task<MaintenanceView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        var (from, to) = Times(input, now);
        var site = input is { App: null, Environment: null }
            ? null
            : (await Sites.FindAsync(engine.Server, input.App, input.Environment, stop)).Site;
        if (site is null && input.Service.Count > 0)
        {
            throw new ProblemException(
                Wrong("Services are named, but no app.", "A service is one of an app.", "Add --app APP")
            );
        }
        if (input.Service.Count + input.Monitor.Count > NamesMax)
        {
            throw new ProblemException(Wrong("Too many are named.", $"At most {NamesMax} are.", "Name only the app."));
        }
        var maintenance = new Maintenance(
            engine.World.NewId(),
            from,
            to,
            string.Concat(input.Text.Trim().Where(letter => !char.IsControl(letter)).Take(LettersMax))
        )
        {
            Site = site,
            Services = input.Service,
            Monitors = [.. input.Monitor.Select(one => MonitorViews.Find(engine, one).Monitor.Key)],
            By = engine.Caller.ToString(),
            AnnouncedAt = now,
        };
        await KeepAsync(engine, maintenance, stop);
        return MaintenanceView.Of(maintenance, now);
    }

    private static async Task KeepAsync(EngineContext engine, Maintenance maintenance, CancellationToken stop)
    {
        var (store, now) = (engine.Server.Store, engine.World.Now);
        var known = (await store.ListAsync(Maintenance.Collection, "", stop))
            .Select(Records.Read<Maintenance>)
            .ToList();
        var over = known.Where(one => one.To <= now).OrderByDescending(static one => one.To).ToList();
        var old = over.Skip(KeptMax).Concat(over.Take(KeptMax).Where(one => now - one.To > KeptFor)).ToList();
        if (known.Count - over.Count >= AnnouncedMax)
        {
            throw new ProblemException(
                Wrong(
                    "No more work can be announced.",
                    $"There are {AnnouncedMax} announcements.",
                    "fairlead maintenance list"
                )
            );
        }
        await store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries = [EntryOf(engine, maintenance, "announced")],
                Writes =
                [
                    new Write(Maintenance.Collection, maintenance.Key, Records.Body(maintenance)),
                    .. old.Select(one => new Write(Maintenance.Collection, one.Key, Body: null)),
                ],
            },
            stop
        );
        engine.Server.Monitors.Ring();
    }

    internal static NewEntry EntryOf(EngineContext engine, Maintenance maintenance, string what) =>
        new(
            maintenance.Site ?? AccessBook.Platform,
            Deployment: null,
            "maintenance",
            string.Create(
                CultureInfo.InvariantCulture,
                $"maintenance {what}, {maintenance.From.UtcDateTime:yyyy-MM-dd HH:mm} to {maintenance.To.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {maintenance.Text}, by {engine.Caller}"
            ),
            new JsonObject { ["maintenance"] = maintenance.Id }
        );

    private static (DateTimeOffset From, DateTimeOffset To) Times(Input input, DateTimeOffset now)
    {
        var from = input.From is null ? now : Read("from", input.From);
        if (input.To is null == input.For is null)
        {
            throw new ProblemException(
                Wrong(
                    "Nothing says how long it takes.",
                    "Exactly one of --to and --for does.",
                    "Add for example: --for 2h"
                )
            );
        }
        var to =
            input.To is { } said ? Read("to", said)
            : Units.TryParseDuration(input.For!) is { } time ? from + time
            : throw new ProblemException(
                Wrong($"'{input.For}' is no time.", "--for takes a time such as 2h.", "Write for example: --for 2h")
            );
        return to > from && to > now && to - from <= Longest
            ? (from, to)
            : throw new ProblemException(
                Wrong(
                    "It cannot take that long.",
                    "It ends after its begin, in the future, and takes at most 30d.",
                    "Write for example: --for 2h"
                )
            );
    }

    private static DateTimeOffset Read(string option, string text) =>
        DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : throw new ProblemException(
                Wrong(
                    $"'{text}' is no moment.",
                    $"--{option} takes one such as 2026-12-24T22:00Z.",
                    $"Write for example: --{option} 2026-12-24T22:00Z"
                )
            );

    private static Problem Wrong(string what, string why, string fix) =>
        new("maintenance.wrong", what, why, fix) { Trouble = Trouble.WrongUse };
}
