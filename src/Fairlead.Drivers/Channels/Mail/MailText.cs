using System.Net;
using System.Text;
using Fairlead.Drivers.Channels.Texts;
using Fairlead.Model.Alerting;
using MimeKit;
using MimeKit.Text;

namespace Fairlead.Drivers.Channels.Mail;

/// <summary>
/// The mail that tells of alerts: as text and as a page. Its Message-ID is made of the notification's id, so a mail that came twice is the same
/// mail; all mails of a group refer to one that was never sent, by which programs put them together.
/// </summary>
internal static class MailText
{
    private const int TextCharsMax = 100_000;

    public static MimeMessage Of(Notification notification, MailboxAddress from, IReadOnlyList<MailboxAddress> to)
    {
        var told = Told.Of(notification);
        var host = from.Address[(from.Address.LastIndexOf('@') + 1)..].Trim('[', ']');
        var id = string.Concat(notification.Id.Where(char.IsAsciiLetterOrDigit));
        var thread = $"{GroupKeys.Hash(notification.GroupKey)[..32]}.alerts@{host}";
        var message = new MimeMessage
        {
            Subject = told.Title,
            Date = notification.At,
            MessageId = $"{id}.fairlead@{host}",
            InReplyTo = thread,
            Importance = told is { IsResolved: false, Urgency: Urgency.Critical }
                ? MessageImportance.High
                : MessageImportance.Normal,
            Body = notification.Page is { } page ? Whole(page, id) : Both(Plain(told), Page(told), id),
        };
        message.From.Add(from);
        message.To.AddRange(to);
        message.References.Add(thread);
        // Nobody's absence answers to it.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        return message;
    }

    private static MultipartAlternative Both(string plain, string html, string id) =>
        new(Part(TextFormat.Plain, plain), Part(TextFormat.Html, html)) { Boundary = $"=-fairlead-{id}" };

    // The page is there once more as a file: programs for mail show less than a browser, and it is to be kept and printed.
    private static Multipart Whole(NotificationPage page, string id)
    {
        var file = Part(TextFormat.Html, Lines(page.Html));
        file.ContentDisposition = new(ContentDisposition.Attachment)
        {
            FileName =
                $"{string.Concat(page.Name.Where(static one => char.IsAsciiLetterOrDigit(one) || one is '-'))}.html",
        };
        Multipart whole = new("mixed") { Both(Lines(page.Text), Lines(page.Html), id), file };
        whole.Boundary = $"=-fairlead-{id}-all";
        return whole;
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\r\n");

    private static TextPart Part(TextFormat format, string text)
    {
        var part = new TextPart(format) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, text);
        return part;
    }

    private static string Plain(Told told) => Markup.Plain.Text(told, TextCharsMax).ReplaceLineEndings("\r\n") + "\r\n";

    private static string Page(Told told)
    {
        var lines = Markup.Page.Text(told, TextCharsMax, hasTitle: false).Split('\n');
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html><body style=\"font-family: sans-serif\">\n");
        page.Append("<h2 style=\"color: ").Append(told.Colour()).Append("\">");
        page.Append(WebUtility.HtmlEncode(told.Title)).Append("</h2>\n");
        foreach (var line in lines)
        {
            page.Append("<p style=\"margin: 4px 0\">").Append(line).Append("</p>\n");
        }
        return page.Append("</body></html>\n").ToString().ReplaceLineEndings("\r\n");
    }
}
