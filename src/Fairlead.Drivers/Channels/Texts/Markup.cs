using System.Text;
using Fairlead.Model.Alerting;

namespace Fairlead.Drivers.Channels.Texts;

/// <summary>How a service writes texts: what must be escaped there, and how a link looks.</summary>
/// <param name="Escape">Makes a plain text stand for itself.</param>
/// <param name="Strong">Of a text that is escaped.</param>
/// <param name="Link">Of a text that is escaped and an address that is not.</param>
internal sealed record Markup(
    Func<string, string> Escape,
    Func<string, string> Strong,
    Func<string, string, string> Link
)
{
    // Somebody may be called by it, where a service finds names in texts: the mark after it is seen by nobody and ends the name.
    private const string QuietAt = "@\u200b";

    /// <summary>Nothing means anything.</summary>
    public static Markup Plain { get; } =
        new(static text => text, static text => text, static (text, url) => $"{text}: {url}");

    /// <summary>Slack's mrkdwn: three signs are escaped, and with them every mention (https://docs.slack.dev/messaging/formatting-message-text).</summary>
    public static Markup Slack { get; } =
        new(
            SlackText,
            static text => $"*{text}*",
            static (text, url) => $"<{SlackText(url).Replace("|", "%7C", StringComparison.Ordinal)}|{text}>"
        );

    /// <summary>What Telegram calls HTML (https://core.telegram.org/bots/api#html-style).</summary>
    public static Markup Telegram { get; } =
        new(
            static text => Html(text).Replace("@", QuietAt, StringComparison.Ordinal),
            static text => $"<b>{text}</b>",
            static (text, url) => $"<a href=\"{Html(url)}\">{text}</a>"
        );

    /// <summary>Markdown as Discord reads it; mentions are switched off beside the text.</summary>
    public static Markup Discord { get; } =
        new(
            static text => Markdown(text),
            static text => $"**{text}**",
            static (text, url) => $"[{text}]({MarkdownUrl(url)})"
        );

    /// <summary>Markdown as Mattermost reads it, which finds names to call in all texts.</summary>
    public static Markup Mattermost { get; } =
        new(
            static text => Markdown(text).Replace("@", QuietAt, StringComparison.Ordinal),
            static text => $"**{text}**",
            static (text, url) => $"[{text}]({MarkdownUrl(url)})"
        );

    /// <summary>What a browser shows, or Matrix.</summary>
    public static Markup Page { get; } =
        new(
            static text => Html(text),
            static text => $"<strong>{text}</strong>",
            static (text, url) => $"<a href=\"{Html(url)}\">{text}</a>"
        );

    /// <summary>Title, alerts, notes and links by lines, no longer than it may be: links stay whole, then come alerts, then notes.</summary>
    /// <param name="max">Of the service, in what <paramref name="size"/> counts; at least 500.</param>
    /// <param name="size">What a text takes; null for its letters in UTF-16.</param>
    public string Text(Told told, int max, bool hasTitle = true, Func<string, int>? size = null)
    {
        size ??= static text => text.Length;
        List<string> head = hasTitle ? [Strong(Escape(told.Title))] : [];
        var room = max - Size(head, size);
        List<string> links = [];
        foreach (var link in told.Links.Select(LinkOf))
        {
            // More than half of the room is not for links.
            if (Size([.. links, link], size) <= room / 2)
            {
                links.Add(link);
            }
        }
        room -= Size(links, size);
        var kept = told.Notes.Count > 0 ? Fitting.MoreCharsMax : 0;
        var alerts = Fitting.Take([.. told.Alerts.Select(Escape)], room - kept, size);
        var notes = Fitting.Take(
            [.. told.Notes.Select(one => $"• {Escape(one)}")],
            room - Size(alerts, size),
            size,
            " notes"
        );
        return string.Join('\n', [.. head, .. alerts, .. notes, .. links]);
    }

    private static int Size(IReadOnlyList<string> lines, Func<string, int> size) => lines.Sum(one => size(one) + 1);

    private string LinkOf(NotificationLink link) => Link(Escape(link.Text), link.Url);

    private static string SlackText(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Html(string text) => SlackText(text).Replace("\"", "&quot;", StringComparison.Ordinal);

    private static string Markdown(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var one in text)
        {
            if (
                one
                is '\\'
                    or '*'
                    or '_'
                    or '~'
                    or '`'
                    or '|'
                    or '<'
                    or '>'
                    or '['
                    or ']'
                    or '('
                    or ')'
                    or '#'
                    or '!'
                    or '$'
            )
            {
                escaped.Append('\\');
            }
            escaped.Append(one);
        }
        return escaped.ToString();
    }

    private static string MarkdownUrl(string url) =>
        url.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);
}
