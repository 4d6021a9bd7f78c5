using System.Globalization;
using System.Text;
using System.Xml;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Status;

/// <summary>A status page's news as RSS 2.0 (rssboard.org/rss-specification), for whoever wants to be told.</summary>
internal static class StatusFeed
{
    private const int ItemsMax = 100;

    /// <param name="page">Where the page is.</param>
    public static byte[] Of(StatusPageView view, Uri page, DateTimeOffset now)
    {
        using var whole = new MemoryStream();
        using (
            var xml = XmlWriter.Create(
                whole,
                new()
                {
                    Encoding = new UTF8Encoding(false),
                    Indent = true,
                    CheckCharacters = false,
                }
            )
        )
        {
            xml.WriteStartElement("rss");
            xml.WriteAttributeString("version", "2.0");
            xml.WriteStartElement("channel");
            xml.WriteElementString("title", Clean(view.Title));
            xml.WriteElementString("link", page.AbsoluteUri);
            xml.WriteElementString("description", Clean(view.About ?? $"How {view.Title} is."));
            xml.WriteElementString("ttl", "1");
            foreach (var (title, text, at, id) in Items(view, now).OrderByDescending(one => one.At).Take(ItemsMax))
            {
                xml.WriteStartElement("item");
                xml.WriteElementString("title", Clean(title));
                xml.WriteElementString("link", page.AbsoluteUri);
                xml.WriteElementString("description", Clean(text));
                xml.WriteElementString("pubDate", at.UtcDateTime.ToString("R", CultureInfo.InvariantCulture));
                xml.WriteStartElement("guid");
                xml.WriteAttributeString("isPermaLink", "false");
                xml.WriteString(Clean(id));
                xml.WriteEndElement();
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return whole.ToArray();
    }

    private static IEnumerable<(string Title, string Text, DateTimeOffset At, string Id)> Items(
        StatusPageView view,
        DateTimeOffset now
    )
    {
        foreach (var incident in view.Incidents)
        {
            foreach (var update in incident.Updates)
            {
                yield return (
                    $"{incident.Title}: {update.State.ToString().ToLowerInvariant()}",
                    update.Text,
                    update.At,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{incident.Title}/{update.At.ToUnixTimeMilliseconds()}"
                    )
                );
            }
        }
        foreach (var planned in view.Maintenance)
        {
            yield return (
                $"Maintenance: {planned.Text}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{planned.From.UtcDateTime:yyyy-MM-dd HH:mm} to {planned.To.UtcDateTime:yyyy-MM-dd HH:mm} UTC. It concerns {string.Join(", ", planned.Components)}."
                ),
                planned.From < now ? planned.From : now,
                $"maintenance/{planned.Id}"
            );
        }
    }

    // XML has no place for most control characters.
    private static string Clean(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));
}
