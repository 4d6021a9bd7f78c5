using YamlDotNet.Core;

namespace Fairlead.Engine.Manifests.Reading;

/// <summary>Says in the user's words why a text is not YAML. Tabs are the usual cause, so each such line is named.</summary>
internal static class SyntaxFindings
{
    private const int TabsShownMax = 20;

    public static void Add(string text, Spot spot, Exception broken, Findings findings)
    {
        var tabs = TabbedLines(text).ToList();
        foreach (var tab in tabs.Take(TabsShownMax))
        {
            findings.Add(
                tab,
                "",
                "tab",
                (
                    $"Line {tab.Line} is indented with a tab.",
                    "YAML does not allow tabs in indentation, because editors show them in different widths.",
                    "Replace the tab by two spaces."
                )
            );
        }
        if (!tabs.Exists(tab => Math.Abs(tab.Line - spot.Line) <= 1))
        {
            findings.Add(
                spot,
                "",
                "syntax",
                (
                    $"{ManifestFile.Name} is not readable as YAML from line {spot.Line} on.",
                    broken is YamlException
                        ? Shown.Sentence(broken.Message)
                        : "What stands at or just before this place is neither a key nor a value.",
                    "Mend that line or the one before: a missing colon, comma, quote or bracket, or an indentation that differs from its neighbours'."
                )
            );
        }
    }

    private static IEnumerable<Spot> TabbedLines(string text)
    {
        var line = 0;
        foreach (var content in text.Split('\n'))
        {
            line++;
            var tab = content.AsSpan(0, content.Length - content.AsSpan().TrimStart(" \t").Length).IndexOf('\t');
            if (tab >= 0)
            {
                yield return new(line, tab + 1);
            }
        }
    }
}
