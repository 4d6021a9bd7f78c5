using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Network;

namespace Fairlead.Engine.Operations;

/// <summary>Writes who may talk to whom as a policy that others hold services to; needs no server.</summary>
public static class WriteNetworkPolicy
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("kubernetes, istio, linkerd, security-groups or nftables.")]
        public required NetworkFormat Format { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Kubernetes namespace of the app; APP-ENVIRONMENT when left out.")]
        public string? Namespace { get; init; }

        [Description("Kubernetes namespace of the edge and the server.")]
        public string FairleadNamespace { get; init; } = "fairlead";

        [Description(
            "Where somebody is, such as api=10.0.0.5: a service, a host that the manifest names, edge, server, resolver or operators."
        )]
        public IReadOnlyList<string> Address { get; init; } = [];
    }

    /// <param name="Policy">To be written to a file and applied.</param>
    public sealed record Output(string Policy, IReadOnlyList<string> Warnings);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "network.policy",
            "Write who may talk to whom as a policy for Kubernetes, a mesh, AWS or nftables.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead network policy --format kubernetes | kubectl apply -f -",
                "fairlead network policy --format nftables --address api=10.0.0.5 > shop.nft",
            ],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var plan = NetworkApps.Plan(engine, input.Folder, input.Environment);
        var places = new Places(
            NetworkApps.NamespaceOf(input.Namespace, plan.Site),
            NetworkApps.NamespaceOf(input.FairleadNamespace, plan.Site)
        ).With(input.Address, plan);
        var written = NetworkFormats.Write(plan, input.Format, places);
        return Task.FromResult(new Output(written.Text, written.Warnings));
    }
}
