using System.ComponentModel;
using System.Diagnostics;
using Fairlead.Model.Problems;
#pragma warning disable RS0030 // The one place of builds and gates that starts processes; what starts releases is the node's.

namespace Fairlead.Drivers.Builds;

/// <summary>
/// Runs one command in a session of its own, with an argument list and an environment said in full. When it ends, however
/// it ends, everything it started ends with it.
/// </summary>
internal static class BuildProcess
{
    // A grandchild that escaped may hold the pipe open for ever; nobody waits for it longer than this.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(5);

    /// <returns>Its exit code.</returns>
    /// <exception cref="ProblemException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired; the whole tree is gone.</exception>
    public static async Task<int> RunAsync(ProcessOrder order, BuildOutput output, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var process = Start(order);
        process.StandardInput.Close();
        var pipes = Task.WhenAll(
            order.KeepsErrorsOnly
                ? process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None)
                : output.ReadAsync(process.StandardOutput.BaseStream, CancellationToken.None),
            output.ReadAsync(process.StandardError.BaseStream, CancellationToken.None)
        );
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException) when (order.Grace > TimeSpan.Zero)
        {
            using var grace = new CancellationTokenSource(order.Grace, order.Clock);
            await EndAsync(process, grace.Token);
            throw;
        }
        finally
        {
            // setsid made the child the leader of a group with its own number.
            _ = Posix.Kill(-process.Id, Posix.SigKill);
            ProcessTree.Kill(order.Mark);
            await Task.WhenAny(pipes, Task.Delay(PipeGrace, order.Clock, CancellationToken.None));
        }
        return process.ExitCode;
    }

    // Asked first, so that it can put away what it holds.
    private static async Task EndAsync(Process process, CancellationToken stop)
    {
        _ = Posix.Kill(-process.Id, Posix.SigTerm);
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // It is ended without being asked.
        }
    }

    private static Process Start(ProcessOrder order)
    {
        var options = new ProcessStartInfo("setsid")
        {
            UseShellExecute = false,
            WorkingDirectory = order.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in order.Words)
        {
            options.ArgumentList.Add(word);
        }
        options.Environment.Clear();
        foreach (var (name, value) in order.Env)
        {
            options.Environment[name] = value;
        }
        options.Environment[order.Mark.Name] = order.Mark.Value;
        try
        {
            return Process.Start(options)!;
        }
        catch (Win32Exception caught)
        {
            throw new ProblemException(CannotStart(order, caught.Message), caught);
        }
    }

    private static Problem CannotStart(ProcessOrder order, string why) =>
        new(
            "process.cannot-start",
            What: $"'{string.Join(' ', order.Words)}' could not be started.",
            Why: why,
            Fix: $"See that {order.Folder} exists and that setsid is installed: apt-get install util-linux"
        );
}

/// <param name="Words">Program and arguments; no shell reads them.</param>
/// <param name="Env">All of its environment, but the mark.</param>
internal sealed record ProcessOrder(
    IReadOnlyList<string> Words,
    string Folder,
    IReadOnlyDictionary<string, string> Env,
    ProcessMark Mark,
    TimeProvider Clock
)
{
    /// <summary>How long it may take to end when it is asked to, before it is ended.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>What it prints as its result is thrown away.</summary>
    public bool KeepsErrorsOnly { get; init; }
}

/// <summary>An environment variable by which all that a command started is found again, even by a server started later.</summary>
internal readonly record struct ProcessMark(string Name, string Value);
