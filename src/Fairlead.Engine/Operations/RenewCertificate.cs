using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Gets a new certificate now, such as after its key was seen by others, or once a trouble is mended.</summary>
public static class RenewCertificate
{
    public sealed record Input
    {
        [Description("The host, such as shop.example.com.")]
        [Positional]
        public required string Host { get; init; }
    }

    public sealed record Output(string Host, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "certificate.renew",
            "Get a new certificate for a host now.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead certificate renew shop.example.com"],
            Needs = Need.Of(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var views = (await server.Certificates.ViewsAsync(stop)).Where(one => server.Reach.Has(one.Need.Site)).ToList();
        var view =
            views.FirstOrDefault(one => one.Need.Host == input.Host)
            ?? throw new ProblemException(
                new Problem(
                    "certificate.unknown-host",
                    What: $"{input.Host} needs no certificate.",
                    Why: views.Count == 0
                        ? "No app has a host with TLS."
                        : $"Hosts with TLS: {string.Join(", ", views.Take(10).Select(one => one.Need.Host))}.",
                    Fix: "See them all: fairlead certificate list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        await server.Certificates.RenewAsync(view, server.Conductor.Fence, stop);
        return new(view.Need.Host, "It is asked for now. See how it goes: fairlead certificate list");
    }
}
