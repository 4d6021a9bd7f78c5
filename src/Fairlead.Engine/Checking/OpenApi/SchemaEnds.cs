namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Two schemas at one place of an API: the one that callers know, and the one that comes.</summary>
internal sealed record SchemaEnds(
    SchemaView Old,
    SchemaView New,
    Seat Seat,
    (ApiTree? Old, ApiTree? New) Pair,
    ApiChanges Changes
)
{
    private static readonly string[][] Widening =
    [
        ["int32", "int64"],
        ["float", "double"],
    ];

    public ApiTree? Was => Pair.Old;

    public ApiTree? Is => Pair.New;

    public void Tell(
        Impact impact,
        string rule,
        (string What, string Why) words,
        (ApiTree? Old, ApiTree? New)? at = null
    ) => Changes.Add(impact, rule, Seat, at ?? Pair, words);

    /// <returns>Whether they have enough in common to compare more.</returns>
    public bool Types()
    {
        var (gone, come) = (Missing(Old.Types, New.Types), Missing(New.Types, Old.Types));
        if (gone.Count == 0 && come.Count == 0)
        {
            return true;
        }
        // From any type to one, or back.
        var impact =
            (gone.Count > 0 ? Seat.Narrowed : Impact.Safe) is Impact.Breaking
            || (come.Count > 0 ? Seat.Widened : Impact.Safe) is Impact.Breaking
                ? Impact.Breaking
                : Impact.Safe;
        var (was, now) = (Text(Old.Types), Text(New.Types));
        // A schema that said nothing mostly meant what it says now.
        if (
            impact == Impact.Breaking
            && Old.Types is null
            && Seat.IsRequest
            && New.Types?.Contains(SchemaView.Never) is false
        )
        {
            impact = Impact.Risky;
        }
        Tell(
            impact,
            "type-changed",
            (
                $"Its type was {was} and is {now}.",
                impact == Impact.Safe ? "All that was understood still is."
                : Seat.IsRequest ? $"Whoever sends {Text(gone)} is refused."
                : $"Callers expect {was}, and may get {Text(come)}."
            )
        );
        return Old.Types is null
            || New.Types is null
            || Old.Types.Overlaps(New.Types)
            || IsNumber(Old) && IsNumber(New);
    }

    /// <summary>Whether it may be null.</summary>
    public void Nothing()
    {
        if (Old.TakesNull is not { } was || New.TakesNull is not { } now || was == now)
        {
            return;
        }
        Tell(
            now ? Seat.Widened : Seat.Narrowed,
            now ? "nullable-added" : "nullable-removed",
            now
                ? (
                    "It may be null.",
                    Seat.IsRequest
                        ? "Null may be sent from now on."
                        : "Callers who read a value fail when there is none."
                )
                : (
                    "It may not be null any more.",
                    Seat.IsRequest ? "Whoever sends null is refused." : "There is always a value."
                )
        );
    }

    /// <summary>Values to choose from.</summary>
    public void Values()
    {
        var (was, now) = (Old.Values, New.Values);
        if (was is null && now is null)
        {
            return;
        }
        if (was is null || now is null)
        {
            var narrows = now is not null;
            Tell(
                narrows ? Seat.Narrowed : Seat.Widened,
                narrows ? "enum-added" : "enum-removed",
                narrows
                    ? ($"Only {List(now!)} may stand here.", "Other values were allowed before.")
                    : ("Any value may stand here.", $"It was one of {List(was!)} before.")
            );
            return;
        }
        if (was.Except(now).ToList() is { Count: > 0 } gone)
        {
            Tell(
                Seat.Narrowed,
                "enum-value-removed",
                (
                    $"The value {List(gone)} is gone.",
                    Seat.IsRequest ? "Whoever sends it is refused." : "Callers no longer get it."
                )
            );
        }
        if (now.Except(was).ToList() is { Count: > 0 } come)
        {
            // Who says that more may come has told callers to expect it.
            var isOpen = Old.First("x-extensible-enum") is not null;
            Tell(
                isOpen ? Impact.Safe : Seat.Widened,
                "enum-value-added",
                (
                    $"There is a further value {List(come)}.",
                    Seat.IsRequest ? "It may be sent from now on." : "Callers do not know it, and get it."
                )
            );
        }
    }

    public void Format()
    {
        var (was, now) = (Old.First("format")?.Text, New.First("format")?.Text);
        if (was == now)
        {
            return;
        }
        var widens = Widening.Any(one => one[0] == was && one[1] == now);
        var narrows = Widening.Any(one => one[1] == was && one[0] == now);
        var impact =
            widens ? Seat.Widened
            : narrows ? Seat.Narrowed
            : was is null
                ? Seat.IsRequest ? Impact.Risky
                    : Impact.Safe
            : now is null
                ? Seat.IsRequest ? Impact.Safe
                    : Impact.Risky
            : Impact.Breaking;
        Tell(
            impact,
            "format-changed",
            (
                $"Its format was {was ?? "not said"} and is {now ?? "not said"}.",
                impact == Impact.Safe
                    ? "All that was understood still is."
                    : "What one side writes the other may not be able to read."
            )
        );
    }

    public void Default()
    {
        var (was, now) = (Old.First("default")?.Written(), New.First("default")?.Written());
        if (was != now && Seat.IsRequest)
        {
            Tell(
                Impact.Risky,
                "default-changed",
                (
                    $"What is taken when nothing is sent was {was ?? "not said"} and is {now ?? "not said"}.",
                    "Callers who say nothing get something else."
                )
            );
        }
    }

    private static bool IsNumber(SchemaView view) =>
        view.Types is { } types && types.All(static one => one is "integer" or "number");

    /// <summary>Types of the first that the second does not have; a whole number is a number.</summary>
    private static List<string> Missing(IReadOnlySet<string>? first, IReadOnlySet<string>? second) =>
        second is null ? []
        : first is null ? ["anything else"]
        :
        [
            .. first
                .Where(one => !second.Contains(one) && !(one == "integer" && second.Contains("number")))
                .Order(StringComparer.Ordinal),
        ];

    private static string Text(IEnumerable<string>? types) =>
        types is null ? "anything" : string.Join(" or ", types.Order(StringComparer.Ordinal));

    private static string List(IReadOnlyList<string> values)
    {
        const int ShownMax = 8;
        return string.Join(", ", values.Take(ShownMax))
            + (values.Count > ShownMax ? $" and {values.Count - ShownMax} more" : "");
    }
}
