using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Data.Backups;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Data.Servers;

/// <summary>
/// The folder of one database server: its data, its settings, and a note of which process it is. Where Fairlead runs as root, it belongs to the account that the
/// server's package made, since none of them should, and some will not, run as root.
/// </summary>
/// <param name="account">Such as <c>postgres</c>.</param>
internal sealed class ServerFolder(string root, string path, string account)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(2);

    private const UnixFileMode Passable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    public string Path { get; } = System.IO.Path.Combine(root, path);

    public string Data => In("data");

    /// <summary>Written last when it is made, so that half of one is never taken for one.</summary>
    public bool IsMade => File.Exists(In("made"));

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Before each program that is to run as the account.</summary>
    public IReadOnlyList<string> As =>
        Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={account}", $"--regid={account}", "--clear-groups"]
            : [];

    /// <summary>Makes an empty one; what was left of a half-made one goes.</summary>
    /// <exception cref="ProblemException">The account cannot enter it.</exception>
    public async Task BeginAsync(CancellationToken stop)
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
        for (var folder = root; ; folder = System.IO.Path.Combine(folder, Next(folder)))
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
            }
            // Whoever may only pass through sees no names.
            File.SetUnixFileMode(folder, Passable);
            if (folder == Path)
            {
                break;
            }
        }
        await OwnAsync(stop);
        if (Environment.IsPrivilegedProcess)
        {
            try
            {
                await new ToolRun([.. As, "test", "-x", Path]).RunAsync(write: null, read: null, stop);
            }
            catch (ProblemException caught)
            {
                throw new ProblemException(ServerProblems.NotPassable(Path, account), caught);
            }
        }
    }

    public async Task EndAsync(string version, CancellationToken stop)
    {
        await File.WriteAllTextAsync(In("made"), version + "\n", stop);
        await OwnAsync(stop);
    }

    /// <summary>Of the server that made it.</summary>
    public string MadeBy() => File.ReadAllText(In("made")).Trim();

    /// <summary>Writes settings, for the account alone: some of them are passwords.</summary>
    public async Task WriteAsync(string name, IEnumerable<string> lines, CancellationToken stop)
    {
        var file = In(name);
        File.Delete(file);
        await using (
            var stream = new FileStream(
                file,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), stop);
        }
        await OwnAsync(file, stop);
    }

    /// <summary>The process whose number is in a file, as long as it is one of this folder; null otherwise.</summary>
    public int? Running(string pidFile)
    {
        try
        {
            return
                int.TryParse(
                    File.ReadLines(pidFile).FirstOrDefault(),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var pid
                )
                && pid > 1
                // Numbers of processes are given again: only one that works in this folder is it. What is in its command it may overwrite, as Redis does.
                && new DirectoryInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cwd")).LinkTarget
                    is { } place
                && place.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ? pid
                : null;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return null; // There is no such file, or no such process.
        }
    }

    /// <summary>Asks the process to end and waits for it; one that does not is killed.</summary>
    public async Task StopAsync(string pidFile, int signal, World world, CancellationToken stop)
    {
        if (Running(pidFile) is not { } pid)
        {
            return;
        }
        _ = Posix.Kill(pid, signal);
        var until = world.Now + StopMax;
        while (Running(pidFile) == pid)
        {
            if (world.Now > until)
            {
                _ = Posix.Kill(pid, Posix.SigKill);
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    public void Remove()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    /// <summary>The last lines of a log of the server.</summary>
    public IReadOnlyList<string> Last(string log)
    {
        const int LinesMax = 12;
        const long BytesMax = 64 * 1024;
        try
        {
            using var file = File.Open(In(log), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = Math.Max(0, file.Length - BytesMax);
            using var reader = new StreamReader(file);
            return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LinesMax)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Whether nobody listens at a port of loopback.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Next(string folder) =>
        System.IO.Path.GetRelativePath(folder, Path).Split(System.IO.Path.DirectorySeparatorChar)[0];

    private Task OwnAsync(CancellationToken stop) => OwnAsync(Path, stop);

    private Task OwnAsync(string what, CancellationToken stop) =>
        Environment.IsPrivilegedProcess
            ? new ToolRun(["chown", "-R", $"{account}:{account}", what]).RunAsync(write: null, read: null, stop)
            : Task.CompletedTask;
}
