using System.Buffers;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>
/// A matcher, made ready. Most expressions that people write are names side by side, or the beginning of a name: those are looked up
/// or compared; only the rest is matched, by automata whose time is linear in the text.
/// </summary>
internal sealed class LabelTest
{
    private static readonly SearchValues<char> Signs = SearchValues.Create(@"\.+*?()|[]{}^$");

    private readonly bool isNegative;
    private readonly ValueTest isMet;

    /// <summary>When no others meet the expression.</summary>
    private readonly IReadOnlyList<string>? literals;

    private LabelTest(Matcher matcher, ValueTest isMet, IReadOnlyList<string>? literals)
    {
        isNegative = matcher.Kind is MatchKind.NotEqual or MatchKind.NotRegex;
        (Name, this.isMet, this.literals) = (matcher.Name, isMet, literals);
    }

    public string Name { get; }

    /// <summary>Whether a series without this label is wanted.</summary>
    public bool IsMetByNone => Fits("");

    /// <exception cref="Model.Problems.ProblemException">The expression cannot be read.</exception>
    public static LabelTest Of(Matcher matcher)
    {
        if (matcher.Kind is MatchKind.Equal or MatchKind.NotEqual)
        {
            return OfLiterals(matcher, [matcher.Value]);
        }
        if (Literals(matcher.Value) is { } literals)
        {
            return OfLiterals(matcher, literals);
        }
        if (Rest(matcher.Value, ".*") is { } beginning)
        {
            return new(matcher, value => value.StartsWith(beginning), null);
        }
        if (Rest(matcher.Value, ".+") is { } shorter)
        {
            return new(matcher, value => value.Length > shorter.Length && value.StartsWith(shorter), null);
        }
        var expression = Expressions.Of(matcher);
        return new(matcher, value => expression.IsMatch(value), null);
    }

    public bool Fits(ReadOnlySpan<char> value) => isMet(value) != isNegative;

    /// <summary>Leaves of <paramref name="chosen"/> only what fits.</summary>
    public void Narrow(ILabelIndex index, SeriesSet chosen)
    {
        // Those without the label are in no list of the index; where they are wanted, the others are taken away.
        var isWanted = !IsMetByNone;
        var found = new SeriesSet(index.SeriesCount);
        if (literals is not null && isWanted != isNegative)
        {
            foreach (var literal in literals)
            {
                index.Mark(Name, literal, found);
            }
        }
        else
        {
            index.Mark(Name, value => Fits(value) == isWanted, found);
        }
        if (isWanted)
        {
            chosen.Keep(found);
        }
        else
        {
            chosen.Remove(found);
        }
    }

    private static LabelTest OfLiterals(Matcher matcher, IReadOnlyList<string> literals)
    {
        if (literals is [var only])
        {
            return new(matcher, value => value.SequenceEqual(only), literals);
        }
        var known = literals.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        return new(matcher, value => known.Contains(value), literals);
    }

    private static string[]? Literals(string expression)
    {
        var parts = expression.Split('|');
        return parts.All(IsLiteral) ? parts : null;
    }

    private static string? Rest(string expression, string end) =>
        expression.EndsWith(end, StringComparison.Ordinal) && IsLiteral(expression[..^end.Length])
            ? expression[..^end.Length]
            : null;

    private static bool IsLiteral(string text) => !text.AsSpan().ContainsAny(Signs);
}
