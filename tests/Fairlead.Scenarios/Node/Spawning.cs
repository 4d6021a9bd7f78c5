using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Scenarios.Node;

public sealed class Spawning : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-spawn-").FullName;
    private readonly World world = new(TimeProvider.System, new Random());

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Words_reach_the_program_as_they_are() =>
        Assert.Equal(
            ["a b", "$HOME", "`id`;'\"", "", "ü"],
            await RunAsync(Order("printf", "%s\\n", "a b", "$HOME", "`id`;'\"", "", "ü"))
        );

    [Fact]
    public async Task Descriptors_arrive_at_their_numbers_even_when_they_are_crossed_and_others_do_not()
    {
        using var first = Listen();
        using var second = Listen();
        var (one, other) = ((int)first.Handle, (int)second.Handle);
        const string say =
            "import os,socket\nfor fd in sorted(int(x) for x in os.listdir('/proc/self/fd')):\n"
            + "  try: print(fd, socket.socket(fileno=os.dup(fd)).getsockname()[1])\n  except OSError: pass";

        Assert.Equal(
            [$"3 {Port(second)}", $"4 {Port(first)}"],
            await RunAsync(
                Order("python3", "-c", say) with
                {
                    Descriptors = new Dictionary<int, int> { [3] = other, [4] = one },
                }
            )
        );
        Assert.Equal(
            [
                $"{Math.Min(one, other)} {Port(one < other ? second : first)}",
                $"{Math.Max(one, other)} {Port(one < other ? first : second)}",
            ],
            await RunAsync(
                Order("python3", "-c", say) with
                {
                    Descriptors = new Dictionary<int, int> { [one] = other, [other] = one },
                }
            )
        );
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("spring.key")]
    public async Task In_a_control_group_from_its_start_with_its_whole_environment(string variable)
    {
        var (group, warning) = new Cgroups("fairlead-spawning").Create($"group-{variable}", new Limits { Pids = 50 });
        Assert.SkipWhen(warning is not null, $"No control group can be made here: {warning}");
        var order = Order("sh", "-c", "sleep 0.2; cat /proc/self/cgroup; tr '\\0' '\\n' < /proc/self/environ") with
        {
            CgroupProcs = group.Procs,
        };
        var printenv = Order("env") with { CgroupProcs = group.Procs };
        var env = order.Env.Append(new(variable, "value")).ToDictionary();

        var seen = await RunAsync(order with { Env = env });
        var own = await RunAsync(printenv with { Env = env });
        group.TryRemove();
        group.TryRemoveParents();

        Assert.Contains(seen, line => line.EndsWith($"/fairlead-spawning/group-{variable}", StringComparison.Ordinal));
        Assert.Equal([$"PATH={env["PATH"]}", $"{variable}=value"], own.Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_folder_that_is_missing_is_named() =>
        Assert.Equal(
            "process.folder-missing",
            Assert
                .Throws<ProblemException>(() => Spawner.Start(Order("env") with { Folder = folder + "/none" }))
                .Problem.Code
        );

    private SpawnOrder Order(params string[] words) =>
        new(
            words,
            folder,
            new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! },
            Path.Combine(folder, "out.log"),
            Descriptors: null,
            CgroupProcs: []
        );

    private async Task<string[]> RunAsync(SpawnOrder order)
    {
        File.Delete(order.LogFile);
        var ending = await Child.WaitAsync(Spawner.Start(order), world, TestContext.Current.CancellationToken);
        var lines = await File.ReadAllLinesAsync(order.LogFile, TestContext.Current.CancellationToken);
        Assert.True(ending.Code == 0, $"{ending}: {string.Join('\n', lines)}");
        return lines;
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private static string Port(Socket socket) =>
        ((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
}
