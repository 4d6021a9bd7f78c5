using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Operations;

/// <summary>Says who may talk to whom; needs no server.</summary>
public static class ShowNetwork
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }
    }

    /// <param name="Because">What of the manifest says so.</param>
    public sealed record FlowView(string From, string To, string Port, string Because);

    public sealed record Output(
        string App,
        string Environment,
        [property: Description("All that is allowed.")] IReadOnlyList<FlowView> Flows,
        IReadOnlyList<string> Warnings
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("network.show", "Show who may talk to whom in an app.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead network show", "fairlead network show samples/storefront --env staging"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var plan = NetworkApps.Plan(engine, input.Folder, input.Environment);
        return Task.FromResult(
            new Output(
                plan.Site.App,
                plan.Site.Environment,
                [
                    .. plan.Flows.Select(flow => new FlowView(
                        flow.From.ToString(),
                        flow.To.ToString(),
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{flow.Port}/{(flow.Transport is Transport.Udp ? "udp" : "tcp")}"
                        ),
                        flow.Because
                    )),
                ],
                plan.Notes
            )
        );
    }
}
