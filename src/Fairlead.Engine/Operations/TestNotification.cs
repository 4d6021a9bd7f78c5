using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Alerting;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Tells a receiver something, to see whether it arrives.</summary>
public static class TestNotification
{
    public sealed record Input
    {
        [Description("A receiver of the routing, or a person as in person:ana.")]
        [Positional]
        public required string Receiver { get; init; }
    }

    public sealed record Output(IReadOnlyList<Row> Channels);

    /// <param name="Why">Why it was not taken; null when it was.</param>
    public sealed record Row(string Channel, bool IsTaken, string? Why);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "notification.test",
            "Tell a receiver something now, to see whether it arrives.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead notification test pager"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var response = engine.Server.Response;
        var channels = input.Receiver.StartsWith(Delivery.PersonPrefix, StringComparison.Ordinal)
            ? response
                .Routing.Plan.Roster.People.GetValueOrDefault(input.Receiver[Delivery.PersonPrefix.Length..])
                ?.Channels
            : response.Routing.Plan.Receivers.GetValueOrDefault(input.Receiver)?.Channels;
        if (channels is null)
        {
            throw new ProblemException(
                new Problem(
                    "notification.no-receiver",
                    What: $"There is no receiver '{input.Receiver}'.",
                    Why: $"The routing has {string.Join(", ", response.Routing.Plan.Receivers.Keys)}.",
                    Fix: "Say who is told: fairlead routing set --file FILE"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        var rows = new List<Row>();
        foreach (var channel in channels)
        {
            var kind = response.Routing.Channels.First(one => one.Kind == channel.Kind); // The routing was checked for it.
            var sent = await kind.SendAsync(Test(engine, input.Receiver), channel.Settings, stop);
            rows.Add(new(channel.Kind, sent.IsTaken, sent.Why));
        }
        return new(rows);
    }

    private static Notification Test(EngineContext engine, string receiver) =>
        new()
        {
            Id = engine.World.NewId(),
            Receiver = receiver,
            GroupKey = $"test:{receiver}",
            GroupLabels = Labels.Of([new(Alert.NameLabel, "Test")]),
            Alerts =
            [
                new(
                    Labels.Of([new(Alert.NameLabel, "Test"), new(Alert.SeverityLabel, Alert.Ticket)]),
                    Labels.Of([new("summary", $"{engine.Caller} asked for this test. Nothing is wrong.")]),
                    engine.World.Now
                ),
            ],
            At = engine.World.Now,
            ExternalUrl = engine.Server.PublicUrl.ToString().TrimEnd('/'),
            Headline = "A test of Fairlead",
        };
}
