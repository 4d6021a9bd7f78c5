namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>The times at which something is worked out, in milliseconds, first and last included.</summary>
internal sealed record Timeline(long Start, long End, long Step)
{
    public int Count { get; } = End < Start ? 0 : (int)((End - Start) / Step) + 1;

    /// <summary>One time alone: order counts, and nothing can come together over time.</summary>
    public bool IsInstant => Start == End;

    public long At(int step) => Start + step * Step;

    /// <summary>Its first time alone.</summary>
    public Timeline First => new(Start, Start, Step);

    /// <summary>The times at which a subquery is worked out for this one: multiples of its step, so that they are the same for every range.</summary>
    public Timeline Inside(Reading.Look look, long range, long step)
    {
        var from = look.From(Start) - range;
        var first = step * (from / step);
        return new(first <= from ? first + step : first, look.From(End), step);
    }
}
