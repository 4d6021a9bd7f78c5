using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Deploying.Scaling;

/// <summary>Why a load is not known.</summary>
internal static class ScaleProblems
{
    public static Problem NoAddress(Site site, string service, QueueRule queue) =>
        new(
            "scale.no-address",
            What: $"Nobody says where the queue of '{service}' is.",
            Why: $"Its variable {queue.Url} has no value in {site}.",
            Fix: $"Set it: fairlead secret set {queue.Url}"
        );

    public static Problem TooSlow(TimeSpan patience) =>
        new(
            "scale.too-slow",
            What: "What a service's load is was not said in time.",
            Why: $"There was no answer within {patience.TotalSeconds:0} s.",
            Fix: "See whether the machine is overloaded, and whether the queue can be reached: fairlead host"
        );
}
