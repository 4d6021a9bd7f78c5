using System.Text;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;

namespace Fairlead.Drivers.Channels.Issues;

/// <summary>
/// What an issue says. What others wrote stands in a fence, where no name calls anybody, no number refers to anything, and no line is a
/// command (GitLab's <c>/close</c>).
/// </summary>
/// <param name="GroupMark">Begins the text of the issue of a group of alerts.</param>
/// <param name="IdMark">Is in the text that a notification made.</param>
/// <param name="First">Of an issue that is opened.</param>
/// <param name="More">Of a comment.</param>
internal sealed record IssueText(string Title, string GroupMark, string IdMark, string First, string More)
{
    private const char Quiet = '\u200b';

    public static IssueText Of(Notification notification, int titleCharsMax, int textCharsMax)
    {
        var told = Told.Of(notification);
        var group = $"<!-- fairlead:alerts {GroupKeys.Hash(notification.GroupKey)} -->";
        var id = $"<!-- fairlead:notification {string.Concat(notification.Id.Where(char.IsAsciiLetterOrDigit))} -->";
        var plain = Markup.Plain.Text(told with { Links = [] }, textCharsMax);
        var links = told.Links.Select(static one => $"- [{Escaped(one.Text)}]({Address(one.Url)})");
        var body = $"{id}\n\n{Fenced(plain)}\n\n{string.Join('\n', links)}".TrimEnd() + "\n";
        return new(
            // Titles call nobody, but in lists of mail and chat.
            Fitting.Clip(told.Title.Replace("@", $"@{Quiet}", StringComparison.Ordinal), titleCharsMax),
            group,
            id,
            $"{group}\n{body}",
            body
        );
    }

    /// <summary>With more ticks than are in a row in the text.</summary>
    internal static string Fenced(string text)
    {
        var (most, row) = (2, 0);
        foreach (var one in text)
        {
            row = one == '`' ? row + 1 : 0;
            most = Math.Max(most, row);
        }
        var fence = new string('`', most + 1);
        return $"{fence}text\n{text}\n{fence}";
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var one in text)
        {
            // Markdown takes a stroke before any sign of ASCII for the sign itself.
            if (char.IsAscii(one) && char.IsPunctuation(one) || one is '<' or '>' or '`' or '|' or '~' or '$')
            {
                escaped.Append('\\');
            }
            escaped.Append(one);
            if (one is '@' or '#')
            {
                escaped.Append(Quiet);
            }
        }
        return escaped.ToString();
    }

    private static string Address(string url) =>
        url.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);
}
