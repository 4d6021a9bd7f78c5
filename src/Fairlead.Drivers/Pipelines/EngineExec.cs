using System.IO.Pipelines;
using Docker.DotNet.Models;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Containers;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>Runs commands in containers that are there. The engine keeps nothing of what they print, nor of their variables.</summary>
internal sealed class EngineExec(ContainerEngine engine, World world)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // What it left running may hold its output open for ever; nobody waits for it longer than this.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    /// <returns>Its exit code; null when the container is gone, or has ended.</returns>
    /// <exception cref="ProblemException">The engine cannot be reached, or refuses.</exception>
    public async Task<int?> RunAsync(
        string container,
        ContainerExecCreateParameters command,
        BuildOutput output,
        CancellationToken stop
    )
    {
        (command.AttachStdout, command.AttachStderr) = (true, true);
        var exec = await TryCreateAsync(container, command, stop);
        if (exec is null)
        {
            return null;
        }
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = ReadAsync(exec.ID, output, closing.Token);
        for (var pause = Pause; !reading.IsCompleted; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.WhenAny(reading, Task.Delay(pause, world.Clock, stop));
            stop.ThrowIfCancellationRequested();
            if (!reading.IsCompleted && await InspectAsync(exec.ID, stop) is not { Running: true })
            {
                await Task.WhenAny(reading, Task.Delay(OutputGrace, world.Clock, stop));
                break;
            }
        }
        if (reading.IsCompleted)
        {
            await reading;
        }
        await closing.CancelAsync();
        return await CodeAsync(exec.ID, stop);
    }

    private async Task<ContainerExecCreateResponse?> TryCreateAsync(
        string container,
        ContainerExecCreateParameters command,
        CancellationToken stop
    )
    {
        try
        {
            return await engine.FindAsync(
                docker => docker.Exec.CreateContainerExecAsync(container, command, stop),
                stop
            );
        }
        catch (ProblemException caught) when (caught.Problem.Why.Contains("is not running", StringComparison.Ordinal))
        {
            return null;
        }
    }

    // Its output ends a moment before it does.
    private async Task<int?> CodeAsync(string exec, CancellationToken stop)
    {
        while (true)
        {
            var seen = await InspectAsync(exec, stop);
            if (seen is not { Running: true })
            {
                return (int?)seen?.ExitCode;
            }
            await Task.Delay(Pause, world.Clock, stop);
        }
    }

    private Task<ContainerExecInspectResponse?> InspectAsync(string exec, CancellationToken stop) =>
        engine.FindAsync(docker => docker.Exec.InspectContainerExecAsync(exec, stop), stop);

    private Task ReadAsync(string exec, BuildOutput output, CancellationToken stop) =>
        engine.AskAsync(
            async docker =>
            {
                using var stream = await docker.Exec.StartContainerExecAsync(
                    exec,
                    new ContainerExecStartParameters(),
                    stop
                );
                var (words, faults) = (new Pipe(), new Pipe());
                var reading = Task.WhenAll(
                    output.ReadAsync(words.Reader.AsStream(), CancellationToken.None),
                    output.ReadAsync(faults.Reader.AsStream(), CancellationToken.None)
                );
                try
                {
                    await stream.CopyOutputToAsync(
                        Stream.Null,
                        words.Writer.AsStream(leaveOpen: true),
                        faults.Writer.AsStream(leaveOpen: true),
                        stop
                    );
                }
                finally
                {
                    await words.Writer.CompleteAsync();
                    await faults.Writer.CompleteAsync();
                    await reading;
                }
            },
            stop
        );
}
