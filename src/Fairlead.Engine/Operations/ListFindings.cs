using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>What looks like an attack, or like a way for one.</summary>
public static class ListFindings
{
    private const int EvidenceShown = 20;

    public sealed record Input
    {
        [Description("Those that were closed, too.")]
        public bool All { get; init; }
    }

    public sealed record Output(IReadOnlyList<View> Findings);

    /// <param name="Gravity">high, medium or low.</param>
    /// <param name="Closed">Who closed it and why; null while it is open.</param>
    public sealed record View(
        string Id,
        string Gravity,
        string Kind,
        string What,
        string Fix,
        IReadOnlyList<string> Evidence,
        DateTimeOffset First,
        DateTimeOffset Last,
        string? Closed
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "finding.list",
            "List what looks like an attack, or like a way for one, with what was seen.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead finding list", "fairlead finding list --all"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([
            .. (await engine.Server.Detection.Findings.AllAsync(stop))
                .Where(one => input.All || one.ClosedAt is null)
                .OrderBy(one => one.ClosedAt is not null)
                .ThenByDescending(one => one.Gravity)
                .ThenByDescending(one => one.Last)
                .Select(Of),
        ]);

    internal static View Of(Finding one) =>
        new(
            one.Id,
            one.Gravity.ToString().ToLowerInvariant(),
            one.Kind,
            one.What,
            one.Fix.Replace(" ID ", $" {one.Id} ", StringComparison.Ordinal),
            [.. one.Evidence.TakeLast(EvidenceShown)],
            one.First,
            one.Last,
            one.Closed
        );
}
