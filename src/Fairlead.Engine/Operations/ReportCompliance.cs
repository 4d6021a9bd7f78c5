using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Compliance;

namespace Fairlead.Engine.Operations;

/// <summary>Says how controls stand, by what was measured.</summary>
public static class ReportCompliance
{
    public sealed record Input
    {
        [Description("soc2, hipaa, gdpr or host; all when left out.")]
        [Positional]
        public string? Catalogue { get; init; }

        [Description("Only controls in this state: failing, unknown, manual, stale or fresh.")]
        public ControlState? Only { get; init; }
    }

    /// <param name="Todo">What to do; empty when it is fresh.</param>
    public sealed record Row(string Control, string Title, ControlState State, string Why, string Todo);

    /// <param name="Reach">How much of it technology can answer at all.</param>
    public sealed record CatalogueView(
        string Catalogue,
        string Title,
        string Summary,
        string Reach,
        IReadOnlyList<Row> Controls
    );

    public sealed record Output(DateTimeOffset MeasuredAt, IReadOnlyList<CatalogueView> Catalogues);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "compliance.report",
            "Show how controls of SOC 2, HIPAA, GDPR and of the machine stand, by what was measured.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead compliance report", "fairlead compliance report soc2 --only failing"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var bundle = await ComplianceDesk.BundleAsync(engine, input.Catalogue, stop);
        return new(
            bundle.At,
            [
                .. bundle.Assessments.Select(one => new CatalogueView(
                    one.Catalogue.Id,
                    one.Catalogue.Title,
                    one.Summary,
                    one.Reach,
                    [
                        .. one
                            .Controls.Where(control => input.Only is null || control.State == input.Only)
                            .Select(control => new Row(
                                control.Control.Id,
                                control.Control.Title,
                                control.State,
                                control.Why,
                                control.Todo
                            )),
                    ]
                )),
            ]
        );
    }
}
