using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Scenarios.Collecting;

/// <summary>A real server on loopback with a folder of its own; both are gone afterwards. Its last words are shown when it does not come up.</summary>
internal sealed class RealPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly Queue<string> said = new();

    private RealPeer(string program, string[] words, IReadOnlyDictionary<string, string> env, string folder)
    {
        Folder = folder;
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in env)
        {
            start.Environment[name] = value;
        }
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Folder { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Where a program is; the test is skipped when it is nowhere.</summary>
    public static string Find(string name, string package)
    {
        string[] places =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'),
            "/usr/sbin",
            "/usr/lib/postgresql/15/bin",
            "/usr/lib/rabbitmq/bin",
        ];
        var found = places.Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{name} is not here: apt-get install {package}");
        return found!;
    }

    public static string NewFolder() => Directory.CreateTempSubdirectory("fairlead-peer-").FullName;

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<RealPeer> StartAsync(
        (string Program, string[] Words) command,
        string folder,
        Func<Task<bool>> isUp,
        IReadOnlyDictionary<string, string>? env = null
    )
    {
        var peer = new RealPeer(command.Program, command.Words, env ?? new Dictionary<string, string>(), folder);
        try
        {
            await UntilAsync(
                async () =>
                {
                    Assert.False(peer.process.HasExited, $"{command.Program} ended:\n{peer.Words}");
                    try
                    {
                        return await isUp();
                    }
                    catch (Exception caught) when (caught is HttpRequestException or SocketException)
                    {
                        return false;
                    }
                },
                () => $"{command.Program} does not answer:\n{peer.Words}"
            );
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public static async Task UntilAsync(Func<Task<bool>> isTrue, Func<string> complaint)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Patience);
        while (!await isTrue())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail(complaint());
            }
            await Task.Delay(100, CancellationToken.None);
        }
    }

    public static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Stop);
        return true;
    }

    /// <summary>A command that makes something ready; it must end well.</summary>
    public static async Task RunAsync(
        string program,
        string[] words,
        IReadOnlyDictionary<string, string>? env = null,
        string? input = null
    )
    {
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in env ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        using var once = Process.Start(start)!;
        await once.StandardInput.WriteAsync(input);
        once.StandardInput.Close();
        var (output, errors) = (once.StandardOutput.ReadToEndAsync(Stop), once.StandardError.ReadToEndAsync(Stop));
        await once.WaitForExitAsync(Stop);
        Assert.True(once.ExitCode == 0, $"{program} {string.Join(' ', words)}: {await output}\n{await errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private string Words
    {
        get
        {
            lock (said)
            {
                return string.Join('\n', said);
            }
        }
    }

    private void Note(string? line)
    {
        lock (said)
        {
            said.Enqueue(line ?? "");
            if (said.Count > 30)
            {
                said.Dequeue();
            }
        }
    }
}
