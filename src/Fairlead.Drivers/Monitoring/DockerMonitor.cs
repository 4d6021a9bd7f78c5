using Fairlead.Drivers.Containers;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Looks at a container of this machine's engine: <c>docker://NAME</c>. It is up when it runs, and is healthy where it says anything of that.</summary>
internal sealed class DockerMonitor(ContainerEngine engine, World world) : IMonitorProbe
{
    public IReadOnlyList<string> Ways { get; } = ["docker"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var notes = new LookNotes(world, spec);
        // Not by Uri, which would make its letters small.
        var name = spec.Url["docker://".Length..].Trim('/');
        if (!engine.IsThere)
        {
            return MonitorLook.Unable("This machine has no engine for containers that Fairlead reaches.");
        }
        try
        {
            var seen = await engine.FindAsync(docker => docker.Containers.InspectContainerAsync(name, stop), stop);
            return seen is null
                ? notes.Down($"There is no container {name}.")
                : Judge(notes, seen.State?.Status, seen.State?.Health?.Status);
        }
        catch (ProblemException caught) when (caught.Problem.Code is ContainerProblems.UnreachableCode)
        {
            return MonitorLook.Unable($"{caught.Problem.What} {caught.Problem.Why}");
        }
    }

    /// <param name="state">As the engine says it, such as <c>running</c>.</param>
    /// <param name="health">starting, healthy, unhealthy, none, or null.</param>
    internal static MonitorLook Judge(LookNotes notes, string? state, string? health) =>
        state is not "running" ? notes.Down($"It is {state ?? "nothing that is known"}.")
        : health is "unhealthy" ? notes.Down("It runs, and says that it is unhealthy.")
        : notes.Up(health is "healthy" ? "It runs, and is healthy." : "It runs.");
}
