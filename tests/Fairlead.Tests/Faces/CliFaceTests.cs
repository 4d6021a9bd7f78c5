using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Faces;

public sealed class CliFaceTests
{
    private static readonly Problem Broken = new(
        "build.failed",
        What: "shop could not be built.",
        Why: "npm ended with exit code 1.",
        Fix: "Read more: fairlead logs --app shop. Then: fairlead deploy"
    )
    {
        Where = "fairlead.yaml:3:5",
        Evidence = ["src/index.js:1 SyntaxError", "\u001b[2Jgone"],
    };

    [Theory]
    [InlineData(Trouble.Failed, 1)]
    [InlineData(Trouble.WrongUse, 2)]
    [InlineData(Trouble.NotFound, 3)]
    [InlineData(Trouble.NotAllowed, 4)]
    [InlineData(Trouble.Conflict, 5)]
    [InlineData(Trouble.TimedOut, 8)]
    [InlineData(Trouble.NeedsPerson, 9)]
    [InlineData(Trouble.Unreachable, 10)]
    public async Task The_exit_code_says_what_kind_of_trouble_it_was(Trouble trouble, int expected)
    {
        var stage = new Stage().Refuses(Broken with { Trouble = trouble });

        Assert.Equal(expected, await stage.TypeAsync("status", "shop"));
    }

    [Fact]
    public async Task A_problem_is_told_on_standard_error_with_what_shows_it_and_what_to_do()
    {
        var stage = new Stage().Refuses(Broken);

        await stage.TypeAsync("status", "shop");

        Assert.Empty(string.Concat(stage.Out));
        Assert.Equal(
            [
                "error: shop could not be built.",
                "  at:  fairlead.yaml:3:5",
                "  why: npm ended with exit code 1.",
                "    | src/index.js:1 SyntaxError",
                "    | \uFFFD[2Jgone",
                "  fix: Read more: fairlead logs --app shop. Then: fairlead deploy",
                "  (build.failed)",
            ],
            stage.Errors
        );
    }

    [Fact]
    public async Task Colours_come_on_a_terminal_only()
    {
        var stage = new Stage().Refuses(Broken);
        stage.Terminal = stage.Terminal with { IsErrorTerminal = true };
        await stage.TypeAsync("status", "shop");
        Assert.StartsWith("\u001b[31;1merror:\u001b[0m", stage.Errors[0], StringComparison.Ordinal);

        var plain = new Stage().Refuses(Broken);
        plain.Terminal = plain.Terminal with
        {
            IsErrorTerminal = true,
            Variable = name => name is "NO_COLOR" ? "1" : null,
        };
        await plain.TypeAsync("status", "shop");
        Assert.StartsWith("error:", plain.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_envelope_for_success()
    {
        var stage = new Stage().Answers("""{"app":"shop","share":"5% < 10%","warnings":["old"]}""");

        Assert.Equal(0, await stage.TypeAsync("status", "shop", "--json"));

        Assert.Equal(
            [
                """{"version":1,"ok":true,"kind":"status","data":{"app":"shop","share":"5% < 10%","warnings":["old"]},"error":null,"evidence":[],"next":[],"warnings":["old"]}""",
            ],
            stage.Out
        );
        Assert.Empty(string.Concat(stage.Errors));
    }

    [Fact]
    public async Task Json_is_the_same_envelope_for_failure_with_the_next_commands()
    {
        var stage = new Stage().Refuses(Broken);

        Assert.Equal(1, await stage.TypeAsync("--json", "status", "shop"));

        Assert.Equal(
            [
                """{"version":1,"ok":false,"kind":"status","data":null,"error":{"code":"build.failed","what":"shop could not be built.","why":"npm ended with exit code 1.","fix":"Read more: fairlead logs --app shop. Then: fairlead deploy","where":"fairlead.yaml:3:5"},"evidence":["src/index.js:1 SyntaxError","\u001B[2Jgone"],"next":[{"command":"fairlead logs --app shop","why":"Read more"},{"command":"fairlead deploy","why":"Then"}],"warnings":[]}""",
            ],
            stage.Out
        );
        Assert.Empty(string.Concat(stage.Errors));
    }

    [Fact]
    public async Task Wrong_use_is_reported_before_anything_is_contacted()
    {
        var stage = new Stage();

        Assert.Equal(2, await stage.TypeAsync("deploy", "--jsn", "--json"));

        Assert.Empty(stage.Asked);
        Assert.Empty(stage.Started);
        var envelope = JsonNode.Parse(stage.Out[0])!;
        Assert.Equal("deploy cli.no-such-option", $"{envelope["kind"]} {envelope["error"]!["code"]}");
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_not_sent()
    {
        var stage = new Stage();

        Assert.Equal(3, await stage.TypeAsync("deploy", "no/such/folder"));

        Assert.Equal("error: There is no folder no/such/folder.", stage.Errors[0]);
        Assert.Empty(stage.Asked);
    }

    [Fact]
    public async Task The_app_is_the_one_of_the_manifest_here()
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-test-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "fairlead.yaml"),
            "# ours\napp: \"shop\" # the shop\n",
            TestContext.Current.CancellationToken
        );
        var stage = new Stage().Answers("{}").Answers("{}");
        stage.Terminal = stage.Terminal with { Folder = folder };

        await stage.TypeAsync("status");
        await stage.TypeAsync("status", "other");
        Directory.Delete(folder, recursive: true);

        Assert.Equal(["""status {"app":"shop"}""", """status {"app":"other"}"""], stage.Asked);
    }

    [Fact]
    public async Task What_destroys_is_asked_for_first()
    {
        var alone = new Stage();
        Assert.Equal(9, await alone.TypeAsync("app", "remove", "shop"));
        Assert.Equal("  fix: Say so with --yes.", alone.Errors[2]);

        var refused = Person("n");
        Assert.Equal(1, await refused.TypeAsync("app", "remove", "shop"));
        Assert.Equal(["Remove an app: this cannot be undone. Go on? [y/N] Nothing was done."], refused.Errors);
        Assert.Empty(refused.Asked);

        var agreed = Person("y").Answers("{}");
        Assert.Equal(0, await agreed.TypeAsync("app", "remove", "shop"));

        var said = new Stage().Answers("{}");
        Assert.Equal(0, await said.TypeAsync("app", "remove", "shop", "--yes"));
        Assert.Equal(["""app.remove {"app":"shop"}"""], said.Asked);
    }

    [Fact]
    public async Task An_operation_that_runs_here_asks_no_server()
    {
        var stage = new Stage();

        Assert.Equal(0, await stage.TypeAsync("app", "types", "--to", "3", "--loudness", "loud", "--ports", "1"));

        Assert.Equal(["to        3", "ratio     0.5", "loudness  Loud", "ports     1", "careful   no"], stage.Out);
        Assert.Empty(stage.Asked);
    }

    [Fact]
    public async Task A_bug_is_one_line_and_its_story_is_kept()
    {
        var stage = new Stage { Folder = Directory.CreateTempSubdirectory("fairlead-test-").FullName };

        Assert.Equal(1, await stage.TypeAsync("journal", "verify"));
        var kept = await File.ReadAllTextAsync(
            Path.Combine(stage.Folder, "logs", "faults.log"),
            TestContext.Current.CancellationToken
        );
        Directory.Delete(stage.Folder, recursive: true);

        Assert.Equal("error: Fairlead met a bug of its own: the sky fell", stage.Errors[0]);
        Assert.DoesNotContain("   at Fairlead", string.Join('\n', stage.Errors), StringComparison.Ordinal);
        Assert.Contains("   at Fairlead", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_shows_the_daily_verbs_first_and_every_option_of_one()
    {
        var all = new Stage();
        Assert.Equal(0, await all.TypeAsync());
        Assert.Equal(
            ["Every day:", "  deploy          Make a new release live.", "  status          Show what runs."],
            all.Out.SkipWhile(line => line != "Every day:").Take(3)
        );

        var one = new Stage();
        Assert.Equal(0, await one.TypeAsync("deploy", "--help"));
        Assert.Equal(
            """
            Make a new release live.

            Usage: fairlead deploy [FOLDER] [options]

            Options:
              FOLDER                            The folder with fairlead.yaml. (default: the current folder)
              --env, --environment ENVIRONMENT  The environment. (default: production)
              --set SET                         Overrides, service.key=value. (may be repeated)
              --queue                           Wait for the one before.
              --detach                          Come back at once; the deployment goes on by itself.

            Everywhere:
            """,
            string.Join('\n', one.Out.Take(12))
        );
    }

    private static Stage Person(string says)
    {
        var stage = new Stage();
        stage.Terminal = stage.Terminal with
        {
            In = new StringReader(says + "\n"),
            IsInTerminal = true,
            IsErrorTerminal = true,
        };
        return stage;
    }
}
