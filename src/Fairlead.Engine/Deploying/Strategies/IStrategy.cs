using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Strategies;

/// <summary>
/// Turns "replace this part by that one" into steps. Pure: it touches nothing and knows no target. A strategy is a record
/// whose properties are its settings in the manifest, under <c>deploy:</c>.
/// </summary>
public interface IStrategy
{
    /// <summary>What a manifest writes after <c>strategy:</c>, kebab case. Never renamed once shipped.</summary>
    static abstract string Kind { get; }

    /// <summary>Two parts never run at the same time.</summary>
    bool IsExclusive => false;

    /// <summary>Checks that must hold while it goes on; null for none, or where the strategy has its usual ones.</summary>
    IReadOnlyList<Gate>? Gates => null;

    /// <summary>The steps for one service; <see cref="Step.Promote"/> is added for the whole release.</summary>
    IEnumerable<Step> Plan(Replacement replacement);

    /// <summary>What is wrong with the settings, each as (property, what is wrong, how to mend it).</summary>
    IEnumerable<(string Property, string Why, string Fix)> Check() => [];
}

/// <summary>One service's change within a deployment.</summary>
/// <param name="Old">The live part; null when the service is new.</param>
/// <param name="OldReplicas">How many run of the old part, 0 when there is none.</param>
/// <param name="PreviewHost">A host name under which the new part could be shown before it takes traffic.</param>
public sealed record Replacement(Part? Old, int OldReplicas, Part New, Service Service, string PreviewHost)
{
    public int Replicas => Service.Replicas;

    public bool TakesTraffic => Service.TakesTraffic;
}
