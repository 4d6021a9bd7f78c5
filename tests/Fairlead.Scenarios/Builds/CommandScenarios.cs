using Fairlead.Drivers.Commands;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Builds;

/// <summary>Gates' commands as real processes.</summary>
public sealed class CommandScenarios : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-command-").FullName;
    private readonly LocalCommands commands;

    public CommandScenarios() =>
        commands = new(
            new StateFolder(Path.Combine(folder, "state")),
            new World(TimeProvider.System, new Random(1)),
            NullLogger.Instance
        );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_runs_once_by_its_key_and_tells_its_end()
    {
        var order = Order("k1", "sh", "-c", "echo run >> runs; echo $GREETING; exit 3") with
        {
            Env = new Dictionary<string, string> { ["GREETING"] = "hello" },
        };
        Assert.Null(await commands.ObserveAsync("k1", Stop));
        await commands.StartAsync(order, Stop);
        await commands.StartAsync(order, Stop);
        var view = await EndAsync("k1");
        await commands.StartAsync(order, Stop);
        Assert.Equal((3, null), (view.ExitCode, view.Problem));
        Assert.Equal(["hello"], view.Lines);
        Assert.Equal("run\n", await File.ReadAllTextAsync(Path.Combine(folder, "runs"), Stop));
    }

    [Fact]
    public async Task A_command_out_of_time_ends_with_all_it_started()
    {
        var order = Order("k2", "sh", "-c", "sleep 600 & echo $! > pid; echo waiting; wait") with
        {
            Timeout = TimeSpan.FromSeconds(1),
        };
        await commands.StartAsync(order, Stop);
        var view = await EndAsync("k2");
        Assert.Equal((124, "command.timed-out"), (view.ExitCode, view.Problem?.Code));
        Assert.Equal(["waiting"], view.Lines);
        var process = (await File.ReadAllTextAsync(Path.Combine(folder, "pid"), Stop)).Trim();
        Assert.True(
            !File.Exists($"/proc/{process}/stat")
                || (await File.ReadAllTextAsync($"/proc/{process}/stat", Stop)).Contains(
                    ") Z ",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task A_command_that_is_not_there_is_a_problem()
    {
        await commands.StartAsync(Order("k3", "no-such-tool"), Stop);
        var view = await EndAsync("k3");
        Assert.Equal((127, "command.not-found"), (view.ExitCode, view.Problem?.Code));
        await commands.StartAsync(Order("k4", "true") with { Folder = "/nowhere" }, Stop);
        Assert.Equal("command.no-folder", (await EndAsync("k4")).Problem?.Code);
    }

    public async ValueTask DisposeAsync()
    {
        await commands.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private CommandOrder Order(string key, params string[] words) =>
        new(key, words, folder, new Dictionary<string, string>(), TimeSpan.FromMinutes(1));

    private async Task<CommandView> EndAsync(string key)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            if (await commands.ObserveAsync(key, deadline.Token) is { ExitCode: not null } view)
            {
                return view;
            }
            await Task.Delay(20, deadline.Token);
        }
    }
}
