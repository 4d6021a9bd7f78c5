using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Puts in what depends on when a query is asked: start() and end(), and lengths of time with step() or range() in them.</summary>
internal sealed class Resolver(Timeline timeline)
{
    private readonly long step = timeline.IsInstant ? 0 : timeline.Step;

    public Expression Resolve(Expression expression) =>
        expression switch
        {
            VectorSelector one => Resolve(one),
            RangeSelector one => one with { Vector = Resolve(one.Vector), Range = Range(one.Range) },
            Subquery one => one with
            {
                Inner = Resolve(one.Inner),
                Range = Range(one.Range),
                Step = one.Step is null ? null : Range(one.Step),
                Look = Resolve(one.Look),
            },
            Parenthesized one => one with { Inner = Resolve(one.Inner) },
            Signed one => one with { Inner = Resolve(one.Inner) },
            Call one => one with { Arguments = [.. one.Arguments.Select(Resolve)] },
            Aggregation one => one with
            {
                Inner = Resolve(one.Inner),
                Parameter = one.Parameter is null ? null : Resolve(one.Parameter),
            },
            Binary one => one with { Left = Resolve(one.Left), Right = Resolve(one.Right) },
            _ => expression,
        };

    private VectorSelector Resolve(VectorSelector selector) => selector with { Look = Resolve(selector.Look) };

    private Look Resolve(Look look) =>
        new(
            look.Anchor is null
                ? null
                : look.Anchor with
                {
                    At = look.Anchor.Kind switch
                    {
                        AnchorKind.Start => timeline.Start,
                        AnchorKind.End => timeline.End,
                        _ => look.Anchor.At,
                    },
                },
            new(Lengths.Resolve(look.Offset, step, timeline.End - timeline.Start))
        );

    private Length Range(Length length)
    {
        var milliseconds = Lengths.Resolve(length, step, timeline.End - timeline.Start);
        return milliseconds > 0
            ? new(milliseconds)
            : throw Faults.Execution(
                "duration must be greater than 0",
                "step() and range() are 0 in an instant query."
            );
    }

    /// <summary>Whether it is the same at every time, so that it is worked out once.</summary>
    public static bool IsInvariant(Expression expression) =>
        expression switch
        {
            VectorSelector one => one.Look.Anchor is not null,
            RangeSelector one => one.Vector.Look.Anchor is not null,
            Subquery one => one.Look.Anchor is not null,
            Parenthesized one => IsInvariant(one.Inner),
            Signed one => IsInvariant(one.Inner),
            Call one => !one.Function.IsTimed && one.Arguments.All(IsInvariant),
            Aggregation one => IsInvariant(one.Inner) && (one.Parameter is null || IsInvariant(one.Parameter)),
            Binary one => IsInvariant(one.Left) && IsInvariant(one.Right),
            _ => true,
        };
}
