using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Who would be told of an alert.</summary>
public static class TestRouting
{
    public sealed record Input
    {
        [Description("Labels of the alert, such as severity=page app=shop.")]
        [Positional]
        public required IReadOnlyList<string> Labels { get; init; }
    }

    public sealed record Output(IReadOnlyList<Row> Receivers);

    /// <param name="Channels">By their kinds.</param>
    /// <param name="Together">The labels by which alerts are told together.</param>
    public sealed record Row(string Receiver, IReadOnlyList<string> Channels, string Together, string? Muted);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("routing.test", "Show who would be told of an alert.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead routing test severity=page app=shop service=api"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var labels = Labels.Of(input.Labels.Select(Read));
        var plan = engine.Server.Response.Routing.Plan;
        return Task.FromResult(
            new Output([
                .. plan
                    .Root.For(labels)
                    .Select(route => new Row(
                        route.Receiver,
                        [.. plan.Receivers[route.Receiver].Channels.Select(static one => one.Kind)],
                        $"{route.GroupOf(labels)}",
                        plan.IsMuted(route, engine.World.Now) ? "by the clock" : null
                    )),
            ])
        );
    }

    private static Label Read(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, var value]
            ? new(name, value.Trim('"'))
            : throw new ProblemException(
                new Problem(
                    "routing.bad-label",
                    What: $"'{text}' is no label.",
                    Why: "A label is of the shape name=value.",
                    Fix: "Write for example: fairlead routing test severity=page app=shop"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
}
