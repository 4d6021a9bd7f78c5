using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>Names of apps and services, made of folders' names.</summary>
internal static class Naming
{
    private const int LengthMax = 40;

    /// <summary>Letters, digits and dashes of a name, fit to be a name here; null when nothing is left of it.</summary>
    public static string? Slug(string name)
    {
        var letters = name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var words = new string([.. letters]).Split('-', StringSplitOptions.RemoveEmptyEntries);
        var slug = string.Join('-', words).TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-');
        var cut = (slug.Length > LengthMax ? slug[..LengthMax] : slug).TrimEnd('-');
        return Site.IsName(cut) ? cut : null;
    }

    /// <summary>Gives each a name of its own; the only service of a repository is called by its kind, as <c>web</c>.</summary>
    public static IReadOnlyList<Candidate> Unique(IReadOnlyList<Candidate> candidates)
    {
        HashSet<string> used = [];
        List<Candidate> named = [];
        foreach (var one in candidates)
        {
            var kind = one.Detected.Kind.ToString().ToLowerInvariant();
            var name = Slug(one.Name ?? (one.Path == "." ? kind : Paths.Name(one.Path))) ?? kind;
            var unique = name;
            for (var number = 2; !used.Add(unique); number++)
            {
                var ending = string.Create(CultureInfo.InvariantCulture, $"-{number}");
                unique = name[..Math.Min(name.Length, LengthMax - ending.Length)] + ending;
            }
            named.Add(one with { Name = unique });
        }
        return named;
    }
}
