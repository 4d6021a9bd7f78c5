using System.Globalization;
using System.Text.Json;
using Fairlead.Drivers.Browsers;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Goes a visitor's way in a browser, step by step.</summary>
internal sealed class BrowserMonitor(Chromium browsers, Dialer dialer, World world) : IMonitorProbe
{
    private const int Width = 1280;
    private const int Height = 900;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    public IReadOnlyList<string> Ways { get; } = ["browser"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url) = (new LookNotes(world, spec), new Uri(spec.Url));
        if (browsers.TryFind() is null)
        {
            return MonitorLook.Unable("This machine has no Chromium; install it, or name one in FAIRLEAD_CHROMIUM.");
        }
        try
        {
            _ = await dialer.AddressesAsync(url.Host, notes, stop);
        }
        catch (UnreachedException caught)
        {
            return notes.Down(caught.Message);
        }
        await using var browser = await browsers.OpenAsync(stop);
        notes.Over("start");
        await using var page = await browser.OpenAsync(new(url, Width, Height, IsStill: false), stop);
        notes.Over("open");
        return await GoAsync(page, spec.Journey ?? [], notes, stop);
    }

    private async Task<MonitorLook> GoAsync(
        IBrowserPage page,
        IReadOnlyList<JourneyStep> steps,
        LookNotes notes,
        CancellationToken stop
    )
    {
        for (var at = 0; at < steps.Count; at++)
        {
            try
            {
                while (!await TryAsync(page, steps[at], stop))
                {
                    await Task.Delay(LookAgain, world.Clock, stop);
                }
            }
            catch (OperationCanceledException)
            {
                notes.Phases("fairlead_probe_journey_duration_seconds");
                return notes.Down(
                    string.Create(CultureInfo.InvariantCulture, $"Step {at + 1} was not possible in time: {steps[at]}.")
                );
            }
            notes.Over(string.Create(CultureInfo.InvariantCulture, $"step {at + 1}"));
        }
        notes.Phases("fairlead_probe_journey_duration_seconds");
        return notes.Up(string.Create(CultureInfo.InvariantCulture, $"All {steps.Count} steps were possible."));
    }

    // While a page gives way to the next one, scripts fail in it: that is not yet, as is what is not there.
    private static async Task<bool> TryAsync(IBrowserPage page, JourneyStep step, CancellationToken stop)
    {
        try
        {
            return await page.RunAsync(ScriptOf(step), stop) is "true";
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    /// <summary>JavaScript that is true once the step is done.</summary>
    internal static string ScriptOf(JourneyStep step)
    {
        var at = JsonSerializer.Serialize(step.Click ?? step.Type ?? "");
        var text = JsonSerializer.Serialize(step.See ?? step.Text ?? "");
        return step switch
        {
            { Click: not null } =>
                $"(() => {{ const e = document.querySelector({at}); if (!e) return false; e.click(); return true; }})()",
            { Type: not null } => $$"""
                (() => {
                  const e = document.querySelector({{at}});
                  if (!e) return false;
                  e.focus();
                  // By the element's own setter, so that frameworks that watch it see a change.
                  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value');
                  own && own.set ? own.set.call(e, {{text}}) : (e.textContent = {{text}});
                  e.dispatchEvent(new Event('input', { bubbles: true }));
                  e.dispatchEvent(new Event('change', { bubbles: true }));
                  return true;
                })()
                """,
            _ => $"!!document.body && document.body.innerText.includes({text})",
        };
    }
}
