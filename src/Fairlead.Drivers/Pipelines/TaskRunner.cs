using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Pipelines;

/// <summary>Runs tasks' commands as processes of this machine, each in a session of its own.</summary>
internal sealed class TaskRunner(World world, LiveMask mask) : ITaskRunner
{
    private const string MarkName = "FAIRLEAD_TASK";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public async Task<TaskEnd> RunAsync(TaskOrder order, Action<string> line, CancellationToken stop)
    {
        var env = BuildEnv.Read(Environment.GetEnvironmentVariables());
        foreach (var name in order.Inherits)
        {
            if (Environment.GetEnvironmentVariable(name) is { } said)
            {
                env[name] = said;
            }
        }
        foreach (var (name, value) in order.Env)
        {
            env[name] = value;
        }
        if (!Directory.Exists(order.Folder))
        {
            throw new ProblemException(PipelineProblems.CannotStart(order, $"There is no folder {order.Folder}."));
        }
        _ = Programs.Find(order.Words[0], order.Folder, env.GetValueOrDefault("PATH") ?? "");
        using var limit = new CancellationTokenSource(order.Timeout, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var output = new BuildOutput(order.Log, mask: mask) { Each = line };
        try
        {
            var mark = new ProcessMark(MarkName, order.Id);
            return new(
                await BuildProcess.RunAsync(
                    new(order.Words, order.Folder, env, mark, world.Clock) { Grace = Grace },
                    output,
                    both.Token
                )
            );
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return new(ExitCode: null);
        }
    }

    public int Sweep(string run) => ProcessTree.KillAll(new(MarkName, $"{run}-"));

    public Task<string?> VersionAsync(string tool, CancellationToken stop) =>
        ToolVersions.AskAsync(tool, (Path.GetTempPath(), world.NewId()), RunAsync, stop);
}
