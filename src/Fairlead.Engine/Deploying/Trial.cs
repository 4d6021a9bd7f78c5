using Fairlead.Engine.Judging;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>A part that is compared with the one before.</summary>
/// <param name="Evidence">What was remembered: the judge rules by it alone.</param>
/// <param name="Judgement">What follows from it, by the rules of the step under way.</param>
/// <param name="Next">What was seen since, once it is a block; memory only.</param>
public sealed record Trial(Evidence Evidence, Judgement Judgement, Block? Next)
{
    /// <summary>The part that another is compared with at a step; null where there is none, or nobody judges.</summary>
    public static Part? BaselineOf(Step? step, Release? live) =>
        step is Step.Watch watch
        && watch.Gates.Any(gate => gate is Gate.Judged)
        && live?.Find(watch.Part.Service)?.Part is { } baseline
        && baseline != watch.Part
            ? baseline
            : null;

    /// <summary>Services that are judged in a deployment: they share its false alarms.</summary>
    public static int Among(IEnumerable<Step> steps) =>
        Math.Max(
            1,
            steps
                .OfType<Step.Watch>()
                .Where(watch => watch.Gates.Any(gate => gate is Gate.Judged))
                .Select(watch => watch.Part.Service)
                .Distinct()
                .Count()
        );
}
