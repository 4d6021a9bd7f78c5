namespace Fairlead.Tests.Faces;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("de", "deploy\tMake a new release live.")]
    [InlineData("app ", "remove\tRemove an app.|types\tTake every type.")]
    [InlineData("app t", "types\tTake every type.")]
    [InlineData("--json app t", "types\tTake every type.")]
    [InlineData("deploy ", ":folders")]
    [InlineData("deploy --q", "--queue\tWait for the one before.|--quiet\tNo progress, only the result and errors.")]
    [InlineData("deploy --queue --q", "--quiet\tNo progress, only the result and errors.")]
    [InlineData("app types --loudness ", "rather-quiet|loud")]
    [InlineData("app types --loudness=l", "--loudness=loud")]
    [InlineData("app types --to ", "")]
    [InlineData("completion z", "zsh")]
    [InlineData("nothing ", "")]
    [InlineData("complet", "completion\tPrint a script that completes Fairlead's commands in a shell.")]
    public async Task What_could_be_typed_next_is_offered(string typed, string expected)
    {
        var stage = new Stage();

        await stage.TypeAsync(["complete", "--", .. typed.Split(' ')]);

        Assert.Equal(expected, string.Join('|', stage.Out));
    }

    [Fact]
    public async Task Live_names_are_asked_of_the_server()
    {
        const string Status =
            """{ "apps": [ { "app": "shop", "services": [ { "name": "api" }, { "name": "web" } ] }, { "app": "blog" } ] }""";
        var apps = new Stage().Answers(Status);
        var services = new Stage().Answers(Status);
        apps.Clock.StandsStill = true;
        services.Clock.StandsStill = true;

        await apps.TypeAsync("complete", "--", "status", "");
        await services.TypeAsync("complete", "--", "logs", "--service", "");

        Assert.Equal(["blog", "shop"], apps.Out);
        Assert.Equal(["api", "web"], services.Out);
    }

    [Fact]
    public async Task A_server_that_is_down_offers_nothing_and_says_nothing()
    {
        var stage = new Stage().Refuses(new("server.unreachable", "", "", ""));

        Assert.Equal(0, await stage.TypeAsync("complete", "--", "status", ""));

        Assert.Equal("", string.Concat(stage.Out) + string.Concat(stage.Errors));
    }

    [Theory]
    [InlineData("bash", "complete -F _fairlead fairlead")]
    [InlineData("zsh", "compdef _fairlead fairlead")]
    [InlineData("fish", "complete -c fairlead")]
    public async Task Each_shell_has_a_script_that_asks_the_program(string shell, string expected)
    {
        var stage = new Stage();

        await stage.TypeAsync("completion", shell);

        Assert.Contains(expected, string.Join('\n', stage.Out), StringComparison.Ordinal);
    }
}
