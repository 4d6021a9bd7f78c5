using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>How much of something is used in a month, as the manifest says it.</summary>
[Description("How much of something is used in a month, for what it costs.")]
public sealed record UsageEntry
{
    [Description("Of which resources, by address, such as aws_nat_gateway.*; * stands for any letters.")]
    [Elsewhere("resource", "address")]
    public required string Where { get; init; }

    [Description("What is used, as 'fairlead infra check' calls it, such as gigabytes or requests.")]
    [Elsewhere("what", "metric")]
    public required string Of { get; init; }

    [Description("How much of it in a month.")]
    [Range(0.0, 1_000_000_000_000), Elsewhere("amount", "value")]
    public required double Monthly { get; init; }
}
