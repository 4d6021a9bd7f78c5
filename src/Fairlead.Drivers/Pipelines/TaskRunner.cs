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
    private static readonly TimeSpan VersionTime = TimeSpan.FromSeconds(20);

    public async Task<TaskEnd> RunAsync(TaskOrder order, Action<string> line, CancellationToken stop)
    {
        var env = BuildEnv.Read(Environment.GetEnvironmentVariables());
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

    public async Task<string?> VersionAsync(string tool, CancellationToken stop)
    {
        // What programs say is long and differs in its letters; the first line with a number tells them apart.
        string? said = null;
        string[] words = tool switch
        {
            "go" => ["go", "version"],
            "java" => ["java", "-version"],
            // Where both are, the one without a number may be Python 2; where one is, it is this one.
            "python" => ["python3", "--version"],
            _ => [tool, "--version"],
        };
        try
        {
            var end = await RunAsync(
                new(
                    $"version-{world.NewId()}",
                    words,
                    Path.GetTempPath(),
                    new Dictionary<string, string>(),
                    VersionTime,
                    Log: null
                ),
                line => said ??= line.Any(char.IsAsciiDigit) ? line.Trim() : null,
                stop
            );
            return end.ExitCode == 0 ? said ?? "" : null;
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
