using System.Text;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Fills into the values of variables what the file says of others, as GitLab does before a job begins.</summary>
internal static class GitLabVariables
{
    private const int DepthMax = 20;
    private const int LettersMax = 100_000;

    /// <summary>Null when it names what is not in the file, itself, or grows too large.</summary>
    /// <param name="own">Of the same group; what they hold is filled in too.</param>
    /// <param name="outer">Of the whole file, as they are.</param>
    public static string? Filled(
        string text,
        IReadOnlyDictionary<string, string> own,
        IReadOnlyDictionary<string, string>? outer
    ) => Filled(text, own, outer, DepthMax);

    private static string? Filled(
        string text,
        IReadOnlyDictionary<string, string> own,
        IReadOnlyDictionary<string, string>? outer,
        int depth
    )
    {
        if (depth == 0)
        {
            return null;
        }
        var filled = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '$')
            {
                filled.Append(text[at]);
                continue;
            }
            if (at + 1 < text.Length && text[at + 1] == '$')
            {
                filled.Append('$');
                at++;
                continue;
            }
            var isBraced = at + 1 < text.Length && text[at + 1] == '{';
            var from = at + (isBraced ? 2 : 1);
            var to = from;
            while (to < text.Length && (char.IsAsciiLetterOrDigit(text[to]) || text[to] == '_'))
            {
                to++;
            }
            var name = text[from..to];
            if (name.Length == 0 || (isBraced && (to == text.Length || text[to] != '}')))
            {
                return null;
            }
            var value =
                own.TryGetValue(name, out var beside) ? Filled(beside, own, outer, depth - 1)
                : outer is not null && outer.TryGetValue(name, out var above) ? above
                : null;
            if (value is null || filled.Length + value.Length > LettersMax)
            {
                return null;
            }
            filled.Append(value);
            at = isBraced ? to : to - 1;
        }
        return filled.ToString();
    }
}
