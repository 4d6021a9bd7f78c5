using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Writes an expression as a query in one form.</summary>
internal static class Printer
{
    public static string Print(Expression expression) =>
        expression switch
        {
            NumberLiteral one => one.IsDuration && one.Value >= 0
                ? Durations.Write((long)(one.Value * 1000))
                : Numbers.General(one.Value),
            TextLiteral one => Written.Quoted(one.Value),
            VectorSelector one => Print(one) + Print(one.Look),
            RangeSelector one =>
                $"{Print(one.Vector with { Look = Look.Now })}[{Print(one.Range)}]{Print(one.Vector.Look)}",
            Subquery one =>
                $"{Print(one.Inner)}[{Print(one.Range)}:{(one.Step is null ? "" : Print(one.Step))}]{Print(one.Look)}",
            Parenthesized one => $"({Print(one.Inner)})",
            Signed one => $"{(one.IsNegative ? '-' : '+')}{Print(one.Inner)}",
            Call one => $"{one.Function.Name}({string.Join(", ", one.Arguments.Select(Print))})",
            Aggregation one => Print(one),
            Binary one => Print(one),
            _ => throw new InvalidOperationException($"{expression} is no expression."),
        };

    private static string Print(VectorSelector selector)
    {
        var isPlain = selector.Name is { } name && Written.IsMetric(name);
        var matchers = selector
            .Matchers.Where(one => !(selector.Name is not null && one.Name == Labels.MetricName))
            .Select(one => $"{Written.Name(one.Name)}{Sign(one.Kind)}{Written.Quoted(one.Value)}");
        var inside = string.Join(",", matchers);
        return isPlain && inside.Length == 0 ? selector.Name! : $"{(isPlain ? selector.Name : "")}{{{inside}}}"; // A plain one has a name.
    }

    private static string Sign(MatchKind kind) =>
        kind switch
        {
            MatchKind.Equal => "=",
            MatchKind.NotEqual => "!=",
            MatchKind.Regex => "=~",
            _ => "!~",
        };

    private static string Print(Look look)
    {
        var text = new StringBuilder();
        if (look.Anchor is { } anchor)
        {
            text.Append(
                anchor.Kind switch
                {
                    AnchorKind.Start => " @ start()",
                    AnchorKind.End => " @ end()",
                    _ => $" @ {(anchor.At / 1000.0).ToString("F3", System.Globalization.CultureInfo.InvariantCulture)}",
                }
            );
        }
        if (!look.Offset.IsNone)
        {
            text.Append(" offset ").Append(Print(look.Offset));
        }
        return text.ToString();
    }

    private static string Print(Length length) =>
        length.Formula is null ? Durations.Write(length.Milliseconds) : Print(length.Formula);

    private static string Print(Aggregation one)
    {
        var grouping =
            one.Grouping.IsWithout || one.Grouping.Labels.Count > 0
                ? $" {(one.Grouping.IsWithout ? "without" : "by")} ({Names(one.Grouping.Labels)}) "
                : "";
        var parameter = one.Parameter is null ? "" : $"{Print(one.Parameter)}, ";
        return $"{Keywords.Name(one.Operator)}{grouping}({parameter}{Print(one.Inner)})";
    }

    private static string Print(Binary one)
    {
        var text = new StringBuilder().Append(Print(one.Left)).Append(' ').Append(one.Operator.Written);
        if (one.IsBool)
        {
            text.Append(" bool");
        }
        var matching = one.Matching;
        if (matching.IsOn || matching.Labels.Count > 0)
        {
            text.Append(matching.IsOn ? " on (" : " ignoring (").Append(Names(matching.Labels)).Append(')');
        }
        if (matching.Cardinality is Cardinality.ManyToOne or Cardinality.OneToMany)
        {
            text.Append(matching.Cardinality == Cardinality.ManyToOne ? " group_left (" : " group_right (")
                .Append(Names(matching.Include))
                .Append(')');
        }
        Fill(text, matching.Fill);
        return text.Append(' ').Append(Print(one.Right)).ToString();
    }

    private static void Fill(StringBuilder text, (double? Left, double? Right) fill)
    {
        if (fill.Left is { } both && fill.Right is { } other && both.Equals(other))
        {
            text.Append(" fill (").Append(Numbers.General(both)).Append(')');
            return;
        }
        if (fill.Left is { } left)
        {
            text.Append(" fill_left (").Append(Numbers.General(left)).Append(')');
        }
        if (fill.Right is { } right)
        {
            text.Append(" fill_right (").Append(Numbers.General(right)).Append(')');
        }
    }

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Select(Written.Name));
}
