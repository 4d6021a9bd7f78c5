using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Sends a report now, as it is sent by the calendar.</summary>
public static class SendReport
{
    public sealed record Input
    {
        [Description("Which: sla or dora.")]
        [Positional]
        public required ReportName Report { get; init; }

        [Description("Who gets it: a receiver of the routing, or person:NAME.")]
        public required string To { get; init; }

        [Description("Of the last month or of the last week.")]
        public ReportEvery Every { get; init; } = ReportEvery.Month;

        [Description("Only this app.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment.")]
        public string? Environment { get; init; }

        [Description("Only this team's apps.")]
        public string? Team { get; init; }
    }

    /// <param name="Channels">On how many it goes out.</param>
    public sealed record Output(string Headline, string To, int Channels);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "report.send",
            "Send the report of the last month or week now, as it is sent by the calendar.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead report send sla --to ops", "fairlead report send dora --to person:ana --every week"],
            Needs = Need.OfAll(Permission.Operate),
            Agents = AgentUse.Freely,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var routing = engine.Server.Response.Routing;
        await routing.LoadAsync(stop);
        var isKnown = input.To.StartsWith(Delivery.PersonPrefix, StringComparison.Ordinal)
            ? routing.Plan.Roster.People.ContainsKey(input.To[Delivery.PersonPrefix.Length..])
            : routing.Plan.Receivers.ContainsKey(input.To);
        if (!isKnown)
        {
            throw new ProblemException(
                new Problem(
                    "notification.no-receiver",
                    What: $"There is no receiver '{input.To}'.",
                    Why: $"The routing has {string.Join(", ", routing.Plan.Receivers.Keys)}.",
                    Fix: "Say who is told: fairlead routing set --file FILE"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        var order = new ReportOrder(
            input.Report is ReportName.Delivery ? ReportOrder.Delivery : ReportOrder.ServiceLevels,
            input.Every is ReportEvery.Week ? ReportOrder.Week : ReportOrder.Month,
            input.To,
            TimeZoneInfo.Utc
        )
        {
            App = input.App,
            Environment = input.Environment,
            Team = input.Team,
        };
        var (headline, channels) = await engine.Server.Response.Reports.SendAsync(
            order,
            order.LastAt(engine.World.Now),
            $"{engine.Caller}",
            stop
        );
        return new(headline, input.To, channels);
    }
}

/// <summary>Which report.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReportName>))]
public enum ReportName
{
    /// <summary>How goals were kept.</summary>
    [JsonStringEnumMemberName("sla")]
    ServiceLevels,

    /// <summary>How fast and how safely is delivered.</summary>
    [JsonStringEnumMemberName("dora")]
    Delivery,
}

/// <summary>How often.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReportEvery>))]
public enum ReportEvery
{
    [JsonStringEnumMemberName("month")]
    Month,

    [JsonStringEnumMemberName("week")]
    Week,
}
