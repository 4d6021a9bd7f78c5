using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking;

/// <summary>
/// What a check found, as CI systems read it: JUnit's XML for those that show tests, SARIF 2.1.0 (OASIS) for those that show places in
/// files.
/// </summary>
public static class CheckReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The report in the form that the file's ending says.</summary>
    /// <param name="check">Such as <c>openapi</c>.</param>
    /// <param name="stops">Whether a severity makes the check fail.</param>
    /// <exception cref="ProblemException">The ending says no form.</exception>
    public static byte[] Of(
        string file,
        string check,
        IReadOnlyList<CheckFinding> findings,
        Func<string, bool> stops
    ) =>
        Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".xml" => Encoding.UTF8.GetBytes(JUnit(check, findings, stops)),
            ".sarif" => Encoding.UTF8.GetBytes(Sarif(check, findings, stops)),
            _ => throw new ProblemException(
                new Problem(
                    "check.report-form",
                    What: $"'{file}' cannot be the report.",
                    Why: "Its ending says the form: .xml for JUnit's, .sarif for SARIF.",
                    Fix: $"Write: --report reports/{check}.xml"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            ),
        };

    private static string JUnit(string check, IReadOnlyList<CheckFinding> findings, Func<string, bool> stops)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", check);
            xml.WriteAttributeString("tests", Math.Max(1, findings.Count).ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString(
                "failures",
                findings.Count(one => stops(one.Severity)).ToString(CultureInfo.InvariantCulture)
            );
            if (findings.Count == 0)
            {
                Case(xml, check, "finds nothing");
                xml.WriteEndElement();
            }
            foreach (var finding in findings)
            {
                Case(xml, $"{check}.{finding.Rule}", finding.Where);
                if (stops(finding.Severity))
                {
                    xml.WriteStartElement("failure");
                    xml.WriteAttributeString("type", finding.Severity);
                    xml.WriteAttributeString("message", Clean(finding.What));
                    xml.WriteString(
                        Clean($"{finding.File}\n{finding.What}\n{finding.Why}\n{finding.Fix}".TrimStart('\n'))
                    );
                    xml.WriteEndElement();
                }
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        return text.Append('\n').ToString();
    }

    private static void Case(XmlWriter xml, string group, string name)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean(group));
        xml.WriteAttributeString("name", Clean(name));
    }

    // XML has no place for most control characters, however they are written.
    private static string Clean(string text) =>
        string.Concat(text.Select(static one => XmlConvert.IsXmlChar(one) ? one : '?'));

    private static string Sarif(string check, IReadOnlyList<CheckFinding> findings, Func<string, bool> stops)
    {
        var rules = findings.Select(static one => one.Rule).Distinct().Order(StringComparer.Ordinal);
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(
                new JsonObject
                {
                    ["tool"] = new JsonObject
                    {
                        ["driver"] = new JsonObject
                        {
                            ["name"] = $"fairlead check {check}",
                            ["rules"] = new JsonArray([.. rules.Select(static one => new JsonObject { ["id"] = one })]),
                        },
                    },
                    ["results"] = new JsonArray([.. findings.Select(one => Result(one, stops))]),
                }
            ),
        }.ToJsonString(Indented);
    }

    private static JsonObject Result(CheckFinding finding, Func<string, bool> stops)
    {
        var location = new JsonObject
        {
            ["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = finding.Where }),
        };
        if (
            finding.File?.Split(':') is [var file, var line, ..]
            && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            location["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = file },
                ["region"] = new JsonObject { ["startLine"] = number },
            };
        }
        return new()
        {
            ["ruleId"] = finding.Rule,
            ["level"] = stops(finding.Severity) ? "error" : "note",
            ["message"] = new JsonObject { ["text"] = $"{finding.What} {finding.Why}" },
            ["locations"] = new JsonArray(location),
        };
    }
}
