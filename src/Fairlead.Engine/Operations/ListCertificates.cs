using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Certificates;

namespace Fairlead.Engine.Operations;

/// <summary>Every host's certificate: who signed it, until when, and what stands in the way of the next.</summary>
public static class ListCertificates
{
    public sealed record Input
    {
        [Description("App name; all apps when left out.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }
    }

    public sealed record Output(IReadOnlyList<View> Certificates);

    /// <param name="State">good, awaited, failing, expiring or expired.</param>
    /// <param name="Next">When the next one is got.</param>
    /// <param name="Trouble">Why the last attempt failed.</param>
    public sealed record View(
        string Host,
        string App,
        string State,
        string Authority,
        DateTimeOffset? Until,
        DateTimeOffset? Next,
        string? Trouble
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "certificate.list",
            "List the certificates of all hosts, and when they are renewed.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead certificate list"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        return new([
            .. (await engine.Server.Certificates.ViewsAsync(stop))
                .Where(view => engine.Server.Reach.Has(view.Need.Site))
                .Where(view => input.App is null || view.Need.Site.App == input.App)
                .Select(view => new View(
                    view.Need.Host,
                    view.Need.Site.ToString(),
                    CertificatePlan.StateOf(view.Held, view.Record, now).ToString().ToLowerInvariant(),
                    view.Record.Authority ?? CertificatePlan.AuthorityOf(view.Need, view.Record),
                    view.Held?.NotAfter,
                    view.Due < now ? null : view.Due,
                    view.Record.Trouble
                )),
        ]);
    }
}
