using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Running;

namespace Fairlead.Tests.Pipelines;

/// <summary>Runs of machines that share a cache.</summary>
public sealed class SharedRunTests
{
    private const string Build = """
        jobs:
          lib: { run: make lib, inputs: [src/**], outputs: [out/lib] }
          test: { run: check, inputs: [src/**], needs: lib }
        """;

    private readonly Team team = new();
    private readonly MemoryPipelines machine = new();

    public SharedRunTests()
    {
        machine.Files["src/a"] = "1";
        machine.Shared = team;
        machine.Secrets["TOKEN"] = "t0ken";
        machine.Commands["make"] = (_, _) =>
        {
            machine.Files["out/lib"] = "made";
            return Task.FromResult<int?>(0);
        };
    }

    [Fact]
    public async Task What_another_machine_made_is_restored_and_said_to_be_from_there()
    {
        Assert.Equal(["lib done", "test done"], await machine.RunAsync(Build));
        Assert.Equal(2, team.Kept.Count);
        machine.Forget();
        machine.Said.Clear();

        Assert.Equal(["lib restored", "test restored"], await machine.RunAsync(Build));
        Assert.Equal("made", machine.Files["out/lib"]);
        Assert.Contains(
            machine.Said,
            static one =>
                one.StartsWith("lib: restored", StringComparison.Ordinal)
                && one.Contains("(cached (remote), made before in", StringComparison.Ordinal)
        );
        Assert.Contains("the team's cache was used", machine.Said);
    }

    [Fact]
    public async Task A_plan_says_what_only_the_team_has()
    {
        await machine.RunAsync(Build);
        machine.Forget();
        var pipeline = PipelineReader.Read(Build);
        var loaded = new LoadedPipeline(pipeline, Graph.Of(pipeline, []), machine.Ports, "source");
        var plan = new PipelinePlan(loaded, new(2, new("main", "", "push"), "source"));

        var tasks = await plan.TasksAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["restore", "restore"], tasks.Select(static one => one.Will));
        Assert.All(
            tasks,
            static one => Assert.StartsWith("cached (remote), made before in", one.Why, StringComparison.Ordinal)
        );
        Assert.Empty(team.Brought);
    }

    [Theory]
    [InlineData("jobs: { a: { run: check, inputs: [src/**], secrets: [TOKEN] } }")]
    [InlineData("jobs: { a: { run: check, inputs: [src/**], once: true } }")]
    [InlineData("jobs: { a: { run: check } }")]
    public async Task What_has_secrets_or_must_not_be_done_twice_is_not_shared(string pipeline)
    {
        await machine.RunAsync(pipeline);
        Assert.Empty(team.Kept);
        Assert.Equal(0, team.Asked);
    }

    [Fact]
    public async Task Bytes_that_cannot_be_brought_are_made_again()
    {
        await machine.RunAsync(Build);
        machine.Forget();
        team.IsBroken = true;
        Assert.Equal(["lib done", "test done"], await machine.RunAsync(Build));
        Assert.Equal(
            ["lib done", "test done"],
            await machine.RunAsync(Build, static one => one with { UsesCache = false })
        );
    }

    [Theory]
    [InlineData("main", "push", null, "main")]
    [InlineData("main", "change", null, "change/main")]
    [InlineData("", "change", "change/17", "change/17")]
    public void A_change_has_a_scope_of_its_own_even_when_its_branch_is_called_as_the_main_one(
        string branch,
        string name,
        string? said,
        string scope
    )
    {
        var occasion = RunEvents.Of(machine.Ports with { Head = (branch, ""), Scope = said }, name);
        Assert.Equal((branch, scope), (occasion.Branch, occasion.Scope));
    }
}
