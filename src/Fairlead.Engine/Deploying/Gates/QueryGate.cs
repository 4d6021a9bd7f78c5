using System.Globalization;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Gates;

/// <summary>Rules by what a query of the metrics gives. No data is never taken for good or bad news.</summary>
public static class QueryGate
{
    /// <summary>One look beyond a limit may be a hiccup of the metrics; so many in a row are not.</summary>
    public const int BreachesMin = 3;

    /// <summary>Whether this one look is beyond a limit; null when there is no data.</summary>
    public static bool? IsBeyond(Gate.Query gate, double? part, double? before)
    {
        if (part is not { } value || !double.IsFinite(value))
        {
            return null;
        }
        if (value >= gate.Below || value <= gate.Above)
        {
            return true;
        }
        return gate.Rise is not { } rise ? false
            : before is not { } other || !double.IsFinite(other) ? null
            : value > other + (Math.Abs(other) * rise.Part);
    }

    public static Verdict Rule(Gate.Query gate, QueryView? view)
    {
        var isBeyond = view is null ? null : IsBeyond(gate, view.Part, view.Before);
        return new(
            gate.ToString(),
            isBeyond is null ? Ruling.Unknown
                : view!.Breaches >= BreachesMin ? Ruling.Broken
                : Ruling.Holds,
            view is null ? "it was not asked yet" : Words(gate, view, isBeyond)
        );
    }

    private static string Words(Gate.Query gate, QueryView view, bool? isBeyond) =>
        view.Part is null ? "the query gave no data"
        : isBeyond is null && gate.Rise is not null
            ? Text($"it is {view.Part:0.####}, and there is no data for the part before")
        : gate.Rise is null ? Text($"it is {view.Part:0.####}{Again(view)}")
        : Text($"it is {view.Part:0.####} against {view.Before:0.####}{Again(view)}");

    private static string Again(QueryView view) =>
        view.Breaches == 0 ? "" : Text($", beyond the limit {view.Breaches} looks in a row");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
