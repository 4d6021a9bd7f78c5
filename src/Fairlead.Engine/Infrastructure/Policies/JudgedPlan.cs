using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>A plan as policies look at it.</summary>
internal sealed class JudgedPlan
{
    private readonly ILookup<string, PlannedThing> byType;

    public JudgedPlan(ProvisionPlan plan, PolicySettings settings)
    {
        (Plan, Settings) = (plan, settings);
        Things =
            plan.Result.Count > 0
                ? plan.Result
                : [.. plan.Changes.Where(static one => one.After is not null).Select(AsThing)];
        byType = Things.ToLookup(static one => one.Type, StringComparer.Ordinal);
    }

    public ProvisionPlan Plan { get; }

    public PolicySettings Settings { get; }

    /// <summary>All that is there once the plan was done.</summary>
    public IReadOnlyList<PlannedThing> Things { get; }

    /// <summary>Things of these types, in this order of types.</summary>
    public IEnumerable<PlannedThing> Of(params IEnumerable<string> types) => types.SelectMany(type => byType[type]);

    /// <summary>Whether one's attribute is made of the other.</summary>
    public static bool Refers(PlannedThing one, string attribute, PlannedThing other) =>
        one.Refers.TryGetValue(attribute, out var names)
        && names.Contains(TerraformCode.WithoutIndexes(other.Address), StringComparer.Ordinal);

    private static PlannedThing AsThing(PlannedChange change) => new(change.Address, change.Type, change.After!);
}

/// <summary>What is asked of infrastructure beside what is asked of all.</summary>
public sealed record PolicySettings
{
    /// <summary>Whether it is production: data must not be lost by one command.</summary>
    public bool IsProtected { get; init; }

    /// <summary>Whether everything is to go, and whoever does it must name what it is about.</summary>
    public bool IsDestroy { get; init; }

    /// <summary>Where resources may be; empty for anywhere.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Names of tags that each resource must have.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What it may cost in a month, in US dollars; null for no limit.</summary>
    public decimal? Budget { get; init; }

    /// <summary>What it will cost; null when nobody estimated it.</summary>
    public CostEstimate? Cost { get; init; }
}
