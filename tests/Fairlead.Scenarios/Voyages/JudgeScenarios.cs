namespace Fairlead.Scenarios.Voyages;

/// <summary>The shop's canaries before the judge: real processes, real requests, and the limits are off.</summary>
public sealed class JudgeScenarios
{
    private const int PerSecond = 150;
    private const string Path = "/api/products";

    [Fact]
    public async Task A_version_that_is_15_percent_slower_is_taken_back_with_the_sentence_why()
    {
        await using var platform = await Platform.StartAsync();
        // It is taken back long before, unless the machine is busy with other things.
        var folder = await LiveAsync(platform, hold: "90s");

        var (deploy, load) = await UnderLoadAsync(platform, folder, "api.env.FAULT=slower");
        var story = await platform.AskAsync("explain", "storefront");
        var verdict = story["deployment"]!["verdicts"]![0]!;
        var again = (await platform.AskAsync("judge", "storefront"))["services"]![0]!;
        var tolerant = (await platform.AskAsync("judge", "storefront", "--latency", "+100%"))["services"]![0]!;

        TestContext.Current.TestOutputHelper!.WriteLine($"{deploy.Messages}\n{load}\n{verdict}\n{again}\n{tolerant}");
        Assert.Equal(6, deploy.Code);
        Assert.Contains("api@2 does harm.", deploy.Messages, StringComparison.Ordinal);
        Assert.Matches(@"p(50|95|99) is \d+ms against \d+ms of api@1 \(\+\d+%\)", deploy.Messages);
        Assert.Contains("without harm it looks this bad in at most 1 of", deploy.Messages, StringComparison.Ordinal);
        Assert.Equal("Broken", verdict["ruling"]!.GetValue<string>());
        Assert.Equal(verdict["reason"]!.GetValue<string>(), again["reason"]!.GetValue<string>());
        Assert.NotEqual("Broken", tolerant["ruling"]!.GetValue<string>());
        Assert.Equal(1, (await platform.AskAsync("status", "storefront"))["apps"]![0]!["live"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_version_as_good_as_the_one_before_is_promoted_and_one_is_not_blamed_for_what_both_depend_on()
    {
        await using var platform = await Platform.StartAsync();
        var folder = await LiveAsync(platform, hold: "20s");

        var (healthy, calm) = await UnderLoadAsync(platform, folder, "api.env.N=2");
        var closed = System.IO.Path.Combine(folder, "closed");
        var (unlucky, stormy) = await UnderLoadAsync(
            platform,
            folder,
            async stop =>
            {
                // The outage begins in the middle of the first share and ends in the middle of the second.
                await Task.Delay(TimeSpan.FromSeconds(10), stop);
                await File.WriteAllTextAsync(closed, "", stop);
                await Task.Delay(TimeSpan.FromSeconds(20), stop);
                File.Delete(closed);
            },
            "api.env.N=3"
        );
        var verdicts = (await platform.AskAsync("explain", "storefront"))["deployment"]!["verdicts"];

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{healthy.Messages}\n{calm}\n{unlucky.Messages}\n{stormy}\n{verdicts}"
        );
        Assert.True(healthy.Code == 0, healthy.ToString());
        Assert.True(unlucky.Code == 0, unlucky.ToString());
        Assert.True(stormy.ByStatus.GetValueOrDefault(503) > 100, stormy.ToString());
        Assert.Equal(3, (await platform.AskAsync("status", "storefront"))["apps"]![0]!["live"]!.GetValue<int>());
    }

    private static async Task<string> LiveAsync(Platform platform, string hold)
    {
        var folder = platform.App("storefront", "", "storefront");
        await File.WriteAllTextAsync(
            System.IO.Path.Combine(folder, "fairlead.yaml"),
            $$"""
            app: storefront
            services:
              api:
                kind: api
                path: ./api
                health: { http: /healthz, startGrace: 60s }
                env: { PACE: "40", WAREHOUSE: "{{folder}}", DATA_DIR: "{{folder}}" }
                keep: 3s
                deploy:
                  strategy: canary
                  shares: [25%, 50%]
                  hold: {{hold}}
                  judge: { warmUp: 5s }
            """,
            TestContext.Current.CancellationToken
        );
        var first = await platform.DeployAsync(folder);
        Assert.True(first.Code == 0, first.ToString());
        return folder;
    }

    private static Task<(Platform.Answer Deploy, Fairlead.Model.Ports.LoadReport Load)> UnderLoadAsync(
        Platform platform,
        string folder,
        params string[] sets
    ) => UnderLoadAsync(platform, folder, _ => Task.CompletedTask, sets);

    private static async Task<(Platform.Answer Deploy, Fairlead.Model.Ports.LoadReport Load)> UnderLoadAsync(
        Platform platform,
        string folder,
        Func<CancellationToken, Task> weather,
        params string[] sets
    )
    {
        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("storefront", PerSecond, end.Token, Path, slow: 0);
        var deploying = platform.DeployAsync(folder, sets);
        await weather(TestContext.Current.CancellationToken);
        var deploy = await deploying;
        await end.CancelAsync();
        return (deploy, await load);
    }
}
