using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
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
        var now = engine.World.Now;
        var since = InputTimes.Moment(input.Since, "since");
        var by = $"{engine.Caller}";
        var opened = await engine.Server.Incidents.OpenAsync(
            number =>
                new Incident
                {
                    Number = number,
                    Site = site,
                    Title = title,
                    Severity = input.Severity switch
                    {
                        SeverityInput.Critical => Severity.Critical,
                        SeverityInput.Minor => Severity.Minor,
                        _ => Severity.Major,
                    },
                    StartedAt = since is { } said && said < now ? said : now,
                    DetectedAt = now,
                    OpenedBy = by,
                    Services = input.Services,
                    IsSecurity = input.Security,
                }.With(now, "state", $"Incident {number} was opened: {title}", by),
            stop
        );
        var response = engine.Server.Response;
        await response.Pager.BeginAsync(opened, response.Announcer.AlertOf(opened), stop);
        await response.Announcer.SayAsync(opened, $"Incident {opened.Number} was opened: {title}", stop);
        response.Incidents.Ring();
        return IncidentView.Of(opened);
    }
}
