using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Operations;

/// <summary>Opens an incident that nobody's alert found.</summary>
public static class OpenIncident
{
    public sealed record Input
    {
        [Description("What is wrong, in one line.")]
        [Positional]
        public required string Title { get; init; }

        [Description("The app that it is about.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Its environment.")]
        public string? Environment { get; init; }

        [Description("How grave it is.")]
        public SeverityInput Severity { get; init; } = SeverityInput.Major;

        [Description("Services that are hurt.")]
        public IReadOnlyList<string> Services { get; init; } = [];

        [Description("It is about security: reports count it as such.")]
        public bool Security { get; init; }

        [Description("When it began; now when left out.")]
        public string? Since { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.open",
            "Open an incident that no alert found.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead incident open 'Baskets are empty' --app shop --severity major"],
            Needs = Need.OfNamed(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var title = IncidentChanges.Checked(input.Title, "title");
        Site? site = null;
        if (input.App is not null)
        {
            site = (await Sites.FindAsync(engine.Server, input.App, input.Environment, stop)).Site;
        }
        var since = InputTimes.Moment(input.Since, "since");
        var response = engine.Server.Response;
        await response.Pager.LoadAsync(stop);
        IReadOnlyList<Delivery> told = [];
        var opened = await engine.Server.Incidents.OpenAsync(
            number => Made(number, input with { Title = title }, (site, since), engine),
            async one =>
            {
                told = await response.Announcer.DeliveriesOfAsync(
                    one,
                    $"Incident {one.Number} was opened: {title}",
                    stop
                );
                return [.. response.Pager.BeginningOf(one, response.Announcer.AlertOf(one)), .. Delivery.Writes(told)];
            },
            stop
        );
        response.Announcer.Take(told);
        response.Pager.Ring();
        response.Incidents.Ring();
        return IncidentView.Of(opened);
    }

    private static Incident Made(
        int number,
        Input input,
        (Site? Site, DateTimeOffset? Since) where,
        EngineContext engine
    )
    {
        var (now, by) = (engine.World.Now, $"{engine.Caller}");
        return new Incident
        {
            Number = number,
            Site = where.Site,
            Title = input.Title,
            Severity = input.Severity switch
            {
                SeverityInput.Critical => Severity.Critical,
                SeverityInput.Minor => Severity.Minor,
                _ => Severity.Major,
            },
            StartedAt = where.Since is { } said && said < now ? said : now,
            DetectedAt = now,
            OpenedBy = by,
            Services = input.Services,
            IsSecurity = input.Security,
        }.With(now, "state", $"Incident {number} was opened: {input.Title}", by);
    }
}
