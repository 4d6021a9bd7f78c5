using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Strategies;

/// <summary>Stops the old part, then starts the new one: for programs of which two must never run. The edge holds requests meanwhile.</summary>
public sealed record Recreate : IStrategy
{
    public static string Kind => "recreate";

    public bool IsExclusive => true;

    public IEnumerable<Step> Plan(Replacement replacement)
    {
        yield return new Step.Replace(replacement.New, replacement.Replicas);
    }
}
