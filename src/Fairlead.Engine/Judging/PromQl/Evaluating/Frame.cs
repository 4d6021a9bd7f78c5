using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>What is the same all over a query.</summary>
internal sealed record Frame(Timeline Timeline, QueryOptions Options, Budget Budget, Annotations Annotations)
{
    /// <summary>The series of each selector, looked up before anything is worked out.</summary>
    public required IReadOnlyDictionary<VectorSelector, IReadOnlyList<ISeries>> Series { get; init; }
}
