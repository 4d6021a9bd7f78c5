using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines;

public sealed class PipelineRunTests
{
    private const string Build = """
        jobs:
          lib: { run: make lib, inputs: [src/**], outputs: [out/lib] }
          app: { run: link app, inputs: [app/**], outputs: [out/app], needs: lib }
          docs: { run: write docs, inputs: [docs/**], outputs: [out/docs] }
        """;

    private readonly MemoryPipelines machine = new();

    public PipelineRunTests()
    {
        (machine.Files["src/a"], machine.Files["app/a"], machine.Files["docs/a"]) = ("1", "1", "1");
        machine.Commands["make"] = (_, _) => MakeAsync("out/lib", machine.Files["src/a"].Trim());
        machine.Commands["link"] = (_, _) =>
            MakeAsync("out/app", $"{machine.Files["out/lib"]}+{machine.Files["app/a"]}");
        machine.Commands["write"] = (_, _) => MakeAsync("out/docs", machine.Files["docs/a"]);
        machine.Commands["break"] = (_, _) => Task.FromResult<int?>(3);
        machine.Commands["hang"] = (_, _) => Task.FromResult<int?>(null);
    }

    [Fact]
    public async Task Nothing_is_done_twice_and_only_what_a_change_touches_is_done_again()
    {
        Assert.Equal(["app done", "docs done", "lib done"], await machine.RunAsync(Build));
        Assert.Equal(["app up to date", "docs up to date", "lib up to date"], await machine.RunAsync(Build));

        machine.Files["app/a"] = "2";
        Assert.Equal(["app done", "docs up to date", "lib up to date"], await machine.RunAsync(Build));
        Assert.Equal("1+2", machine.Files["out/app"]);
    }

    [Fact]
    public async Task What_makes_the_same_again_stops_the_change_there()
    {
        await machine.RunAsync(Build);
        machine.Files["src/a"] = "1 ";

        Assert.Equal(["app up to date", "docs up to date", "lib done"], await machine.RunAsync(Build));
        machine.Files["src/a"] = "7";
        Assert.Equal(["app done", "docs up to date", "lib done"], await machine.RunAsync(Build));
        Assert.Equal("7+1", machine.Files["out/app"]);
    }

    [Fact]
    public async Task What_was_removed_or_changed_by_hand_is_restored()
    {
        await machine.RunAsync(Build);
        machine.Files.TryRemove("out/lib", out _);
        machine.Files["out/app"] = "spoiled";

        Assert.Equal(["app restored", "docs up to date", "lib restored"], await machine.RunAsync(Build));
        Assert.Equal(("1", "1+1"), (machine.Files["out/lib"], machine.Files["out/app"]));
        Assert.Empty(machine.Ran);
    }

    [Fact]
    public async Task Variables_commands_and_secrets_belong_to_what_decides()
    {
        const string Job = "jobs: { a: { run: [x, VALUE], inputs: [src/**], env: { E: VALUE2 }, secrets: [KEY1] } }";
        machine.Secrets["KEY1"] = "one";
        var text = Job.Replace("VALUE", "1", StringComparison.Ordinal);

        Assert.Equal(["a done"], await machine.RunAsync(text));
        Assert.Equal(["a up to date"], await machine.RunAsync(text));
        machine.Secrets["KEY1"] = "two";
        Assert.Equal(["a done"], await machine.RunAsync(text));
        Assert.Equal(["a done"], await machine.RunAsync(Job.Replace("VALUE", "2", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            machine.Past("ci").Values.SelectMany(static one => one.Key!.Parts),
            static one => one.Value == "two"
        );
    }

    [Fact]
    public async Task What_says_no_inputs_always_runs()
    {
        const string Text = "jobs: { a: { run: x } }";
        await machine.RunAsync(Text);
        Assert.Equal(["a done"], await machine.RunAsync(Text));
        Assert.Contains("a: x  (its inputs are not said)", machine.Said);
    }

    [Fact]
    public async Task What_needs_a_job_that_failed_is_skipped_and_all_else_goes_on() =>
        Assert.Equal(
            ["a FAILED", "b skipped", "c skipped", "d done"],
            await machine.RunAsync(
                "jobs: { a: { run: break }, b: { run: x, needs: a }, c: { run: x, needs: b }, d: { run: x } }"
            )
        );

    [Fact]
    public async Task What_may_fail_hinders_nobody()
    {
        Assert.Equal(
            ["a FAILED", "b done"],
            await machine.RunAsync("jobs: { a: { run: break, mayFail: true }, b: { run: x, needs: a } }")
        );
        Assert.Equal(
            ["a/one FAILED", "a/two done"],
            await machine.RunAsync(
                "jobs: { a: { tasks: [{ name: one, run: break, mayFail: true }, { name: two, run: x }] } }"
            )
        );
    }

    [Fact]
    public async Task Tasks_after_one_that_failed_are_skipped() =>
        Assert.Equal(
            ["a/one done", "a/three skipped", "a/two TIMED OUT"],
            await machine.RunAsync(
                "jobs: { a: { tasks: [{ name: one, run: x }, { name: two, run: hang }, { name: three, run: x }] } }"
            )
        );

    [Fact]
    public async Task A_task_that_fails_and_ends_well_with_the_same_key_is_flaky()
    {
        var attempts = 0;
        machine.Commands["flip"] = (_, _) => Task.FromResult<int?>(attempts++ % 2 == 0 ? 1 : 0);

        Assert.Equal(
            ["a done flaky"],
            await machine.RunAsync("jobs: { a: { run: flip, inputs: [src/**], retries: 1 } }")
        );
        Assert.Equal(["b FAILED"], await machine.RunAsync("jobs: { b: { run: flip b, inputs: [src/**] } }"));
        Assert.Equal(["b done flaky"], await machine.RunAsync("jobs: { b: { run: flip b, inputs: [src/**] } }"));
    }

    [Fact]
    public async Task A_tool_of_another_version_is_said()
    {
        Assert.Equal(
            ["a done"],
            await machine.RunAsync("jobs: { a: { run: x, inputs: [src/**], tools: { node: 22 } } }")
        );
        Assert.Equal(
            ["a FAILED"],
            await machine.RunAsync("jobs: { a: { run: x, inputs: [src/**], tools: { node: 20 } } }")
        );
        Assert.Equal(
            ["a FAILED"],
            await machine.RunAsync("jobs: { a: { run: x, inputs: [src/**], tools: { go: 1 } } }")
        );
    }

    [Fact]
    public async Task A_tools_version_may_come_from_the_matrix_and_is_asked_of_what_always_runs_too() =>
        Assert.Equal(
            ["a (v: 20)/a FAILED", "a (v: 22)/a done"],
            await machine.RunAsync(
                "jobs: { a: { run: x, tools: { node: '${{ matrix.v }}' }, matrix: { axes: { v: [22, 20] }, failFast: false } } }"
            )
        );

    [Fact]
    public async Task Combinations_of_a_matrix_end_each_other_when_one_fails()
    {
        var begun = new TaskCompletionSource();
        machine.Commands["wait"] = async (_, stop) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return 0;
        };
        machine.Commands["fail"] = async (_, _) =>
        {
            await begun.Task;
            return 1;
        };

        Assert.Equal(
            ["a (does: fail)/a FAILED", "a (does: wait)/a cancelled"],
            await machine.RunAsync(
                "jobs: { a: { run: ['${{ matrix.does }}'], matrix: { axes: { does: [wait, fail] } } } }"
            )
        );
    }

    [Fact]
    public async Task A_run_that_is_gone_on_with_does_not_do_again_what_ended_well()
    {
        const string Text = "jobs: { a: { run: x a }, b: { run: x b, needs: a } }";

        Assert.Equal(
            ["a done before", "b done"],
            await machine.RunAsync(Text, settings => settings with { DoneBefore = new HashSet<string> { "a/a" } })
        );
        Assert.Equal(["x b"], machine.Ran);
    }

    [Fact]
    public async Task A_fault_of_the_machine_ends_the_run_and_is_told()
    {
        machine.Commands["burst"] = (_, _) => throw new InvalidOperationException("a fault");
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            machine.RunAsync("jobs: { a: { run: burst }, b: { run: x, needs: a } }")
        );
    }

    [Fact]
    public async Task A_problem_of_the_machine_fails_the_task()
    {
        machine.Commands["gone"] = (_, _) => throw new ProblemException(new Problem("x", "What.", "Why.", "Fix."));
        Assert.Equal(
            ["a FAILED", "b skipped"],
            await machine.RunAsync("jobs: { a: { run: gone }, b: { run: x, needs: a } }")
        );
    }

    private Task<int?> MakeAsync(string path, string text)
    {
        machine.Files[path] = text;
        return Task.FromResult<int?>(0);
    }
}
