using System.Text.RegularExpressions;
using Fairlead.Scenarios.Containers;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>Jobs in images and servers beside jobs, at a real Docker engine.</summary>
public sealed partial class RoomScenarios
{
    private const string Image = "fairlead-ci-test:1";

    // Listens only after a while, so whoever does not wait fails; it serves what the image says.
    private const string Server = """CMD ["sh", "-c", "sleep 1; exec httpd -f -p 8080 -h /"]""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tasks_run_in_their_image_as_the_same_user_in_the_same_folder_and_what_they_make_is_cached()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        await BusyboxImage.BuildAsync(engine, Image, "one", Stop);
        folder.Write("src/a", "source");
        folder.Pipeline(
            $$"""
            jobs:
              make:
                image: {{Image}}
                tasks:
                  - { name: first, script: "id -u; pwd; echo $HOME; test ! -e /usr; echo installed > /tool" }
                  - { name: second, script: "cat /tool; cat /says src/a > made", inputs: [src/**], outputs: [made] }
                  - { name: third, run: [cat, a], folder: src }
            """
        );
        var cold = await folder.RunAsync(Stop, "ci", "run");
        Assert.True(cold.Code == 0, cold.Error);
        Assert.Matches("first \\| 0\n.*first \\| /work\n.*first \\| /home/job\n", cold.Error);
        Assert.Contains("second | installed", cold.Error, StringComparison.Ordinal);
        Assert.Contains("third | source", cold.Error, StringComparison.Ordinal);
        Assert.Equal("onesource", await File.ReadAllTextAsync(folder.PathOf("made"), Stop));
        await NothingIsLeftAsync(engine);

        File.Delete(folder.PathOf("made"));
        Assert.Matches("restored +1", (await folder.RunAsync(Stop, "ci", "run")).Out);

        // The name stays, the image is another one.
        await BusyboxImage.BuildAsync(engine, Image, "two", Stop);
        var why = await folder.RunAsync(Stop, "ci", "why", "make/second");
        Assert.Contains("digest of the image changed", why.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await folder.RunAsync(Stop, "ci", "run")).Code);
        Assert.Equal("twosource", await File.ReadAllTextAsync(folder.PathOf("made"), Stop));
    }

    [Fact]
    public async Task A_secret_is_in_no_line_no_argument_and_no_setting_of_a_container()
    {
        const string Secret = "s3cr3t-v4lue-of-the-room";
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(new Dictionary<string, string>(engine.Env) { ["ROOM_KEY"] = Secret });
        await BusyboxImage.BuildAsync(engine, Image, "one", Stop);
        folder.Pipeline(
            $$"""
            jobs:
              a:
                image: {{Image}}
                secrets: [ROOM_KEY]
                script: "echo got $ROOM_KEY; touch begun; while test ! -e go; do sleep 0.1; done; test -n \"$ROOM_KEY\""
            """
        );
        using var process = folder.Start("ci", "run");
        var error = process.StandardError.ReadToEndAsync(Stop);
        await UntilAsync(() => Task.FromResult(File.Exists(folder.PathOf("begun"))));
        var seen = await engine.AskAsync(Stop, "inspect", await IdAsync(engine));
        Assert.DoesNotContain(Secret, seen, StringComparison.Ordinal);
        folder.Write("go", "");
        await process.WaitForExitAsync(Stop);

        Assert.True(process.ExitCode == 0, await error);
        Assert.Contains("got ***", await error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await error, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(folder.State, "*", SearchOption.AllDirectories),
            static file => Assert.DoesNotContain(Secret, File.ReadAllText(file), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Servers_are_ready_before_the_first_task_which_finds_them_on_the_machine_and_by_name_in_an_image()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        await BusyboxImage.BuildAsync(engine, Image, "", Stop);
        await BusyboxImage.BuildAsync(engine, "fairlead-ci-web:1", "hello from it", Stop, Server);
        const string Services = """
            services:
                  web: { image: "fairlead-ci-web:1", ports: [8080] }
                  second: { image: "fairlead-ci-web:1", ready: [grep, ":1F90 ", /proc/net/tcp6] }
            """;
        folder.Pipeline(
            $$"""
            jobs:
              inside:
                image: {{Image}}
                script: "wget -q -O - http://web:8080/says; wget -q -O - http://$SECOND_HOST:8080/says; test $WEB_PORT = 8080"
                {{Services}}
              outside:
                script: "test $WEB_HOST = 127.0.0.1; test $WEB_PORT = $WEB_PORT_8080; busybox wget -q -O - http://$WEB_HOST:$WEB_PORT/says"
                {{Services}}
            """
        );
        var end = await folder.RunAsync(Stop, "ci", "run");

        Assert.True(end.Code == 0, end.Error);
        Assert.Contains("outside | hello from it", end.Error, StringComparison.Ordinal);
        Assert.Contains("inside | hello from ithello from it", end.Error, StringComparison.Ordinal);
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task Jobs_at_the_same_time_have_a_database_each_and_no_other_ones_data()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        folder.Pipeline(
            $$"""
            jobs:
              test:
                matrix: { axes: { suite: [one, two] } }
                services: { db: { image: "{{RedisImage.Name}}", ports: [6379], ready: [redis-cli, ping] } }
                script: |
                  db() { redis-cli -h "$DB_HOST" -p "${DB_PORT:-6379}" "$@"; }
                  test "$(db dbsize)" = 0
                  db set suite SUITE
                  for round in 1 2 3 4 5; do test "$(db get suite)" = SUITE; sleep 0.3; done
            """.Replace("SUITE", "${{ matrix.suite }}", StringComparison.Ordinal)
        );
        await RedisImage.BuildAsync(engine.Address, folder.State, Stop);
        var end = await folder.RunAsync(Stop, "ci", "run");

        Assert.True(end.Code == 0, end.Error);
        Assert.Matches("done +2", end.Out);
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task A_server_that_does_not_come_up_is_shown_with_what_it_said_and_nothing_of_it_is_left()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        await BusyboxImage.BuildAsync(
            engine,
            Image,
            "",
            Stop,
            """CMD ["sh", "-c", "echo no password is set; exit 3"]"""
        );
        folder.Pipeline(
            $$"""jobs: { a: { script: touch begun, services: { db: { image: '{{Image}}', ports: [5432] } } } }"""
        );
        var end = await folder.RunAsync(Stop, "ci", "run");

        Assert.Equal(1, end.Code);
        Assert.Contains(
            $"The server 'db' ({Image}) ended before it was ready, with exit code 3.",
            end.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("no password is set", end.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("begun")));
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task A_server_whose_image_says_that_it_is_sick_is_not_waited_for()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        await BusyboxImage.BuildAsync(
            engine,
            Image,
            "",
            Stop,
            """HEALTHCHECK --interval=1s --retries=2 CMD ["sh", "-c", "echo no disk; exit 1"]""",
            """CMD ["sleep", "300"]"""
        );
        folder.Pipeline($$"""jobs: { a: { script: touch begun, services: { db: { image: '{{Image}}' } } } }""");
        var end = await folder.RunAsync(Stop, "ci", "run");

        Assert.Equal(1, end.Code);
        Assert.Contains(
            "The health check of its image says 'unhealthy' (no disk).",
            end.Error,
            StringComparison.Ordinal
        );
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task A_task_whose_time_is_over_takes_its_container_with_it_and_the_next_try_gets_a_new_one()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        await BusyboxImage.BuildAsync(engine, Image, "", Stop);
        folder.Pipeline(
            $$"""
            jobs:
              a:
                image: {{Image}}
                tasks:
                  - { name: late, timeout: 2s, retries: 1, script: "test ! -e /been; touch /been; echo x >> tries; sleep 300 & wait" }
                  - { name: code, if: always(), script: exit 7 }
                  - { name: missing, if: always(), run: [nowhere-to-be-found] }
            """
        );
        var end = await folder.RunAsync(Stop, "ci", "run");

        Assert.Equal(1, end.Code);
        Assert.Equal("x\nx\n", await File.ReadAllTextAsync(folder.PathOf("tries"), Stop));
        Assert.Contains("a/late did not end in its time", end.Error, StringComparison.Ordinal);
        Assert.Contains("a/code ended with exit code 7", end.Error, StringComparison.Ordinal);
        Assert.Contains($"'nowhere-to-be-found' could not be started in {Image}.", end.Error, StringComparison.Ordinal);
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task What_a_killed_run_leaves_is_ended_by_the_next_one_even_when_that_needs_none()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        await BusyboxImage.BuildAsync(engine, Image, "", Stop, Server);
        folder.Pipeline(
            $$"""
            jobs:
              long: { image: '{{Image}}', script: "touch begun; sleep 300", services: { web: { image: '{{Image}}', ports: [8080] } } }
              short: { script: exit 0 }
            """
        );
        using (var process = folder.Start("ci", "run", "long"))
        {
            await UntilAsync(() => Task.FromResult(File.Exists(folder.PathOf("begun"))));
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }
        Assert.Equal(2, (await engine.AskAsync(Stop, "ps", "--quiet")).Split('\n').Count(static one => one.Length > 0));

        var next = await folder.RunAsync(Stop, "ci", "run", "short");
        Assert.True(next.Code == 0, next.Error);
        Assert.Contains("2 containers of a run that was cut off were ended", next.Error, StringComparison.Ordinal);
        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task A_run_that_is_stopped_leaves_no_container()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        await BusyboxImage.BuildAsync(engine, Image, "", Stop);
        folder.Pipeline($$"""jobs: { a: { image: '{{Image}}', script: "touch begun; sleep 300" } }""");
        using var process = folder.Start("ci", "run");
        await UntilAsync(() => Task.FromResult(File.Exists(folder.PathOf("begun"))));
        Fairlead.Drivers.Shell.Child.Signal(process.Id, Fairlead.Drivers.Shell.Signal.Terminate);
        await process.WaitForExitAsync(Stop);

        await NothingIsLeftAsync(engine);
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_said_with_the_registrys_words()
    {
        await using var engine = await DockerEngine.StartAsync(Stop);
        using var folder = new CiFolder(engine.Env);
        folder.Pipeline("jobs: { a: { image: '127.0.0.1:9/team/tool:1', run: echo } }");
        var end = await folder.RunAsync(Stop, "ci", "run");

        Assert.Equal(1, end.Code);
        Assert.Contains("The image 127.0.0.1:9/team/tool:1 is not here", end.Error, StringComparison.Ordinal);
        Assert.Contains("connection refused", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_engine_nothing_begins()
    {
        using var folder = new CiFolder(
            new Dictionary<string, string> { ["FAIRLEAD_CONTAINERS"] = "unix:///nowhere/docker.sock" }
        );
        folder.Pipeline("jobs: { a: { image: 'python:3', script: touch begun } }");
        var end = await folder.RunAsync(Stop, "ci", "run");

        Assert.Equal(1, end.Code);
        Assert.Contains("The container engine at unix:///nowhere/docker.sock", end.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("begun")));
    }

    private static async Task NothingIsLeftAsync(DockerEngine engine)
    {
        Assert.Equal("", await engine.AskAsync(Stop, "ps", "--all", "--quiet"));
        Assert.Equal(
            "",
            await engine.AskAsync(Stop, "network", "ls", "--quiet", "--filter", "label=fairlead.pipeline")
        );
    }

    private static async Task<string> IdAsync(DockerEngine engine) =>
        Id().Match(await engine.AskAsync(Stop, "ps", "--quiet")).Value;

    private static async Task UntilAsync(Func<Task<bool>> isMet)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isMet())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "It did not happen.");
            await Task.Delay(20, Stop);
        }
    }

    [GeneratedRegex("^[0-9a-f]+", RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
