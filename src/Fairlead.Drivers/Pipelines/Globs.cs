using Fairlead.Drivers.Builds;

namespace Fairlead.Drivers.Pipelines;

/// <summary>
/// Patterns of files: <c>*</c> within a name, <c>**</c> for any folders, <c>!</c> to take away again. What names a folder means all below it.
/// They are walked together with the folders, so nothing is looked at that none of them could fit.
/// </summary>
internal sealed class Globs
{
    private readonly List<string[]> wanted = [];
    private readonly List<string[]> barred = [];

    public Globs(IReadOnlyList<string> globs)
    {
        foreach (var glob in globs)
        {
            var isBarred = glob.StartsWith('!');
            (isBarred ? barred : wanted).Add([
                .. glob[(isBarred ? 1 : 0)..].Split('/').Where(static one => one is not ("" or ".")),
            ]);
        }
    }

    /// <summary>Where a walk begins.</summary>
    public Place Top =>
        new(
            Closed([.. wanted.Select(static (one, at) => new Spot(at, 0))], wanted),
            Closed([.. barred.Select(static (one, at) => new Spot(at, 0))], barred)
        );

    /// <summary>Whether a path would be found by a walk.</summary>
    public bool Fit(string path)
    {
        var place = Top;
        foreach (var name in path.Split('/'))
        {
            place = Step(place, name);
            if (name == ".git" || !Leads(place))
            {
                return false;
            }
        }
        return IsWanted(place);
    }

    /// <summary>One step into a folder, or to a file.</summary>
    public Place Step(Place place, string name) =>
        new(Step(place.Wanted, wanted, name), Step(place.Barred, barred, name));

    /// <summary>Whether what is here, and all below it, is wanted.</summary>
    public bool IsWanted(Place place) => place.Wanted.Exists(one => IsWhole(one, wanted)) && !IsBarred(place);

    /// <summary>Whether nothing here or below is wanted.</summary>
    public bool IsBarred(Place place) => place.Barred.Exists(one => IsWhole(one, barred));

    /// <summary>Whether there may be something here or below.</summary>
    public bool Leads(Place place) => place.Wanted.Count > 0 && !IsBarred(place);

    private static bool IsWhole(Spot one, List<string[]> globs) => one.Part == globs[one.Glob].Length;

    private static List<Spot> Step(List<Spot> from, List<string[]> globs, string name)
    {
        var next = new List<Spot>();
        foreach (var spot in from)
        {
            var (glob, part) = spot;
            var parts = globs[glob];
            if (part == parts.Length || parts[part] == "**")
            {
                next.Add(spot);
            }
            else if (Wildcard.Matches(parts[part], name))
            {
                next.Add(new(glob, part + 1));
            }
        }
        return Closed(next, globs);
    }

    // '**' may stand for no folder at all; at the end it needs one name at least, which the step into it is.
    private static List<Spot> Closed(List<Spot> places, List<string[]> globs)
    {
        for (var at = 0; at < places.Count; at++)
        {
            var (glob, part) = places[at];
            var parts = globs[glob];
            if (
                part < parts.Length
                && parts[part] == "**"
                && new Spot(glob, part + 1) is var next
                && !places.Contains(next)
            )
            {
                places.Add(next);
            }
        }
        return places;
    }

    /// <summary>How far each pattern has come.</summary>
    internal sealed record Place(List<Spot> Wanted, List<Spot> Barred);

    /// <summary>How far one pattern has come. A class: .NET has lists of classes compiled beforehand, and none of a struct of ours.</summary>
    internal sealed record Spot(int Glob, int Part);
}
