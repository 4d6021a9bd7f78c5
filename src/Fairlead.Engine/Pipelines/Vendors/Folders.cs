namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>Where files that fit globs have their roots.</summary>
internal static class Folders
{
    private static readonly char[] Stars = ['*', '?', '['];

    /// <summary>The deepest folder with all that these globs can fit; a dot for the folder itself.</summary>
    public static string Common(IEnumerable<string> globs)
    {
        string[]? common = null;
        foreach (var glob in globs.Where(static one => !one.StartsWith('!')))
        {
            var star = glob.IndexOfAny(Stars);
            var steps = glob.TrimEnd('/').Split('/');
            // Before its first star a glob names folders; without one, its last step is the file or folder itself.
            string[] above = star < 0 ? steps[..^1] : [.. steps.TakeWhile(static step => step.IndexOfAny(Stars) < 0)];
            common = common is null
                ? above
                :
                [
                    .. common
                        .Zip(above)
                        .TakeWhile(static pair => pair.First == pair.Second)
                        .Select(static pair => pair.First),
                ];
        }
        return common is { Length: > 0 } ? string.Join('/', common) : ".";
    }
}
