using System.Xml;
using System.Xml.Linq;

namespace Fairlead.Engine.Manifests.Detecting.Reading;

/// <summary>XML project files, without entities and without regard to namespaces.</summary>
internal static class Xml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    public static XElement? Read(Sight sight, string path)
    {
        try
        {
            using var text = new StringReader(sight.Text(path));
            using var reader = XmlReader.Create(text, Settings);
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root;
        }
        catch (XmlException)
        {
            return null; // Half a file, or another format under that name: for us there is none.
        }
    }

    public static IEnumerable<XElement> All(this XElement? root, string name) =>
        root?.Descendants().Where(element => element.Name.LocalName == name) ?? [];

    /// <summary>The text of the first such element, when it is literal: a value that the build computes is unknown to us.</summary>
    public static string? Literal(this XElement? root, string name) =>
        root.All(name).Select(element => element.Value.Trim()).FirstOrDefault(IsLiteral);

    public static string? Child(this XElement? parent, string name) =>
        parent?.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();

    public static bool IsLiteral(string value) => value.Length > 0 && !value.Contains('$', StringComparison.Ordinal);

    public static int? Line(this XObject element) =>
        ((IXmlLineInfo)element).HasLineInfo() ? ((IXmlLineInfo)element).LineNumber : null;
}
