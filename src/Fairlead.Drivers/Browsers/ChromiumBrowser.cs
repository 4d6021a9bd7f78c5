using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Browsers;

/// <summary>A running Chromium; it ends with this.</summary>
internal sealed class ChromiumBrowser(DevTools tools, (int Pid, string Profile) process, World world) : IBrowser
{
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(5);

    public async Task<IBrowserPage> OpenAsync(PageOrder order, CancellationToken stop)
    {
        // A context of its own: no cookie and no cache of the page before.
        var context = await tools.AskAsync("Target.createBrowserContext", [], null, stop);
        var id = context.GetProperty("browserContextId").GetString()!;
        var target = await tools.AskAsync(
            "Target.createTarget",
            new() { ["url"] = "about:blank", ["browserContextId"] = id },
            null,
            stop
        );
        var attached = await tools.AskAsync(
            "Target.attachToTarget",
            new() { ["targetId"] = target.GetProperty("targetId").GetString(), ["flatten"] = true },
            null,
            stop
        );
        var page = new ChromiumPage(tools, attached.GetProperty("sessionId").GetString()!, id, world);
        try
        {
            await page.GoAsync(order, stop);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _ = await tools.AskAsync("Browser.close", [], null, CancellationToken.None);
        }
        catch (ProblemException)
        {
            // It is gone already, or is ended below.
        }
        await tools.DisposeAsync();
        await EndAsync(process.Pid, process.Profile, world, CancellationToken.None);
    }

    /// <summary>Ends the browser with all its processes, and removes its profile.</summary>
    public static async Task EndAsync(int pid, string profile, World world, CancellationToken stop)
    {
        if (pid > 0)
        {
            using var limit = new CancellationTokenSource(EndMax, world.Clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            try
            {
                _ = Child.SignalGroup(pid, Signal.Terminate);
                _ = await Child.WaitAsync(pid, world, both.Token);
            }
            catch (OperationCanceledException)
            {
                // It is ended without being asked.
            }
            _ = Child.SignalGroup(pid, Signal.Kill);
            _ = Child.TryReap(pid);
        }
        try
        {
            Directory.Delete(profile, recursive: true);
        }
        catch (IOException)
        {
            // One of its processes still writes; the system's own folder for such things is swept by others.
        }
    }
}
