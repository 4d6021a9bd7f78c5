namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Compares two schemas as one way needs it. Each pair is looked at once, so circles end.</summary>
internal sealed class SchemaDiff(ApiDocument before, ApiDocument after, ApiChanges changes)
{
    private const int DepthMax = 100;

    /// <summary>Pairs in which nothing differs, however one came there.</summary>
    private readonly HashSet<(ApiTree?, ApiTree?, Way)> same = [];
    private readonly HashSet<(ApiTree?, ApiTree?, Way)> seen = [];

    /// <summary>Compares all below two schemas that callers see at this place.</summary>
    public void Compare(ApiTree? old, ApiTree? next, Way way, string place)
    {
        seen.Clear();
        var count = changes.Count;
        At(old, next, new(way, place, Depth: 0));
        if (changes.Count == count)
        {
            same.UnionWith(seen);
        }
    }

    private void At(ApiTree? old, ApiTree? next, Seat seat)
    {
        changes.Step();
        (old, next) = (old is null ? null : before.Follow(old), next is null ? null : after.Follow(next));
        if ((old is null && next is null) || same.Contains((old, next, seat.Way)) || !seen.Add((old, next, seat.Way)))
        {
            return;
        }
        if (seat.Depth > DepthMax)
        {
            changes.Add(
                Impact.Risky,
                "too-deep",
                seat,
                (old, next),
                ("What is below is not compared.", $"It lies deeper than {DepthMax} levels.")
            );
            return;
        }
        var (was, now) = (SchemaView.Of(before, old), SchemaView.Of(after, next));
        var ends = new SchemaEnds(was, now, seat, (old, next), changes);
        if (!ends.Types())
        {
            return;
        }
        ends.Nothing();
        ends.Values();
        ends.Format();
        ends.Default();
        SchemaLimits.Compare(ends);
        new SchemaProperties(ends, At).Compare();
        Items(ends);
        Choices(ends);
    }

    private void Items(SchemaEnds ends)
    {
        var (old, next) = (ends.Old.First("items"), ends.New.First("items"));
        if (old is { IsGroup: true } || next is { IsGroup: true })
        {
            At(old, next, ends.Seat.Below("[]"));
        }
        var (first, second) = (ends.Old.First("prefixItems")?.Items ?? [], ends.New.First("prefixItems")?.Items ?? []);
        for (var index = 0; index < Math.Min(first.Count, second.Count); index++)
        {
            At(first[index], second[index], ends.Seat.Below($"[{index}]"));
        }
    }

    /// <summary>Alternatives are the same by the name of what they refer to, by their title, or by what they say; the rest in order.</summary>
    private void Choices(SchemaEnds ends)
    {
        var old = Named(ends.Old.Alternatives, ends.Was);
        var next = Named(ends.New.Alternatives, ends.Is);
        if (ends.Old.Alternatives.Count == 0 && ends.New.Alternatives.Count == 0)
        {
            return;
        }
        foreach (var (name, choice) in old.Where(one => next.ContainsKey(one.Key)))
        {
            if (!ReferenceEquals(choice, ends.Was) || !ReferenceEquals(next[name], ends.Is))
            {
                At(choice, next[name], ends.Seat.Below($"({name})"));
            }
        }
        List<KeyValuePair<string, ApiTree?>> gone = [.. old.Where(one => !next.ContainsKey(one.Key))];
        List<KeyValuePair<string, ApiTree?>> come = [.. next.Where(one => !old.ContainsKey(one.Key))];
        // Without a name, what is left on both sides may be the same, changed.
        while (gone.Find(IsNameless) is { Key: not null } left && come.Find(IsNameless) is { Key: not null } right)
        {
            _ = gone.Remove(left);
            _ = come.Remove(right);
            At(left.Value, right.Value, ends.Seat.Below($"({old.Count - gone.Count})"));
        }
        foreach (var (name, choice) in gone)
        {
            ends.Tell(
                ends.Seat.Narrowed,
                "alternative-removed",
                (
                    $"The alternative {name} is gone.",
                    ends.Seat.IsRequest
                        ? "Whoever sends it is refused."
                        : "Callers who expect it do not get it any more."
                ),
                (choice, null)
            );
        }
        foreach (var (name, choice) in come)
        {
            ends.Tell(
                ends.Seat.Widened,
                "alternative-added",
                (
                    $"There is a further alternative {name}.",
                    ends.Seat.IsRequest ? "It may be sent from now on." : "Callers do not know it, and get it."
                ),
                (null, choice)
            );
        }
    }

    private static bool IsNameless(KeyValuePair<string, ApiTree?> one) => one.Key.StartsWith('{');

    private static Dictionary<string, ApiTree?> Named(IReadOnlyList<ApiTree> choices, ApiTree? alone)
    {
        var named = new Dictionary<string, ApiTree?>(StringComparer.Ordinal);
        foreach (var choice in choices)
        {
            _ = named.TryAdd(NameOf(choice), choice);
        }
        if (choices.Count == 0 && alone is not null)
        {
            named[NameOf(alone)] = alone;
        }
        return named;
    }

    private static string NameOf(ApiTree choice) =>
        choice.Word("$ref") is { } reference ? reference[(reference.LastIndexOf('/') + 1)..]
        : choice.Word("title") is { } title ? title
        : choice.Members.Count == 1 && choice.Word("type") is { } type ? type
        : choice.Written(lettersMax: 200);
}
