using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Roles;
using Fairlead.Roles.Up;

namespace Fairlead.Scenarios.Platform;

/// <summary>A platform whose roles are small Python programs: each says who it is on the sockets that it was given.</summary>
internal sealed class FakeRoles : IAsyncDisposable
{
    // argv: role NAME --state FOLDER. The edge answers every connection with its process id; others only live.
    private const string Program = """
        import os, signal, socket, sys, time
        name, state = sys.argv[2], sys.argv[4]
        def end(*_):
            open(os.path.join(state, name + ".ended"), "w").close()
            os._exit(0)
        signal.signal(signal.SIGTERM, end)
        if name == "edge":
            listen = dict(one.split(":") for one in os.environ["FAIRLEAD_LISTEN"].split(","))
            server = socket.socket(fileno=int(listen["public"]))
            open(os.path.join(state, "edge.%d" % os.getpid()), "w").close()
            while True:
                connection, _ = server.accept()
                connection.sendall(str(os.getpid()).encode())
                connection.close()
        open(os.path.join(state, "%s.%d" % (name, os.getpid())), "w").close()
        while True:
            time.sleep(0.05)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<int> parents = [];
    private readonly string script;

    public FakeRoles()
    {
        State = new StateFolder(Directory.CreateTempSubdirectory("fairlead-up-").FullName);
        script = Path.Combine(State.Root, "role.py");
        File.WriteAllText(script, Program);
        Context = new UpContext(
            State,
            new World(TimeProvider.System, Random.Shared),
            words => ["python3", script, .. words]
        )
        {
            IsReadyAsync = (_, role, _) => Task.FromResult(IsMarked(role)),
            DrainMax = TimeSpan.FromSeconds(5),
        };
    }

    public StateFolder State { get; }

    public UpContext Context { get; }

    public static void Need()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        Assert.SkipWhen(Programs.TryFind("python3", "/", path) is null, "python3 is not here: apt-get install python3");
    }

    public RoleNote Role(string name) => RoleNotes.Alive(State).Single(note => note.Role == name);

    /// <summary>Asks the public address who answers.</summary>
    public async Task<int> WhoAnswersAsync(CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(Addresses.TryRead(State)!.Public), stop);
        using var reader = new StreamReader(client.GetStream());
        return int.Parse(await reader.ReadToEndAsync(stop), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Runs the parent in this process until it is stopped.</summary>
    public async Task<Running> UpAsync(CancellationToken stop, UpOrder? order = null)
    {
        var ready = new TaskCompletionSource<Addresses>();
        var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var logs = new LineLogs(
            TextWriter.Null,
            TimeProvider.System,
            Microsoft.Extensions.Logging.LogLevel.Debug
        );
        var parent = new Parent(Context, logs.CreateLogger("Fairlead.Up"));
        var running = parent.RunAsync(
            order ?? new UpOrder("127.0.0.1:0", "127.0.0.1:0"),
            (addresses, _) =>
            {
                ready.SetResult(addresses);
                return Task.CompletedTask;
            },
            CancellationToken.None,
            end.Token
        );
        await Task.WhenAny(running, ready.Task).WaitAsync(Patience, stop);
        if (!ready.Task.IsCompleted)
        {
            await running;
        }
        return new Running(end, running, await ready.Task);
    }

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<bool> holds, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var note in RoleNotes.Alive(State).Where(note => note.Pid != Environment.ProcessId))
        {
            Child.Signal(note.Pid, Signal.Kill);
        }
        parents.ForEach(pid => Child.Signal(pid, Signal.Kill));
        Directory.Delete(State.Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    public bool HasEnded(string role) => File.Exists(Path.Combine(State.Root, role + ".ended"));

    // Ready is the process that stands for the role now, not one before it.
    private bool IsMarked(string role) =>
        RoleNotes
            .Alive(State)
            .Where(note => note.Role == role)
            .Any(note => File.Exists(Path.Combine(State.Root, $"{role}.{note.Pid}")));

    public sealed record Running(CancellationTokenSource End, Task Task, Addresses Addresses)
    {
        public async Task StopAsync()
        {
            await End.CancelAsync();
            await Task;
            End.Dispose();
        }
    }
}
