using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Routing;

namespace Fairlead.Engine.Operations;

/// <summary>Who is told of what, as a file of Alertmanager.</summary>
public static class ExportRouting
{
    public sealed record Input;

    /// <param name="Text">The file, without people and schedules, and with secrets masked.</param>
    public sealed record Output(int Receivers, int Routes, string Text);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "routing.export",
            "Print who is told of what as a file for Alertmanager, with secrets masked.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead routing export"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var routing = engine.Server.Response.Routing;
        return Task.FromResult(
            new Output(
                routing.Plan.Receivers.Count,
                routing.Plan.Root.All.Count(),
                RoutingExport.Of(routing.Plan, routing.Channels)
            )
        );
    }
}
