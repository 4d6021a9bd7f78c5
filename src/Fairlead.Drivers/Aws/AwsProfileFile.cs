namespace Fairlead.Drivers.Aws;

/// <summary>Files of AWS's tools: sections with words.</summary>
/// <example><code>
/// [default]
/// aws_access_key_id = AKIDEXAMPLE
///
/// [profile team]
/// region = eu-central-1   # of the config file; in the credentials file it would be [team]
/// </code></example>
internal static class AwsProfileFile
{
    /// <summary>What a section says, by names in small letters; empty when there is no such section.</summary>
    public static IReadOnlyDictionary<string, string> Read(string text, string section)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var isInside = false;
        foreach (var line in text.Split('\n').Select(static one => one.TrimEnd()))
        {
            // What is set in belongs to the word before, such as settings of one service.
            if (line.Length == 0 || line[0] is '#' or ';' || char.IsWhiteSpace(line[0]))
            {
                continue;
            }
            if (line[0] == '[')
            {
                var end = line.IndexOf(']', StringComparison.Ordinal);
                isInside = end > 0 && Words(line[1..end]) == Words(section);
            }
            else if (isInside && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                words[line[..at].Trim().ToLowerInvariant()] = Value(line[(at + 1)..]);
            }
        }
        return words;
    }

    private static string Words(string section) =>
        string.Join(' ', section.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // A remark begins after a blank; a key may hold the sign itself.
    private static string Value(string text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] is '#' or ';' && char.IsWhiteSpace(text[at - 1]))
            {
                return text[..at].Trim();
            }
        }
        return text.Trim();
    }
}
