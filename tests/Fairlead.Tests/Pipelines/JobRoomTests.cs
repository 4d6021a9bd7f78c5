using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines;

/// <summary>Jobs that ask for an image or for servers.</summary>
public sealed class JobRoomTests
{
    private const string InImage = """
        jobs:
          a: { run: make a, image: 'python:3', inputs: [src/**], outputs: [out/a] }
        """;

    private readonly MemoryPipelines machine = new();

    private List<string> Asked => machine.Rooms.Asked;

    public JobRoomTests()
    {
        machine.Files["src/a"] = "1";
        machine.Commands["break"] = (_, _) => Task.FromResult<int?>(3);
    }

    [Fact]
    public async Task A_job_in_an_image_runs_all_its_tasks_in_one_room_which_is_gone_afterwards()
    {
        const string Text = """
            jobs:
              a:
                image: python:3
                services: { db: { image: 'postgres:17', ports: [5432] } }
                tasks: [{ name: one, run: make one }, { name: two, run: make two }]
            """;
        Assert.Equal(["a/one done", "a/two done"], await machine.RunAsync(Text));
        Assert.Equal(
            [
                "fetch python:3",
                "fetch postgres:17",
                "open a in sha256:python:3 with db sha256:postgres:17",
                "run make one",
                "run make two",
                "close a",
            ],
            Asked
        );
        Assert.Equal("db", machine.LastEnv["DB_HOST"]);
    }

    [Fact]
    public async Task A_room_is_closed_after_a_failure_too()
    {
        Assert.Equal(["a FAILED"], await machine.RunAsync("jobs: { a: { run: break, image: 'python:3' } }"));
        Assert.Equal("close a", Asked[^1]);
    }

    [Fact]
    public async Task What_is_up_to_date_begins_no_container()
    {
        await machine.RunAsync(InImage);
        Asked.Clear();

        Assert.Equal(["a up to date"], await machine.RunAsync(InImage));
        Assert.Empty(Asked);
    }

    [Fact]
    public async Task The_same_name_for_another_image_is_another_key_and_the_reason_says_so()
    {
        await machine.RunAsync(InImage);
        machine.Rooms.Images["python:3"] = "sha256:other";

        Assert.Equal(["a done"], await machine.RunAsync(InImage));
        Assert.Contains(machine.Said, static one => one.Contains("(digest of the image changed)", Ordinal));
    }

    [Fact]
    public async Task Another_name_for_the_same_image_is_the_same_key()
    {
        (machine.Rooms.Images["python:3"], machine.Rooms.Images["python:3.13"]) = ("sha256:1", "sha256:1");
        await machine.RunAsync(InImage);

        Assert.Equal(
            ["a up to date"],
            await machine.RunAsync(InImage.Replace("python:3", "python:3.13", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("digest of the image of db", "{ image: 'postgres:18', env: { A: '1' } }")]
    [InlineData("variables of db", "{ image: 'postgres:17', env: { A: '2' } }")]
    public async Task What_its_servers_are_decides_too(string changed, string server)
    {
        const string Text = """
            jobs: { a: { run: make a, inputs: [src/**], services: { db: { image: 'postgres:17', env: { A: '1' } } } } }
            """;
        await machine.RunAsync(Text);
        await machine.RunAsync(
            Text.Replace("{ image: 'postgres:17', env: { A: '1' } }", server, StringComparison.Ordinal)
        );

        Assert.Contains(machine.Said, one => one.Contains($"({changed} changed)", Ordinal));
    }

    [Fact]
    public async Task Tasks_on_the_machine_are_told_where_servers_are_unless_the_pipeline_says_it()
    {
        const string Text = "jobs: { a: { run: make a, ENV services: { db: { image: postgres } } } }";
        await machine.RunAsync(Text.Replace("ENV", "", StringComparison.Ordinal));
        Assert.Equal("127.0.0.1", machine.LastEnv["DB_HOST"]);
        Assert.DoesNotContain("run make a", Asked);

        await machine.RunAsync(Text.Replace("ENV", "env: { DB_HOST: mine },", StringComparison.Ordinal));
        Assert.Equal("mine", machine.LastEnv["DB_HOST"]);
    }

    [Fact]
    public async Task Fairlead_deploys_from_the_machine_itself_whatever_the_image()
    {
        await machine.RunAsync("jobs: { a: { deploy: staging, image: 'python:3' } }");

        Assert.Equal(["fairlead deploy --env staging"], machine.Ran);
        Assert.Empty(Asked);
    }

    [Fact]
    public async Task A_tool_of_another_version_in_the_image_is_refused_before_anything_runs()
    {
        const string Text = "jobs: { a: { run: make a, image: 'python:3', tools: { python: '3.12' } } }";

        Assert.Equal(["a FAILED"], await machine.RunAsync(Text));
        Assert.Empty(machine.Ran);
        Assert.Equal("close a", Asked[^1]);
    }

    [Fact]
    public async Task A_plan_fetches_nothing_and_says_what_it_cannot_know()
    {
        var loaded = Load(InImage);
        var plan = new PipelinePlan(loaded, new(2, new("main", "", "push"), "source"));
        var before = Assert.Single(await plan.TasksAsync(Stop));
        Assert.Equal(("run", "an image of its job is not here yet"), (before.Will, before.Why));
        Assert.Empty(Asked);

        await machine.RunAsync(InImage);
        plan = new PipelinePlan(loaded, new(2, new("main", "", "push"), "source"));
        Assert.Equal("nothing", Assert.Single(await plan.TasksAsync(Stop)).Will);
    }

    [Fact]
    public void Without_an_engine_a_run_says_so_before_anything_begins()
    {
        machine.Rooms.IsThere = false;
        var caught = Assert.Throws<ProblemException>(() => RunNeeds.Check(Load(InImage)));

        Assert.Equal("pipeline.needs-containers", caught.Problem.Code);
        Assert.Equal("Job 'a' asks for the image python:3.", caught.Problem.What);
    }

    [Theory]
    [InlineData("run: a, services: { db: { image: db } }", "it says no image")]
    [InlineData("run: a, image: one, services: { db: { image: db } }", "it has servers beside it")]
    [InlineData(
        "image: one, tasks: [{ name: x, run: a }, { name: y, run: b }]",
        "it has several tasks, which would not find what the one before left"
    )]
    [InlineData("run: a, image: one, outputs: [out]", "it has outputs, and files do not come back from there")]
    public void What_a_cluster_cannot_do_is_said_before_anything_begins(string job, string why)
    {
        machine.Rooms.TakesSource = true;
        var caught = Assert.Throws<ProblemException>(() => RunNeeds.Check(Load($"jobs: {{ a: {{ {job} }} }}")));

        Assert.Equal(
            ("pipeline.not-in-cluster", $"A cluster does jobs of one task in an image; {why}."),
            (caught.Problem.Code, caught.Problem.Why)
        );
        RunNeeds.Check(Load("jobs: { a: { run: a, image: one }, b: { run: b, outputs: [out] } }"));
    }

    [Fact]
    public async Task What_a_cut_off_run_left_is_swept_and_who_needs_no_containers_asks_no_engine()
    {
        await Resuming.SweepAsync(Load(InImage), Stop);
        Assert.Equal(["sweep"], Asked);

        await Resuming.SweepAsync(Load("jobs: { a: { run: make a } }"), Stop);
        Assert.Equal(["sweep"], Asked);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LoadedPipeline Load(string text)
    {
        var pipeline = PipelineReader.Read(text);
        return new(pipeline, Graph.Of(pipeline, []), machine.Ports, "source");
    }
}
