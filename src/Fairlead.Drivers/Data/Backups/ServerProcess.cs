using System.Diagnostics;
using Fairlead.Drivers.Builds;
#pragma warning disable RS0030 // A server that lives as long as this object.

namespace Fairlead.Drivers.Data.Backups;

/// <summary>A server that is held: what it says last is kept, and it ends with this object, at once.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int LinesMax = 20;

    // SIGQUIT: what it had is thrown away.
    private const int Quit = 3;
    private readonly Process process;
    private readonly Queue<string> said = new();

    private ServerProcess(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public bool HasEnded => process.HasExited;

    public static ServerProcess Start(IReadOnlyList<string> words) =>
        new(
            Process.Start(
                new ProcessStartInfo(ToolRun.Find(words[0]) ?? words[0], words.Skip(1))
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                    WorkingDirectory = "/",
                }
            )!
        );

    /// <summary>Its last lines; of one that has ended, all the way to its end.</summary>
    public async Task<IReadOnlyList<string>> LastAsync(CancellationToken stop)
    {
        if (process.HasExited)
        {
            await process.WaitForExitAsync(stop);
        }
        lock (said)
        {
            return [.. said];
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            _ = Posix.Kill(process.Id, Quit);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }
        lock (said)
        {
            said.Enqueue(line);
            if (said.Count > LinesMax)
            {
                said.Dequeue();
            }
        }
    }
}
