using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting.Reading;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>The vocabulary of <see cref="AllRules"/>.</summary>
internal static class Signs
{
    /// <summary>One of the files is there.</summary>
    public static Sign File(params string[] paths) =>
        One(string.Join(" or ", paths), sight => sight.First(paths) is { } path ? new(path, null, "is there") : null);

    /// <summary>A file of the folder itself has a name that ends so.</summary>
    public static Sign FileEnding(params string[] endings) =>
        One(
            string.Join(" or ", endings.Select(ending => "*" + ending)),
            sight => sight.Top(endings).FirstOrDefault() is { } name ? new(name, null, "is there") : null
        );

    /// <summary>A folder of the folder itself has a name that ends so.</summary>
    public static Sign FolderEnding(string ending) =>
        One(
            $"*{ending}/",
            sight => sight.Top(ending + "/").FirstOrDefault() is { } name ? new(name, null, "is there") : null
        );

    /// <summary>A line of one of the files matches.</summary>
    /// <param name="pattern">Runs in time linear to the text, whatever the text.</param>
    /// <param name="says">What such a line says, such as <c>is a plugin of Spring Boot</c>.</param>
    public static Sign Line(IReadOnlyList<string> paths, string pattern, string says)
    {
        var regex = new Lazy<Regex>(() => new(pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture));
        return One(
            $"line in {string.Join(" or ", paths)} that {says}",
            sight =>
                paths
                    .Select(path => sight.Find(path, line => !Text.IsComment(line) && regex.Value.IsMatch(line), says))
                    .FirstOrDefault(seen => seen is not null)
        );
    }

    /// <summary>One of the packages is among an ecosystem's dependencies.</summary>
    public static Sign Depends<T>(Func<Sight, T> read, params string[] names)
        where T : Dependencies =>
        One($"dependency on {string.Join(" or ", names)}", sight => sight.Know(read).First(names));

    public static Sign One(string wanted, Func<Sight, Evidence?> look) =>
        new(wanted, sight => look(sight) is { } seen ? [seen] : null);

    public static Sign Either(params Sign[] signs) =>
        new(
            string.Join(" or ", signs.Select(sign => sign.Wanted)),
            sight => signs.Select(sign => sign.Look(sight)).FirstOrDefault(seen => seen is not null)
        );

    public static Sign Not(Sign sign, string because) => new(because, sight => sign.Look(sight) is null ? [] : null);
}
