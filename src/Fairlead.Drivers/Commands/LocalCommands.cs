using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Commands;

/// <summary>Runs gates' commands on this machine, at most eight at once; others wait their turn.</summary>
public sealed class LocalCommands(StateFolder state, World world, ILogger logger) : ICommands, IAsyncDisposable
{
    private const string MarkName = "FAIRLEAD_COMMAND";
    private const int AtOnceMax = 8;
    private const int RememberedMax = 1_000;

    // As timeout(1) and shells say it, since a run that ended always has an exit code.
    private const int TimedOutCode = 124;
    private const int NotStartedCode = 127;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Run> runs = new(StringComparer.Ordinal);
    private readonly Queue<string> ended = [];
    private readonly SemaphoreSlim slots = new(AtOnceMax);
    private readonly CancellationTokenSource closing = new();
    private bool isSwept;

    /// <summary>Hides secrets in what commands print.</summary>
    public LiveMask? Mask { get; init; }

    public Task StartAsync(CommandOrder order, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        lock (gate)
        {
            Sweep();
            if (!runs.ContainsKey(order.Key))
            {
                var run = new Run(new BuildOutput(logPath: null, mask: Mask));
                runs[order.Key] = run;
                run.Task = Task.Run(() => RunAsync(order, run, closing.Token), CancellationToken.None);
            }
        }
        return Task.CompletedTask;
    }

    public async Task<CommandView?> ObserveAsync(string key, CancellationToken stop)
    {
        Run? run;
        lock (gate)
        {
            runs.TryGetValue(key, out run);
        }
        return run switch
        {
            null => null,
            { Task.IsCompleted: false } => new(ExitCode: null, Problem: null, run.Output.Last),
            _ => await run.Task.WaitAsync(stop),
        };
    }

    /// <summary>Ends all commands with everything they started.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        Task[] all;
        lock (gate)
        {
            all = [.. runs.Values.Select(run => run.Task)];
            runs.Clear();
        }
        await Task.WhenAll(all);
        closing.Dispose();
        slots.Dispose();
    }

    private async Task<CommandView?> RunAsync(CommandOrder order, Run run, CancellationToken stop)
    {
        try
        {
            await slots.WaitAsync(stop);
            try
            {
                return await RunInTurnAsync(order, run.Output, stop);
            }
            finally
            {
                slots.Release();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            run.Output.Dispose();
            Forget(order.Key);
        }
    }

    private async Task<CommandView> RunInTurnAsync(CommandOrder order, BuildOutput output, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(order.Timeout, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var env = BuildEnv.Read(Environment.GetEnvironmentVariables());
            foreach (var (name, value) in order.Env)
            {
                env[name] = value;
            }
            Check(order, env);
            var mark = new ProcessMark(MarkName, Owner + Hash(order.Key));
            var exitCode = await BuildProcess.RunAsync(
                new(order.Words, order.Folder, env, mark, world.Clock) { KeepsErrorsOnly = order.KeepsErrorsOnly },
                output,
                both.Token
            );
            return new(exitCode, Problem: null, output.Last);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(TimedOutCode, TimedOut(order, output), output.Last);
        }
        catch (ProblemException caught)
        {
            logger.NotStarted(caught.Problem.What, caught.Problem.Why);
            return new(NotStartedCode, caught.Problem, output.Last);
        }
    }

    private static void Check(CommandOrder order, Dictionary<string, string> env)
    {
        if (!Directory.Exists(order.Folder))
        {
            throw new ProblemException(NoFolder(order));
        }
        foreach (var program in new[] { order.Words[0], "setsid" })
        {
            if (!Tools.IsThere(program, order.Folder, env.GetValueOrDefault("PATH", "")))
            {
                throw new ProblemException(
                    Tools.Missing(program, $"The command '{string.Join(' ', order.Words)}'") with
                    {
                        Code = "command.not-found",
                    }
                );
            }
        }
    }

    // What a killed server left running is nobody's any more: its key will be started anew.
    private void Sweep()
    {
        if (!isSwept)
        {
            isSwept = true;
            ProcessTree.KillAll(new(MarkName, Owner));
        }
    }

    private void Forget(string key)
    {
        lock (gate)
        {
            ended.Enqueue(key);
            if (ended.Count > RememberedMax)
            {
                runs.Remove(ended.Dequeue());
            }
        }
    }

    private string Owner => Hash(Path.GetFullPath(state.Root)) + "-";

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static Problem NoFolder(CommandOrder order) =>
        new(
            "command.no-folder",
            What: $"The command '{string.Join(' ', order.Words)}' has no folder to run in.",
            Why: $"{order.Folder} does not exist.",
            Fix: "Deploy again, so that the folder is made: fairlead deploy"
        );

    private static Problem TimedOut(CommandOrder order, BuildOutput output) =>
        new(
            "command.timed-out",
            What: $"The command '{string.Join(' ', order.Words)}' was ended.",
            Why: $"It took longer than {order.Timeout}.",
            Fix: "See below where it hung; make it quicker, or give its gate in fairlead.yaml more time."
        )
        {
            Trouble = Trouble.TimedOut,
            Evidence = output.Last,
        };

    /// <summary>A command that was begun; how it ended is what its task returns.</summary>
    private sealed class Run(BuildOutput output)
    {
        public BuildOutput Output => output;

        public Task<CommandView?> Task { get; set; } = null!;
    }
}
