using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>What is to be said about files of another tool: faults, with which they mean nothing, and notes on what became of them.</summary>
/// <param name="tongue">Says what is found in the words of that tool; as it is when left out.</param>
internal sealed class Notes(Func<Problem, Problem>? tongue = null)
{
    /// <summary>Past these a person mends the first ones and looks again.</summary>
    private const int Max = 300;

    private readonly List<(Place Place, Problem Problem)> faults = [];
    private readonly List<(Place Place, Problem Problem)> said = [];
    private int left;

    public bool HasFaults => faults.Count > 0;

    /// <summary>Something because of which the files cannot be read.</summary>
    public void Fault(Place place, Problem problem) => Keep(faults, place, problem);

    /// <summary>Something that did not come along as it is.</summary>
    public void Say(Place place, Problem problem) => Keep(said, place, problem);

    /// <summary>In the order of their places.</summary>
    public IReadOnlyList<Problem> All => Sorted(said);

    /// <exception cref="ProblemException">There are faults: all of them.</exception>
    public void ThrowIfFaulty()
    {
        if (HasFaults)
        {
            throw new ProblemException(Sorted(faults));
        }
    }

    private void Keep(List<(Place Place, Problem Problem)> list, Place place, Problem problem)
    {
        var whole = In(problem) with { Where = place.ToString(), Trouble = Trouble.WrongUse };
        if (
            list.Exists(one =>
                one.Problem.Code == whole.Code && one.Problem.Where == whole.Where && one.Problem.What == whole.What
            )
        )
        {
            return; // A piece that an anchor repeats has one place.
        }
        if (list.Count < Max)
        {
            list.Add((place, whole));
        }
        else
        {
            left++;
        }
    }

    private List<Problem> Sorted(List<(Place Place, Problem Problem)> list)
    {
        List<Problem> problems =
        [
            .. list.OrderBy(one => one.Place.Source.Name, StringComparer.Ordinal)
                .ThenBy(one => one.Place.Line)
                .ThenBy(one => one.Place.Column)
                .Select(one => one.Problem),
        ];
        return left == 0 ? problems : [.. problems, In(Faults.More(left, Max))];
    }

    private Problem In(Problem problem) => tongue is null ? problem : tongue(problem);
}
