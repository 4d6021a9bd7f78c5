namespace Fairlead.Engine.Manifests.Detecting.Reading;

/// <summary>What holds for the text of most languages.</summary>
internal static class Text
{
    private static readonly string[] Comments = ["//", "#!", "# ", "*", "/*", "<!--", "--", "\"\"\"", "'''"];

    /// <summary>The whole line is a comment, so it does nothing.</summary>
    public static bool IsComment(string line)
    {
        var text = line.AsSpan().TrimStart();
        foreach (var start in Comments)
        {
            if (text.StartsWith(start, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return text is "#";
    }
}
