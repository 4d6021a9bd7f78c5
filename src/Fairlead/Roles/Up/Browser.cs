using Fairlead.Drivers.Shell;

namespace Fairlead.Roles.Up;

/// <summary>The desktop's own way to open an address.</summary>
internal static class Browser
{
    public static void Open(string url, UpContext context)
    {
        var env = OwnEnvironment.Copy();
        if (Programs.TryFind("xdg-open", "/", env.GetValueOrDefault("PATH", "")) is { } program)
        {
            Directory.CreateDirectory(context.State.Logs);
            Spawner.Start(new SpawnOrder([program, url], "/", env, context.LogOf("browser"), null, []));
        }
    }
}
