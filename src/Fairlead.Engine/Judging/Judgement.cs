using Fairlead.Model.Releases;

namespace Fairlead.Engine.Judging;

/// <summary>What a judge says of the evidence so far.</summary>
/// <param name="Reason">The numbers, in one sentence without its full stop.</param>
/// <param name="Measures">The numbers, for programs and for who checks them.</param>
public sealed record Judgement(Ruling Ruling, string Reason, IReadOnlyList<Measure> Measures)
{
    /// <summary>Requests came to both sides, however few.</summary>
    public bool HasSeen { get; init; }

    /// <summary>It is bent towards harm without proof of it: more time would tell.</summary>
    public bool IsInDoubt { get; init; }
}
