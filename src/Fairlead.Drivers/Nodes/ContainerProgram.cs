using System.Globalization;
using System.Text;
using Docker.DotNet.Models;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>A program that is a container of this machine's engine. It outlives the node as a process does, and is found again by its name.</summary>
internal sealed class ContainerProgram : IProgram
{
    private const int SignalBase = 128;
    private const int OutputBytesMax = 64 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly InstanceOrder order;
    private readonly RotatingLog output;
    private readonly Ground ground;
    private readonly ContainerSetting setting;
    private readonly string name;
    private ContainerLog? log;
    private bool isOutOfMemory;

    public ContainerProgram(InstanceOrder order, ContainerSettings settings, RotatingLog output, Ground ground)
    {
        (this.order, this.output, this.ground) = (order, output, ground);
        setting = new ContainerSetting(order, settings, ground);
        name = setting.Name;
    }

    private ContainerEngine Engine => ground.Containers;

    public async Task<Note?> FindAsync(Note note, CancellationToken stop)
    {
        var found = await Engine.InsistAsync(() => InspectAsync(stop), stop);
        if (found is not { State.Running: true })
        {
            return null;
        }
        Follow();
        return Noted(
            note with
            {
                Starts = Math.Max(1, note.Starts),
                StartedAt = note.StartedAt == default ? ground.World.Now : note.StartedAt,
            },
            found
        );
    }

    public async Task<Note> StartAsync(Note before, Action<Note> keep, CancellationToken stop)
    {
        isOutOfMemory = false;
        var published = await Engine.IsReachedByAddressAsync(stop) ? (int?)null : Publish(before);
        InstanceFolder.Make(ground.Folder(order.Key).Path);
        output.EndLine();
        var note = before with
        {
            Pid = 0,
            Port = published ?? 0,
            Host = null,
            LogStart = output.End,
            Starts = before.Starts + 1,
            StartedAt = ground.World.Now,
        };
        keep(note);
        var parameters = setting.Of(published);
        await setting.PrepareAsync(stop);
        await Engine.AskAsync(docker => docker.Containers.CreateContainerAsync(parameters, stop), stop);
        Forget();
        if (!setting.IsLogKept)
        {
            // Before it is started, or its first words are lost.
            await Follow().OpenedAsync(stop);
        }
        await Engine.AskAsync(
            docker => docker.Containers.StartContainerAsync(name, new ContainerStartParameters(), stop),
            stop
        );
        Follow();
        // From now on: to fetch an image may have taken longer than a start may.
        note = note with
        {
            StartedAt = ground.World.Now,
        };
        return await InspectAsync(stop) is { } started ? Noted(note, started) : note;
    }

    public async Task<Ending> EndedAsync(Note note, CancellationToken stop)
    {
        while (true)
        {
            var found = await Engine.UntilDoneAsync(() => InspectAsync(stop), Refused, stop);
            if (found is not { State: { Running: true } or { Status: "created" } })
            {
                isOutOfMemory = found?.State?.OOMKilled is true;
                await SettleAsync(stop);
                return found is null ? Ending.Unknown : EndingOf(found.State?.ExitCode ?? 0);
            }
            try
            {
                await Engine.AskAsync(docker => docker.Containers.WaitContainerAsync(name, stop), stop);
            }
            catch (ProblemException)
            {
                // The engine is being restarted; the container may live on.
                await Task.Delay(Pause, ground.World.Clock, stop);
            }
        }
    }

    public async Task<Ending?> PastAsync(Note note, CancellationToken stop)
    {
        var found = await Engine.UntilDoneAsync(() => InspectAsync(stop), Refused, stop);
        if (found is not { State: { Running: false, Status: not "created" } state })
        {
            return null;
        }
        isOutOfMemory = state.OOMKilled is true;
        Follow();
        await SettleAsync(stop);
        return EndingOf(state.ExitCode);
    }

    public async Task EndAsync(Note note, TimeSpan grace, CancellationToken stop)
    {
        if (await Engine.UntilDoneAsync(() => InspectAsync(stop), Refused, stop) is not { } found)
        {
            return;
        }
        if (found.State is { Running: true } && grace > TimeSpan.Zero)
        {
            await Engine.UntilDoneAsync(() => AskToEndAsync(grace, stop), Refused, stop);
            await SettleAsync(stop);
        }
        await Engine.UntilDoneAsync(() => setting.RemoveAsync(stop), Refused, stop);
        log?.Dispose();
        log = null;
        Forget();
    }

    public Task<Answer> AskAsync(Note note, CancellationToken stop) =>
        ground.Probe.AskAsync(
            order.Service.Health,
            (note.Host ?? "127.0.0.1", note.Port),
            (string.Join(' ', order.Service.Health.Command), RunAsync),
            stop
        );

    public bool IsOutOfMemory(Note note) => isOutOfMemory;

    public (string Why, string Fix)? ListensElsewhere(Note note) =>
        Elsewhere(Listener.InNamespaceOf(note.Pid), setting.Port);

    internal static (string Why, string Fix)? Elsewhere(IReadOnlyList<Listener> listeners, int port)
    {
        var there = listeners.Where(one => one.Port == port).ToList();
        if (listeners.Count == 0 || there.Exists(one => one.IsOnAll))
        {
            return null;
        }
        var ports = string.Join(", ", listeners.Select(one => one.Port).Distinct());
        return (
            there.Count > 0
                ? $"Inside its container it listens on {there[0]}, which no connection from outside reaches."
                : $"Inside its container it listens on {ports}, not on $PORT ({port}).",
            "Make the program listen on the address in HOST (0.0.0.0) and the port in PORT, or put {port} in 'run' in fairlead.yaml."
        );
    }

    // Inside, ports are its own; outside, the engine refuses one that is taken.
    public ProcessStat? PortHolder(Note note) => null;

    public void Dispose() => log?.Dispose();

    private Task<ContainerInspectResponse?> InspectAsync(CancellationToken stop) =>
        Engine.FindAsync(docker => docker.Containers.InspectContainerAsync(name, stop), stop);

    // Returns when it has ended, or was killed because the grace passed.
    private Task<object?> AskToEndAsync(TimeSpan grace, CancellationToken stop)
    {
        var seconds = (uint)Math.Ceiling(grace.TotalSeconds);
        return Engine.FindAsync<object>(
            async docker =>
                await docker.Containers.StopContainerAsync(name, new() { WaitBeforeKillSeconds = seconds }, stop),
            stop
        );
    }

    private void Refused(Problem problem) =>
        ground.Log.EngineRefused(NodeProblems.Name(order.Key), problem.What, problem.Why);

    private ContainerLog Follow()
    {
        if (log is null)
        {
            var raw = ground.Secrets.OutputOf(order);
            Action<byte[]> write = raw is null ? output.Append : bytes => Append(raw, bytes);
            log = new(Engine, name, (write, PlaceFile, setting.IsLogKept), ground.World);
        }
        log.Begin();
        return log;
    }

    private async Task SettleAsync(CancellationToken stop)
    {
        if (log is not null)
        {
            await log.EndAsync(stop);
            log.Dispose();
            log = null;
        }
    }

    private string PlaceFile => Path.Combine(ground.Folder(order.Key).Path, "out.place");

    // Of another container's log.
    private void Forget() => File.Delete(PlaceFile);

    private static void Append(string file, byte[] bytes)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var stream = new FileStream(file, options);
        stream.Write(bytes);
    }

    private async Task<Ran> RunAsync(CancellationToken stop)
    {
        var run = await Engine.AskAsync(
            docker =>
                docker.Exec.CreateContainerExecAsync(
                    name,
                    new ContainerExecCreateParameters
                    {
                        Cmd = [.. Launch.Words(order.Service.Health.Command, setting.Port)],
                        AttachStdout = true,
                        AttachStderr = true,
                    },
                    stop
                ),
            stop
        );
        var said = await Engine.AskAsync(
            async docker =>
            {
                using var stream = await docker.Exec.StartContainerExecAsync(
                    run.ID,
                    new ContainerExecStartParameters(),
                    stop
                );
                return await ReadAsync(stream, stop);
            },
            stop
        );
        var ended = await Engine.AskAsync(docker => docker.Exec.InspectContainerExecAsync(run.ID, stop), stop);
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new(EndingOf(ended.ExitCode ?? 0), lines.LastOrDefault() ?? "");
    }

    private static async Task<string> ReadAsync(Docker.DotNet.MultiplexedStream stream, CancellationToken stop)
    {
        var (buffer, text) = (new byte[OutputBytesMax], new StringBuilder());
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, stop) is { EOF: false, Count: var count })
        {
            if (text.Length < OutputBytesMax)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        return text.ToString();
    }

    private int Publish(Note before)
    {
        var earlier = before.Host is null ? before.Port : 0;
        var port = ground.Ports.Take(earlier, PortRange.Listening());
        if (earlier != port)
        {
            ground.Ports.Release(earlier);
        }
        return port;
    }

    private Note Noted(Note note, ContainerInspectResponse seen)
    {
        var pid = (int)(seen.State?.Pid ?? 0);
        string? text = null;
        var isPublished =
            seen.Config?.Labels?.TryGetValue(ContainerSetting.PortLabel, out text) is true
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return note with
        {
            Pid = pid,
            Port = isPublished ? int.Parse(text!, CultureInfo.InvariantCulture) : setting.Port,
            Host = isPublished ? null : setting.AddressIn(seen),
            BootId = Proc.BootId,
            StartTicks = Proc.TryStat(pid)?.StartTicks ?? 0,
        };
    }

    // Engines say 128 and the signal's number for a program that a signal ended.
    private static Ending EndingOf(long code) =>
        code is > SignalBase and < SignalBase + 65 ? new(null, (int)code - SignalBase) : new Ending((int)code, null);
}
