using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;

namespace Fairlead.Roles.Up;

/// <summary>What <c>fairlead down</c> tells the parent beside the signal: whether apps go on without it.</summary>
internal sealed record StopOrder(bool KeepsApps)
{
    private static string FileOf(StateFolder state) => Path.Combine(state.Run, "down.json");

    public static void Leave(StateFolder state, bool keepsApps) =>
        DurableFile.WriteJson(FileOf(state), new StopOrder(keepsApps));

    /// <summary>Reads it once; without an order, as after Ctrl-C, apps stop.</summary>
    public static bool TakeKeepsApps(StateFolder state)
    {
        var order = DurableFile.TryReadJson<StopOrder>(FileOf(state));
        Forget(state);
        return order?.KeepsApps ?? false;
    }

    public static void Forget(StateFolder state) => File.Delete(FileOf(state));
}
