namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Compares what two objects have inside.</summary>
/// <param name="next">Compares what stands below.</param>
internal sealed class SchemaProperties(SchemaEnds ends, Action<ApiTree?, ApiTree?, Seat> next)
{
    private readonly Dictionary<string, ApiTree> was = Visible(ends.Old.Properties, ends.Seat);
    private readonly Dictionary<string, ApiTree> now = Visible(ends.New.Properties, ends.Seat);
    private readonly IReadOnlySet<string> mustHave = ends.Old.Required;
    private readonly IReadOnlySet<string> mustHaveNow = ends.New.Required;

    public void Compare()
    {
        foreach (var (name, value) in was)
        {
            if (now.TryGetValue(name, out var other))
            {
                Needs(name, (value, other));
                next(value, other, ends.Seat.Below($".{name}"));
            }
            else
            {
                Gone(name, value);
            }
        }
        foreach (var (name, value) in now.Where(one => !was.ContainsKey(one.Key)))
        {
            Come(name, value);
        }
        Others();
    }

    // What is only read is not sent, and the other way round.
    private static Dictionary<string, ApiTree> Visible(IReadOnlyDictionary<string, ApiTree> all, Seat seat) =>
        all.Where(one => !one.Value.Flag(seat.IsRequest ? "readOnly" : "writeOnly"))
            .ToDictionary(static one => one.Key, static one => one.Value);

    private void Gone(string name, ApiTree value)
    {
        if (!ends.Seat.IsRequest)
        {
            Tell(
                Impact.Breaking,
                "property-removed",
                name,
                ($"{name} is gone.", "Callers who read it find nothing."),
                (value, null)
            );
        }
        else if (ends.New.Additional.Allowed)
        {
            Tell(
                Impact.Risky,
                "property-removed",
                name,
                ($"{name} is gone.", "Whoever sends it is not refused, but it has no effect."),
                (value, null)
            );
        }
        else
        {
            Tell(
                Impact.Breaking,
                "property-removed",
                name,
                ($"{name} is gone.", "Whoever sends it is refused: nothing else may be there."),
                (value, null)
            );
        }
    }

    private void Come(string name, ApiTree value)
    {
        var isRequired = mustHaveNow.Contains(name);
        if (ends.Seat.IsRequest && isRequired)
        {
            Tell(
                Impact.Breaking,
                "required-property-added",
                name,
                ($"{name} is new and must be sent.", "Callers do not know it, and are refused."),
                (null, value)
            );
        }
        else if (!ends.Seat.IsRequest && !ends.Old.Additional.Allowed && ends.Old.Types is not null)
        {
            Tell(
                Impact.Risky,
                "property-added",
                name,
                ($"{name} is new.", "The answer was said to have nothing else: callers may refuse it."),
                (null, value)
            );
        }
        else
        {
            Tell(
                Impact.Safe,
                "property-added",
                name,
                ($"{name} is new.", ends.Seat.IsRequest ? "It may be sent." : "Callers pass over it."),
                (null, value)
            );
        }
    }

    private void Needs(string name, (ApiTree, ApiTree) pair)
    {
        var (before, after) = (mustHave.Contains(name), mustHaveNow.Contains(name));
        if (before == after)
        {
            return;
        }
        if (after)
        {
            Tell(
                ends.Seat.Narrowed,
                "property-required",
                name,
                (
                    $"{name} must be there now.",
                    ends.Seat.IsRequest ? "Whoever leaves it out is refused." : "It is always in the answer."
                ),
                pair
            );
        }
        else
        {
            Tell(
                ends.Seat.Widened,
                "property-optional",
                name,
                (
                    $"{name} may be left out now.",
                    ends.Seat.IsRequest ? "It need not be sent." : "Callers who rely on it may find nothing."
                ),
                pair
            );
        }
    }

    /// <summary>Properties that are not named.</summary>
    private void Others()
    {
        var (before, after) = (ends.Old.Additional, ends.New.Additional);
        if (before.Allowed && after.Allowed)
        {
            if (before.Schema is not null || after.Schema is not null)
            {
                next(before.Schema, after.Schema, ends.Seat.Below("{}"));
            }
        }
        else if (before.Allowed && ends.Old.Types is not null)
        {
            ends.Tell(
                ends.Seat.Narrowed,
                "additional-properties-forbidden",
                (
                    "Nothing but what is named may be there.",
                    ends.Seat.IsRequest ? "Whoever sends more is refused." : "Answers have nothing else."
                )
            );
        }
        else if (after.Allowed && ends.New.Types is not null)
        {
            ends.Tell(
                ends.Seat.IsRequest ? Impact.Safe : Impact.Risky,
                "additional-properties-allowed",
                (
                    "More than what is named may be there.",
                    ends.Seat.IsRequest ? "More may be sent." : "Callers may refuse answers with more."
                )
            );
        }
    }

    private void Tell(Impact impact, string rule, string name, (string, string) words, (ApiTree?, ApiTree?) pair) =>
        ends.Changes.Add(impact, rule, ends.Seat.Below($".{name}"), pair, words);
}
