using Fairlead.Faces.Dashboard.Acts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>Leaves out what the viewer may not do: a button that is refused helps nobody.</summary>
internal static class Offered
{
    public static async Task<IReadOnlyList<Act>> ToAsync(Asking asking, IEnumerable<Act> acts, CancellationToken stop)
    {
        var mine = new List<Act>();
        foreach (var act in acts)
        {
            if (await asking.MayAsync(act.Operation, Act.Typed(act.Operation, act.Input), stop))
            {
                mine.Add(act);
            }
        }
        return mine;
    }

    /// <summary>Null where the viewer may not do it.</summary>
    public static async Task<Act?> OneAsync(Asking asking, Act act, CancellationToken stop) =>
        (await ToAsync(asking, [act], stop)) is [var mine] ? mine : null;

    /// <summary>An act on something that one word names.</summary>
    public static IReadOnlyDictionary<string, string> On(string name, string value) =>
        new Dictionary<string, string> { [name] = value };
}
