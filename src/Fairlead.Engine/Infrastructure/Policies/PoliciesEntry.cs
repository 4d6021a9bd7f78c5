using System.ComponentModel;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>What infrastructure must be, as the manifest says it.</summary>
[Description("What infrastructure must be, and what is allowed for a while.")]
public sealed record PoliciesEntry
{
    [Description("From which severity on a plan is refused: low, medium, high or critical; high when left out.")]
    [Elsewhere("failOn", "severity")]
    public PolicySeverity? Fail { get; init; }

    [Description("Regions that resources may be in; any when left out.")]
    [Shaped(Shape.Name), Elsewhere("allowedRegions", "locations")]
    public IReadOnlyList<string>? Regions { get; init; }

    [Description("Names of tags that each resource must have.")]
    [Elsewhere("requiredTags", "labels")]
    public IReadOnlyList<string>? Tags { get; init; }

    [Description("Rules of your own.")]
    [Elsewhere("custom")]
    public IReadOnlyList<OwnRuleEntry>? Rules { get; init; }

    [Description("Findings that are accepted for a while.")]
    [Elsewhere("ignore", "waivers", "exceptions", "skip")]
    public IReadOnlyList<AllowanceEntry>? Allow { get; init; }
}

/// <summary>A rule of one's own, as the manifest says it.</summary>
[Description("A rule of your own: what each resource of some types must be.")]
public sealed record OwnRuleEntry
{
    [Description("What it is called, such as queue-has-time.")]
    [Shaped(Shape.Word), Elsewhere("id")]
    public required string Name { get; init; }

    [Description("For which types, such as aws_sqs_queue; * stands for any letters. For all when left out.")]
    [Elsewhere("type", "types", "resource")]
    public string? For { get; init; }

    [Description(
        "What must hold, in the language of a pipeline's conditions, such as after.tags.team != null. It knows address, type, action, region, before and after."
    )]
    [Elsewhere("condition", "assert", "if")]
    public required string Require { get; init; }

    [Description("The attribute that it is about, so that its line can be shown.")]
    [Elsewhere("attribute")]
    public string? At { get; init; }

    [Description("low, medium, high or critical; medium when left out.")]
    public PolicySeverity? Severity { get; init; }

    [Description("Why it is asked, for whoever meets it.")]
    [Elsewhere("message", "reason", "description")]
    public required string Why { get; init; }

    [Description("What to do; to make the condition hold, when left out.")]
    public string? Fix { get; init; }
}
