using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Checking;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>What keeps people out of a page, by axe-core, and what axe does not see: words that are cut or tiny, and pages that scroll sideways.</summary>
internal static class PageLint
{
    private const string Looks = """
        (() => {
          const found = [];
          const shown = (one) => one.checkVisibility({ checkVisibilityCSS: true }) && one.getClientRects().length > 0;
          for (const text of document.querySelectorAll('svg text')) {
            if (!shown(text)) continue;
            const room = text.ownerSVGElement.getBoundingClientRect(), own = text.getBoundingClientRect();
            if (own.left < room.left - 1 || own.right > room.right + 1 || own.top < room.top - 2 || own.bottom > room.bottom + 1) found.push(`cut in its picture: ${text.textContent}`);
            const size = parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a;
            if (size < 9.5) found.push(`${size.toFixed(1)} px: ${text.textContent}`);
          }
          for (const one of document.querySelectorAll('main *, header *, nav *')) {
            if (!shown(one) || one.closest('svg') || one.closest('.sr')) continue;
            const own = [...one.childNodes].some((child) => child.nodeType === 3 && child.nodeValue.trim());
            if (own && parseFloat(getComputedStyle(one).fontSize) < 11) found.push(`${getComputedStyle(one).fontSize}: ${one.textContent.trim().slice(0, 40)}`);
            const style = getComputedStyle(one);
            if (own && style.clipPath === 'none' && style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis' && one.scrollWidth > one.clientWidth + 1) found.push(`cut: ${one.textContent.trim().slice(0, 40)}`);
          }
          for (const one of document.querySelectorAll('a, button, summary, input, select')) {
            if (!shown(one) || one.closest('.scroll') || one.closest('.skip') || one.matches('.skip') || one.closest('dialog') || one.type === 'hidden') continue;
            const own = one.getBoundingClientRect();
            if (own.right > innerWidth + 1 || own.left < -1) found.push(`off the screen: ${one.textContent.trim().slice(0, 40)}`);
          }
          if (document.documentElement.scrollWidth > innerWidth + 1) found.push(`scrolls sideways: ${document.documentElement.scrollWidth} of ${innerWidth}`);
          return JSON.stringify(found.slice(0, 12));
        })()
        """;

    // Another scheme has other colours and nothing else.
    private static string AskAxe(bool hasOtherColours) =>
        $$"""
            axe.run(document, {{(
                hasOtherColours
                    ? "{ runOnly: { type: 'rule', values: ['color-contrast'] } }"
                    : "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }"
            )}})
              .then((said) => JSON.stringify(said.violations.map((one) => `${one.id} at ${one.nodes[0].target}: ${one.nodes[0].failureSummary?.split('\n')[1] ?? one.help}`)))
            """;

    /// <summary>All findings of the page that is open and has axe-core.</summary>
    /// <param name="hasOtherColours">The same page was looked at before, in another colour scheme.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(
        Chromium browser,
        bool hasOtherColours,
        CancellationToken stop
    )
    {
        var own = await browser.RunAsync(Looks, stop);
        var said = await browser.RunAsync(AskAxe(hasOtherColours), stop);
        return [.. Read(own), .. Read(said)];
    }

    /// <summary>axe-core's source; the test is skipped where it is missing.</summary>
    public static async Task<string> AxeAsync(CancellationToken stop)
    {
        var file = Path.Combine(PageScenarios.Peers, "node_modules/axe-core/axe.min.js");
        Assert.SkipUnless(File.Exists(file), $"axe-core is not in {PageScenarios.Peers}");
        return await File.ReadAllTextAsync(file, stop);
    }

    private static IEnumerable<string> Read(string answer)
    {
        try
        {
            return JsonNode.Parse(answer)!.AsArray().Select(static one => one!.GetValue<string>());
        }
        catch (JsonException)
        {
            return [$"could not be looked at: {answer}"];
        }
    }
}
