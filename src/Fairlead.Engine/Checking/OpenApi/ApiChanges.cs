using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Collects what differs. What several operations have from one place is told once.</summary>
internal sealed class ApiChanges(string file)
{
    private const int ChangesMax = 10_000;

    // Far more than the largest public documents need.
    private const int StepsMax = 20_000_000;

    private readonly Dictionary<(string, Way?, ApiTree?, ApiTree?, string), int> places = [];
    private readonly List<ApiChange> changes = [];
    private string lastOperation = "";
    private int steps;

    public int Count => changes.Count;

    public IReadOnlyList<ApiChange> All => changes;

    /// <exception cref="ProblemException">There is more to compare than a check should.</exception>
    public void Step()
    {
        if (++steps > StepsMax)
        {
            throw new ProblemException(
                new Problem(
                    "openapi.too-large",
                    What: $"{file} is too large to be compared.",
                    Why: $"Its schemas are built of each other in more than {StepsMax} ways.",
                    Fix: "Compare parts of the API, each with a document of its own."
                )
            );
        }
    }

    /// <summary>Something that is told of one operation alone.</summary>
    public void Add(Impact impact, string rule, string where, (string What, string Why, ApiPlace Place) words) =>
        Keep((rule, null, null, null, where), new(impact, rule, where, words.What, words.Why, words.Place), where);

    /// <summary>Something in a schema, which other operations may have too.</summary>
    /// <param name="pair">What differs: of two operations that lead here the second is only counted.</param>
    public void Add(
        Impact impact,
        string rule,
        Seat seat,
        (ApiTree? Old, ApiTree? New) pair,
        (string What, string Why) words
    )
    {
        var place = (pair.New ?? pair.Old)?.Place ?? new(null, 1);
        Keep(
            (rule, seat.Way, pair.Old, pair.New, words.What),
            new(impact, rule, seat.Place, words.What, words.Why, place),
            seat.Place
        );
    }

    private void Keep((string, Way?, ApiTree?, ApiTree?, string) key, ApiChange change, string where)
    {
        var operation = where.Split(": ")[0];
        if (!places.TryGetValue(key, out var index))
        {
            if (changes.Count == ChangesMax)
            {
                throw new ProblemException(TooMany());
            }
            places[key] = changes.Count;
            changes.Add(change);
        }
        else if (operation != lastOperation || !changes[index].Where.StartsWith(operation, StringComparison.Ordinal))
        {
            changes[index] = changes[index] with { Others = changes[index].Others + 1 };
        }
        lastOperation = operation;
    }

    private Problem TooMany() =>
        new(
            "openapi.too-many-changes",
            What: $"{file} has nothing in common with what it is compared with.",
            Why: $"They differ in more than {ChangesMax} places.",
            Fix: "See that --base names an older document of the same API."
        );
}
