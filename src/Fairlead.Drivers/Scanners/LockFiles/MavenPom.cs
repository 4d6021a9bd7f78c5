using System.Buffers;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>
/// Maven's <c>pom.xml</c>. It is no lock file: it declares what a project asks for itself, and what that needs in turn is not in it. So its
/// inventory always says that something is missing.
/// </summary>
internal sealed class MavenPom() : LockReader(Ecosystem.Maven, "pom.xml")
{
    private const int LettersMax = 8 << 20;
    private const int DepthMax = 100;

    private static readonly SearchValues<char> Inexact = SearchValues.Create("$[](),");

    protected override void Read(string text, Found found)
    {
        var project = Load(text);
        var properties = project
            .Elements()
            .Where(static one => one.Name.LocalName == "properties")
            .Elements()
            .GroupBy(static one => one.Name.LocalName, StringComparer.Ordinal)
            .ToDictionary(static one => one.Key, static one => one.Last().Value.Trim(), StringComparer.Ordinal);
        foreach (var key in (string[])["version", "groupId"])
        {
            if ((Child(project, key) ?? Child(project.Elements().FirstOrDefault(Is("parent")), key)) is { } own)
            {
                properties[$"project.{key}"] = own;
            }
        }
        var managed = Dependencies(project.Elements().FirstOrDefault(Is("dependencyManagement")))
            .GroupBy(one => NameOf(one, properties))
            .ToDictionary(static one => one.Key, static one => Child(one.Last(), "version"));
        foreach (var dependency in Dependencies(project))
        {
            var name = NameOf(dependency, properties);
            var written = Child(dependency, "version") ?? managed.GetValueOrDefault(name);
            var version = Resolved(written ?? "", properties);
            if (version.Length == 0 || version.AsSpan().ContainsAny(Inexact))
            {
                found.MissIn($"'{name}' has no exact version here; its parent or a range decides.");
                continue;
            }
            found.Add(
                new(Ecosystem.Maven, name, version)
                {
                    Line = ((IXmlLineInfo)dependency).LineNumber,
                    IsDevelopment = Child(dependency, "scope") == "test",
                }
            );
        }
        found.MissIn("it names only what is asked for directly; what that needs is not looked at.");
    }

    // No DTD: entities could grow without end, or read other files.
    private static XElement Load(string text)
    {
        using var reader = XmlReader.Create(
            new StringReader(text),
            new()
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = LettersMax,
            }
        );
        using var shallow = XmlReader.Create(
            new StringReader(text),
            new()
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = LettersMax,
            }
        );
        while (shallow.Read())
        {
            if (shallow.Depth > DepthMax)
            {
                throw new FormatException($"It is more than {DepthMax} levels deep.");
            }
        }
        var root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        return root.Name.LocalName == "project" ? root : throw new FormatException("It is no project of Maven.");
    }

    private static IEnumerable<XElement> Dependencies(XElement? within) =>
        within is null ? [] : within.Elements().Where(Is("dependencies")).Elements().Where(Is("dependency"));

    private static string NameOf(XElement dependency, Dictionary<string, string> properties) =>
        $"{Resolved(Child(dependency, "groupId") ?? "", properties)}:{Resolved(Child(dependency, "artifactId") ?? "", properties)}";

    private static Func<XElement, bool> Is(string name) => one => one.Name.LocalName == name;

    private static string? Child(XElement? of, string name) => of?.Elements().FirstOrDefault(Is(name))?.Value.Trim();

    // ${spring.version}, which may name another one.
    private static string Resolved(string text, Dictionary<string, string> properties)
    {
        const int StepsMax = 8;
        for (var step = 0; step < StepsMax; step++)
        {
            var start = text.IndexOf("${", StringComparison.Ordinal);
            var end = start < 0 ? -1 : text.IndexOf('}', start);
            if (end < 0 || !properties.TryGetValue(text[(start + 2)..end], out var value) || value.Length > 256)
            {
                break;
            }
            text = text[..start] + value + text[(end + 1)..];
        }
        return text;
    }
}
