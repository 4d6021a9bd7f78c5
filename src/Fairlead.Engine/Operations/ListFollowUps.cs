using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>What was promised so that incidents do not come again.</summary>
public static class ListFollowUps
{
    public sealed record Input
    {
        [Description("Only this app's.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment's.")]
        public string? Environment { get; init; }

        [Description("Only those of this owner.")]
        public string? Owner { get; init; }

        [Description("Those that are done, too.")]
        public bool All { get; init; }
    }

    /// <param name="State">open, due, overdue or done.</param>
    /// <param name="RemindedFor">The day of which somebody was reminded last.</param>
    public sealed record Row(
        int Incident,
        int FollowUp,
        string State,
        string Text,
        string? Owner,
        DateOnly? Due,
        DateOnly? RemindedFor,
        string? Site
    );

    public sealed record Output(IReadOnlyList<Row> FollowUps);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "incident.followups",
            "List what was promised so that incidents do not come again, the most overdue first.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead incident followups", "fairlead incident followups shop --owner ana --all"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var zone = engine.Server.Response.Routing.Plan.Incidents.Zone;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(engine.World.Now, zone).DateTime);
        return new([
            .. (await engine.Server.Incidents.AllAsync(stop))
                .Where(one => one.Site is not null || engine.Server.Reach.IsAll)
                .Where(one => input.App is null || one.Site?.App == input.App)
                .Where(one => input.Environment is null || one.Site?.Environment == input.Environment)
                .SelectMany(one => one.FollowUps.Select(follow => (Incident: one, FollowUp: follow)))
                .Where(one => input.All || !one.FollowUp.IsDone)
                .Where(one => input.Owner is null || one.FollowUp.Owner == input.Owner)
                .OrderBy(static one => one.FollowUp.IsDone)
                .ThenBy(static one => one.FollowUp.Due ?? DateOnly.MaxValue)
                .ThenBy(static one => one.Incident.Number)
                .Select(one => new Row(
                    one.Incident.Number,
                    one.FollowUp.Number,
                    one.FollowUp.IsDone ? "done"
                        : one.FollowUp.Due < today ? "overdue"
                        : one.FollowUp.Due == today ? "due"
                        : "open",
                    one.FollowUp.Text,
                    one.FollowUp.Owner,
                    one.FollowUp.Due,
                    one.FollowUp.RemindedFor,
                    one.Incident.Site?.ToString()
                )),
        ]);
    }
}
