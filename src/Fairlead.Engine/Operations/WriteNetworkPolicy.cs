using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Network;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Writes who may talk to whom as a policy that others hold services to; needs no server.</summary>
public static class WriteNetworkPolicy
{
    private const int NamespaceLettersMax = 63;

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
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var plan = NetworkApps.Plan(engine, input.Folder, input.Environment);
        var places = new Places(
            Checked(input.Namespace ?? DefaultNamespace(plan.Site)),
            Checked(input.FairleadNamespace)
        ).With(input.Address, plan);
        var written = NetworkFormats.Write(plan, input.Format, places);
        return Task.FromResult(new Output(written.Text, written.Warnings));
    }

    // Two names of 40 letters and a dash are more than a namespace may have.
    private static string DefaultNamespace(Site site)
    {
        var name = $"{site.App}-{site.Environment}";
        return name.Length <= NamespaceLettersMax ? name : name[..NamespaceLettersMax].TrimEnd('-');
    }

    private static string Checked(string name) =>
        name.Length is >= 1 and <= NamespaceLettersMax
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
        && name[0] != '-'
        && name[^1] != '-'
            ? name
            : throw new ProblemException(
                new Problem(
                    "network.wrong-namespace",
                    What: $"'{name}' is no namespace.",
                    Why: $"It takes at most {NamespaceLettersMax} lower-case letters, digits and dashes, and no dash at its ends.",
                    Fix: "Write for example: --namespace shop-production"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
}
