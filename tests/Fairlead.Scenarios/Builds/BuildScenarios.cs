using System.Globalization;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Builds;

/// <summary>Builds with the real tools of this machine.</summary>
public sealed class BuildScenarios : IAsyncDisposable
{
    private static readonly string[] Console =
    [
        """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """,
        "Console.WriteLine(\"hello\");",
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("fairlead-build-").FullName;
    private readonly StateFolder state;
    private readonly LocalBuilder builder;

    public BuildScenarios()
    {
        state = new(Path.Combine(folder, "state"));
        builder = NewBuilder();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_console_app_is_built_once_and_again_when_its_source_changes()
    {
        Needs("dotnet");
        var order = Order(["dotnet", "publish", "--nologo", "-o", "{out}"]);
        Write("api/api.csproj", Console[0]);
        Write("api/Program.cs", Console[1]);
        var first = await BuildAsync(order);
        Assert.Equal((BuildState.Done, null), (first.View.State, first.View.Problem));
        Assert.True(File.Exists(Path.Combine(state.ArtifactFolder(first.Artifact), "api.dll")));
        Assert.Contains(
            "\"service\": \"api\"",
            await File.ReadAllTextAsync(state.ArtifactFolder(first.Artifact) + ".json", Stop)
        );
        Assert.Contains("$ dotnet publish", await File.ReadAllTextAsync(LogPath, Stop));

        File.Delete(LogPath);
        var second = await BuildAsync(order);
        Assert.Equal((first.Artifact, BuildState.Done), (second.Artifact, second.View.State));
        Assert.False(File.Exists(LogPath), "unchanged source was built again");

        Write("api/Program.cs", Console[1].Replace("hello", "goodbye", StringComparison.Ordinal));
        var third = await BuildAsync(order);
        Assert.NotEqual(first.Artifact, third.Artifact);
        Assert.Equal(BuildState.Done, third.View.State);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(state.ArtifactFolder(third.Artifact), "api.dll"), Stop);
        Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes("goodbye")) > 0);
        Assert.Empty(Directory.GetDirectories(state.Artifacts, ".*"));

        Assert.Equal(1, await builder.PruneAsync(new HashSet<string> { third.Artifact }, Stop));
        Assert.Equal(BuildState.Missing, (await builder.ObserveAsync(first.Artifact, Stop)).State);
        Assert.Equal(BuildState.Done, (await builder.ObserveAsync(third.Artifact, Stop)).State);
        Assert.Equal(2, Directory.GetFileSystemEntries(state.Artifacts).Length);
    }

    [Fact]
    public async Task A_failing_build_shows_the_compilers_error_and_the_place_in_the_source()
    {
        Needs("dotnet");
        Write("api/api.csproj", Console[0]);
        Write("api/Program.cs", "Console.WriteLine(nothing);");
        var view = (await BuildAsync(Order(["dotnet", "publish", "--nologo", "-o", "{out}"]))).View;
        Assert.Equal((BuildState.Failed, "build.failed"), (view.State, view.Problem?.Code));
        Assert.StartsWith("api/Program.cs(1,19): error CS0103:", view.Problem!.Why);
        Assert.Contains("'dotnet publish --nologo -o ", view.Problem.What);
        Assert.Contains("exited with 1", view.Problem.What);
        Assert.InRange(view.Problem.Evidence.Count, 2, 40);
        Assert.Empty(Directory.GetFileSystemEntries(state.Artifacts));
    }

    [Fact]
    public async Task A_node_app_takes_along_what_its_build_made_and_not_what_git_ignores()
    {
        Needs("node");
        Write("api/.gitignore", "dist/\n.env\n");
        Write("api/.env", "SECRET=1");
        Write("api/dist/stale.js", "");
        Write(
            "api/build.js",
            """
            const fs = require('node:fs');
            fs.mkdirSync('dist'); fs.writeFileSync('dist/app.js', process.env.CI + process.env.FAIRLEAD_TEST_SECRET);
            fs.mkdirSync('node_modules/x', { recursive: true }); fs.writeFileSync('node_modules/x/index.js', '');
            """
        );
        Environment.SetEnvironmentVariable("FAIRLEAD_TEST_SECRET", "secret");
        var built = await BuildAsync(Order(["node", "build.js"]));
        Assert.Equal((BuildState.Done, null), (built.View.State, built.View.Problem));
        var artifact = state.ArtifactFolder(built.Artifact);
        Assert.Equal([".gitignore", "build.js", "dist/app.js", "node_modules/x/index.js"], Files(artifact));
        Assert.Equal("trueundefined", await File.ReadAllTextAsync(Path.Combine(artifact, "dist/app.js"), Stop));
    }

    [Fact]
    public async Task Cancelling_ends_everything_that_the_build_started()
    {
        Needs("python3");
        var order = Tree();
        var artifact = await builder.DigestAsync(order, Stop);
        await builder.StartAsync(order, artifact, Stop);
        await builder.StartAsync(order, artifact, Stop);
        var processes = await ProcessesAsync();
        Assert.Equal(BuildState.Running, (await builder.ObserveAsync(artifact, Stop)).State);

        await builder.CancelAsync(artifact, Stop);
        await builder.CancelAsync(artifact, Stop);

        await UntilAsync(() => !processes.Any(IsAlive));
        Assert.Equal(BuildState.Missing, (await builder.ObserveAsync(artifact, Stop)).State);
        Assert.Empty(Directory.GetFileSystemEntries(state.Artifacts));
    }

    [Fact]
    public async Task What_a_killed_server_left_is_ended_and_the_build_can_be_started_again()
    {
        Needs("python3");
        var order = Tree();
        var artifact = await builder.DigestAsync(order, Stop);
        await builder.StartAsync(order, artifact, Stop);
        var processes = await ProcessesAsync();

        await using var successor = NewBuilder();
        Assert.Equal(BuildState.Missing, (await successor.ObserveAsync(artifact, Stop)).State);
        Write("api/quick", "");
        var next = await successor.DigestAsync(order, Stop);
        await successor.StartAsync(order, next, Stop);

        Assert.Equal(BuildState.Done, (await EndAsync(successor, next)).State);
        await UntilAsync(() => !processes.Any(IsAlive));
    }

    [Fact]
    public async Task A_process_that_a_build_leaves_behind_ends_with_it()
    {
        Needs("python3");
        Write(
            "api/build.py",
            """
            import os, subprocess, sys
            child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)
            open(sys.argv[1] + '/pid', 'w').write(str(child.pid))
            """
        );
        var built = await BuildAsync(Order(["python3", "build.py", "{out}"]));
        Assert.Equal(BuildState.Done, built.View.State);
        var process = await File.ReadAllTextAsync(Path.Combine(state.ArtifactFolder(built.Artifact), "pid"), Stop);
        await UntilAsync(() => !IsAlive(int.Parse(process, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Source_that_changed_after_the_plan_is_not_built()
    {
        Write("api/a.txt", "one");
        var order = Order(["true"]);
        var artifact = await builder.DigestAsync(order, Stop);
        Write("api/a.txt", "two");
        await builder.StartAsync(order, artifact, Stop);
        Assert.Equal("build.source-changed", (await EndAsync(builder, artifact)).Problem?.Code);
    }

    [Theory]
    [InlineData("no-such-tool", "build.missing-runtime")]
    [InlineData("./no-such-script", "build.missing-runtime")]
    [InlineData("false", "build.failed")]
    public async Task A_command_that_cannot_work_is_named(string program, string code)
    {
        Write("api/a.txt", "");
        var problem = (await BuildAsync(Order([program, "--all"]))).View.Problem;
        Assert.Equal(code, problem?.Code);
        Assert.Contains(program, problem!.What);
    }

    [Fact]
    public async Task Missing_runtimes_are_all_named_with_the_way_to_get_them()
    {
        Write("api/a.txt", "");
        var order = Order(["true"]);
        var recipe = order.Service.Recipe with { Needs = ["no-such-tool", "no-such-other"] };
        var view = (await BuildAsync(order with { Service = order.Service with { Recipe = recipe } })).View;
        Assert.Equal("build.missing-runtime", view.Problem?.Code);
        Assert.Contains("no-such-tool", view.Problem!.Fix);
        Assert.Contains("no-such-other", Assert.Single(view.Problem.Evidence));
    }

    [Fact]
    public async Task A_build_that_makes_nothing_is_a_problem()
    {
        Write("api/a.txt", "");
        Assert.Equal("build.no-output", (await BuildAsync(Order(["test", "-d", "{out}"]))).View.Problem?.Code);
        Assert.Equal("build.no-output", (await BuildAsync(Order(["true"], output: "dist"))).View.Problem?.Code);
        Assert.Equal("build.outside", (await BuildAsync(Order(["true"], output: "../../.."))).View.Problem?.Code);
    }

    [Fact]
    public async Task A_static_folder_needs_no_command()
    {
        Write("api/index.html", "<html>");
        var built = await BuildAsync(Order(null, output: "."));
        Assert.Equal((BuildState.Done, null), (built.View.State, built.View.Problem));
        Assert.True(File.Exists(Path.Combine(state.ArtifactFolder(built.Artifact), "index.html")));
    }

    [Fact]
    public async Task A_service_that_runs_from_its_workspaces_root_leaves_the_caches_behind_there_too()
    {
        Write("api/main.js", "");
        Write("lib/index.js", "");
        Write("lib/lib.csproj", "");
        var order = Order(["mkdir", "-p", "../lib/obj/x", "../node_modules/dep", "../lib/.turbo"], output: "..");
        var recipe = order.Service.Recipe with
        {
            Inputs = ["lib"],
            Build =
            [
                .. order.Service.Recipe.Build,
                ["touch", "../lib/obj/x/cache", "../node_modules/dep/index.js", "../lib/.turbo/log"],
            ],
        };
        var built = await BuildAsync(order with { Service = order.Service with { Recipe = recipe } });
        Assert.Equal((BuildState.Done, null), (built.View.State, built.View.Problem));
        Assert.Equal(
            ["api/main.js", "lib/index.js", "lib/lib.csproj", "node_modules/dep/index.js"],
            Files(state.ArtifactFolder(built.Artifact))
        );
    }

    [Fact]
    public async Task A_full_disk_fails_the_build_and_leaves_no_half_artifact()
    {
        using var disk = new SmallDisk();
        disk.SkipUnlessMounted();
        Write("api/large", new string('x', 700_000));
        await using var small = new LocalBuilder(
            new StateFolder(disk.Path),
            new World(TimeProvider.System, new Random(1)),
            NullLogger.Instance
        );
        var order = Order(["true"]);
        var artifact = await small.DigestAsync(order, Stop);
        await small.StartAsync(order, artifact, Stop);
        Assert.Equal("build.disk-full", (await EndAsync(small, artifact)).Problem?.Code);
        Assert.Empty(Directory.GetFileSystemEntries(disk["artifacts"]));
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_named()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root reads everything");
        Write("api/locked", "");
        File.SetUnixFileMode(Path.Combine(folder, "source/api/locked"), UnixFileMode.None);
        var caught = await Assert.ThrowsAsync<ProblemException>(() => builder.DigestAsync(Order(["true"]), Stop));
        Assert.Equal("build.unreadable", caught.Problem.Code);
        Assert.Contains("api/locked", caught.Problem.What);
    }

    public async ValueTask DisposeAsync()
    {
        await builder.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    // A build whose child and grandchild say who they are and then wait for ever.
    private BuildOrder Tree()
    {
        Write(
            "api/build.py",
            """
            import os, subprocess, sys, time
            if os.path.exists('quick'):
                open('done', 'w').close(); sys.exit(0)
            depth = int(sys.argv[1])
            if depth:
                subprocess.Popen([sys.executable, 'build.py', str(depth - 1), sys.argv[2]], start_new_session=True)
            open(sys.argv[2] + '/' + str(os.getpid()), 'w').close()
            time.sleep(600)
            """
        );
        Directory.CreateDirectory(Path.Combine(folder, "pids"));
        return Order(["python3", "build.py", "2", Path.Combine(folder, "pids")]);
    }

    private async Task<IReadOnlyList<int>> ProcessesAsync()
    {
        await UntilAsync(() => Directory.GetFiles(Path.Combine(folder, "pids")).Length == 3);
        return
        [
            .. Directory
                .GetFiles(Path.Combine(folder, "pids"))
                .Select(file => int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture)),
        ];
    }

    private async Task<(string Artifact, BuildView View)> BuildAsync(BuildOrder order)
    {
        var artifact = await builder.DigestAsync(order, Stop);
        await builder.StartAsync(order, artifact, Stop);
        return (artifact, await EndAsync(builder, artifact));
    }

    private static async Task<BuildView> EndAsync(LocalBuilder builder, string artifact)
    {
        BuildView view = new(BuildState.Running);
        await UntilAsync(async () =>
        {
            view = await builder.ObserveAsync(artifact, Stop);
            return view.State != BuildState.Running;
        });
        return view;
    }

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await isSo())
        {
            await Task.Delay(50, deadline.Token);
        }
    }

    // A zombie whose parent is gone is nobody any more.
    private static bool IsAlive(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Needs(string program) =>
        Assert.SkipUnless(
            Tools.IsThere(program, "/", Environment.GetEnvironmentVariable("PATH") ?? ""),
            $"{program} is not installed"
        );

    private static IEnumerable<string> Files(string artifact) =>
        Directory
            .EnumerateFiles(
                artifact,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
            )
            .Select(file => Path.GetRelativePath(artifact, file))
            .Order(StringComparer.Ordinal);

    private string LogPath => Path.Combine(state.Builds, "shop/api.log");

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder, "source", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private BuildOrder Order(IReadOnlyList<string>? command, string? output = null) =>
        new(
            "shop",
            Path.Combine(folder, "source"),
            new Service
            {
                Name = "api",
                Kind = Kind.Api,
                Path = "api",
                Recipe = new Recipe
                {
                    Stack = "custom",
                    Build = command is null ? [] : [command],
                    Output = output,
                },
                Health = new Health { Tcp = true },
                Replicas = 1,
            }
        );

    private LocalBuilder NewBuilder() => new(state, new World(TimeProvider.System, new Random(1)), NullLogger.Instance);
}
