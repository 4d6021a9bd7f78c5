using System.Text.Json.Nodes;
using Fairlead.Drivers.Data.Servers;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Up;

/// <summary>
/// How roles end: decisions first, then traffic once its requests are answered, the apps last, so that nobody is asked to do
/// what can no longer be done.
/// </summary>
internal sealed class Departure(UpContext context, ILogger log)
{
    private static readonly TimeSpan RoleMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends all roles.</summary>
    /// <param name="hurry">A person presses again: what is not done is cut short.</param>
    public async Task AllAsync(IReadOnlyList<RoleNote> roles, bool keepsApps, CancellationToken hurry)
    {
        foreach (var role in roles.Where(one => one.Role == "server"))
        {
            await OneAsync(role, RoleMax, hurry);
        }
        foreach (var role in roles.Where(one => one.Role == "edge"))
        {
            await OneAsync(role, context.DrainMax, hurry);
        }
        foreach (var role in roles.Where(one => one.Role == "node"))
        {
            if (!keepsApps)
            {
                await StopAppsAsync(hurry);
                await StopDatabasesAsync(hurry);
            }
            await OneAsync(role, RoleMax, hurry);
        }
    }

    /// <summary>Asks one to end, and ends it when it does not.</summary>
    public async Task OneAsync(RoleNote role, TimeSpan patience, CancellationToken hurry)
    {
        if (!role.IsAlive)
        {
            return;
        }
        Child.Signal(role.Pid, Signal.Terminate);
        if (await EndedAsync(role, patience, hurry))
        {
            return;
        }
        Child.Signal(role.Pid, Signal.Kill);
        log.Killed(role.Role, role.Pid);
        await EndedAsync(role, RoleMax, CancellationToken.None);
    }

    private async Task<bool> EndedAsync(RoleNote role, TimeSpan patience, CancellationToken hurry)
    {
        var deadline = context.World.Now + patience;
        while (role.IsAlive)
        {
            if (hurry.IsCancellationRequested || context.World.Now >= deadline)
            {
                return false;
            }
            await Task.Delay(Pause, context.World.Clock, CancellationToken.None);
        }
        _ = Child.TryReap(role.Pid);
        return true;
    }

    // After those who write to them. They are started again with the next server.
    private async Task StopDatabasesAsync(CancellationToken hurry)
    {
        try
        {
            await LocalDatabases.StopAllAsync(Compose.DataOf(context.State), context.World, hurry);
        }
        catch (ProblemException caught)
        {
            log.AppsNotStopped(caught.Problem.Why);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            log.AppsNotStopped("there was no time");
        }
    }

    private async Task StopAppsAsync(CancellationToken hurry)
    {
        using var node = context.Client("node");
        try
        {
            await node.PostAsync<JsonNode?>("/shutdown", body: null, fence: null, hurry);
        }
        catch (ProblemException caught)
        {
            log.AppsNotStopped(caught.Problem.Why);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            log.AppsNotStopped("there was no time");
        }
    }
}
