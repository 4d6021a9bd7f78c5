using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Asks the command of a pipeline which tests there are, where the tests will run.</summary>
internal static class ShardList
{
    private const int LinesMax = 20;

    // What it writes to its other channel, such as progress, is no test's name; so a shell parts the two. The words are its arguments, and it reads none of them.
    private const string Apart = """out=$1; shift; exec "$@" > "$out" """;

    /// <exception cref="ProblemException">It did not end well, or what it printed cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> AskAsync(
        TaskWork work,
        TaskOrder order,
        Func<TaskOrder, Action<string>, CancellationToken, Task<TaskEnd>> runAsync,
        PipelinePorts ports,
        CancellationToken stop
    )
    {
        var name = work.LentName("list");
        using var lent = work.Workspace.Lend(name, "");
        var last = new Queue<string>();
        var end = await runAsync(
            order with
            {
                Id = $"{order.Id}-list",
                Words = ["sh", "-c", Apart.Trim(), "sh", work.LentPath(name), .. work.Run.Job.Shards!.List],
                Log = null,
            },
            line =>
            {
                lock (last)
                {
                    last.Enqueue(line);
                    if (last.Count > LinesMax)
                    {
                        last.Dequeue();
                    }
                }
                ports.Say($"{work.Shown} | {line}");
            },
            stop
        );
        if (end.ExitCode != 0)
        {
            throw new ProblemException(ShardProblems.List(work, end.ExitCode, [.. last]));
        }
        var text = ports.Open(work.Workspace.Root).ReadText($"{IWorkspace.LentFolder}/{name}") ?? "";
        return
        [
            .. text.Split('\n')
                .Select(static one => one.Trim())
                .Where(static one => one.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
