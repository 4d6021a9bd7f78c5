using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>What an incident looked like in numbers.</summary>
public static class GraphIncident
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }
    }

    /// <param name="Graphs">errors, latency, traffic and budget: those of which there are numbers.</param>
    public sealed record Output(int Incident, IReadOnlyList<View> Graphs);

    /// <param name="Sentence">What it shows, whole.</param>
    /// <param name="Points">A value is null where nothing was measured.</param>
    public sealed record View(
        string Name,
        string Title,
        string Unit,
        string Sentence,
        IReadOnlyList<Point> Points,
        IReadOnlyList<Mark> Marks
    );

    public sealed record Point(DateTimeOffset At, double? Value);

    public sealed record Mark(DateTimeOffset At, string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "incident.graphs",
            "Show what an incident looked like in numbers, with what changed.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead incident graphs 7 --json"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var incident = await engine.Server.Incidents.FindAsync(input.Incident, stop);
        var graphs = await IncidentGraphDesk.ReadAsync(engine.Server, incident, engine.World.Now, stop);
        return new(
            incident.Number,
            [
                .. graphs.Select(static one => new View(
                    one.Name,
                    one.Title,
                    one.Unit,
                    one.Sentence,
                    [
                        .. one.Points.Select(static point => new Point(
                            point.At,
                            double.IsFinite(point.Value) ? Math.Round(point.Value, 6) : null
                        )),
                    ],
                    [.. one.Marks.Select(static mark => new Mark(mark.At, mark.Name))]
                )),
            ]
        );
    }
}
