using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Compliance;

namespace Fairlead.Engine.Operations;

/// <summary>In what evidence is exported.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BundleFormat>))]
public enum BundleFormat
{
    /// <summary>One page that needs nothing else.</summary>
    [JsonStringEnumMemberName("html")]
    Html,

    /// <summary>Assessment results of OSCAL 1.1, as JSON.</summary>
    [JsonStringEnumMemberName("oscal")]
    Oscal,
}

/// <summary>Writes the evidence of controls for an auditor.</summary>
public static class ExportCompliance
{
    public sealed record Input
    {
        [Description("soc2, hipaa, gdpr or host; all when left out.")]
        [Positional]
        public string? Catalogue { get; init; }

        [Description("html, one page for people, or oscal, JSON for programs.")]
        public BundleFormat Format { get; init; } = BundleFormat.Html;
    }

    /// <param name="Text">To be written to a file.</param>
    public sealed record Output(string Text, IReadOnlyList<string> Warnings);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "compliance.export",
            "Write the evidence of controls as a page or as OSCAL, with digests and the journal's signed head.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead compliance export soc2 > soc2.html",
                "fairlead compliance export --format oscal > evidence.json",
            ],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var bundle = await ComplianceDesk.BundleAsync(engine, input.Catalogue, stop);
        return new(
            input.Format is BundleFormat.Html ? HtmlBundle.Of(bundle) : OscalBundle.Of(bundle),
            bundle.Head is null ? ["The journal is empty, so no signed head is in it."] : []
        );
    }
}
