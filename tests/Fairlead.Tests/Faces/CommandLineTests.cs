using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Faces;

public sealed class CommandLineTests
{
    private static readonly IReadOnlyList<Verb> Verbs = new Stage().Verbs;

    [Theory]
    [InlineData("deploy", "deploy {}")]
    [InlineData("deploy shop --env staging", """deploy {"folder":"shop","environment":"staging"}""")]
    [InlineData("deploy --environment=staging shop", """deploy {"environment":"staging","folder":"shop"}""")]
    [InlineData("deploy --set a.b=1 --set=c.d=2", """deploy {"set":["a.b=1","c.d=2"]}""")]
    [InlineData("deploy --queue", """deploy {"queue":true}""")]
    [InlineData("deploy --queue=false", """deploy {"queue":false}""")]
    [InlineData("deploy -- --odd-folder", """deploy {"folder":"--odd-folder"}""")]
    [InlineData("deploy --env=", """deploy {"environment":""}""")]
    [InlineData("app types --to -4 --ports 1 --ports 2", """app.types {"to":-4,"ports":[1,2]}""")]
    [InlineData("app types --to 4 --loudness LOUD", """app.types {"to":4,"loudness":"loud"}""")]
    [InlineData("app.types --to 4 --ratio 1e-3", """app.types {"to":4,"ratio":0.001}""")]
    [InlineData("""app types --to 4 --extra {"a":[1]}""", """app.types {"to":4,"extra":{"a":[1]}}""")]
    [InlineData("logs -f --service api", """logs {"follow":true,"service":"api"}""")]
    [InlineData("--json --state /s status", "status {}")]
    [InlineData("", "help {}")]
    public void Words_become_a_verb_and_its_input(string typed, string expected)
    {
        var call = CommandLine.Parse(Verbs, Split(typed));

        Assert.Equal(expected, $"{call.Verb.Name} {call.Input.ToJsonString()}");
    }

    [Theory]
    [InlineData("stauts", "cli.no-such-command", "Did you mean 'status'?")]
    [InlineData("dep", "cli.no-such-command", "Did you mean 'deploy'?")]
    [InlineData("app remvoe", "cli.no-such-command", "Did you mean 'app remove'?")]
    [InlineData("entirely-else", "cli.no-such-command", "It is not among Fairlead's commands.")]
    [InlineData("app", "cli.verb-missing", "It has: app remove, app types.")]
    [InlineData("deploy --quue", "cli.no-such-option", "Did you mean --queue?")]
    [InlineData("deploy --enviroment x", "cli.no-such-option", "Did you mean --environment?")]
    [InlineData("status --jsn", "cli.no-such-option", "Did you mean --json?")]
    [InlineData(
        "status -x",
        "cli.no-such-option",
        "It takes: --app, --json, --yes, --quiet, --no-color, --state, --server, --help."
    )]
    [InlineData("--jsn status", "cli.no-such-option", "Did you mean --json?")]
    [InlineData("logs --tail", "cli.value-missing", "Lines to begin with.")]
    [InlineData("logs --tail --json", "cli.value-missing", "Lines to begin with.")]
    [InlineData("logs --tail ten", "cli.wrong-value", "It needs a whole number.")]
    [InlineData("logs --tail 99999999999999999999", "cli.wrong-value", "It needs a whole number.")]
    [InlineData("deploy --queue=perhaps", "cli.wrong-value", "It needs true or false.")]
    [InlineData(
        "app types --loudness lod",
        "cli.wrong-value",
        "It needs one of rather-quiet, loud. Did you mean loud?"
    )]
    [InlineData("app types --to 4 --extra {", "cli.wrong-value", "It needs JSON.")]
    [InlineData("app types --to 4 --ratio NaN", "cli.wrong-value", "It needs a number such as 1.5.")]
    [InlineData("deploy --env a --env b", "cli.given-twice", "It has one value.")]
    [InlineData("status a b", "cli.one-word-too-many", "It is typed so: fairlead status [APP]")]
    [InlineData("app types", "cli.option-missing", "A number.")]
    [InlineData(
        "logs --cursor x",
        "cli.no-such-option",
        "It takes: --app, --service, --tail, --follow, --json, --yes, --quiet, --no-color, --state, --server, --help."
    )]
    public void Wrong_words_are_explained(string typed, string code, string why)
    {
        var problem = Assert.Throws<ProblemException>(() => CommandLine.Parse(Verbs, Split(typed))).Problem;

        Assert.Equal((code, why, Trouble.WrongUse), (problem.Code, problem.Why, problem.Trouble));
    }

    [Fact]
    public void A_wrong_word_is_repeated_short_and_without_its_control_characters()
    {
        var word = "\u001b[2J" + new string('x', 5_000);

        var problem = Assert.Throws<ProblemException>(() => CommandLine.Parse(Verbs, [word])).Problem;

        Assert.Equal($"There is no command '\uFFFD[2J{new string('x', 56)}...'.", problem.What);
    }

    [Fact]
    public void No_words_whatever_make_anything_but_a_call_or_a_problem()
    {
        string[] pool =
        [
            "deploy",
            "app",
            "types",
            "--",
            "-",
            "--=",
            "=",
            "-f",
            "--json",
            "--to",
            "",
            "\0",
            "--set=",
            "🙂",
            "--help",
        ];
        var random = new Random(7);
        for (var run = 0; run < 5_000; run++)
        {
            var words = Enumerable.Range(0, random.Next(7)).Select(_ => pool[random.Next(pool.Length)]).ToArray();
            try
            {
                Assert.NotNull(CommandLine.Parse(Verbs, words).Verb);
            }
            catch (ProblemException caught)
            {
                Assert.Equal(Trouble.WrongUse, caught.Problem.Trouble);
            }
        }
    }

    [Theory]
    [InlineData("status", "status")]
    [InlineData("stauts", "status")]
    [InlineData("sttus", "status")]
    [InlineData("statuses", "status")]
    [InlineData("sta", "status")]
    [InlineData("abcdef", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_at_most_two_slips_away(string typed, string? expected) =>
        Assert.Equal(expected, Nearest.To(typed, ["status", "deploy", "logs"]));

    private static string[] Split(string typed) => typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
