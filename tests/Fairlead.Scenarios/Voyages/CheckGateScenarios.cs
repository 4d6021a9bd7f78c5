namespace Fairlead.Scenarios.Voyages;

/// <summary>Checks as gates of a rollout, by their own word.</summary>
public sealed class CheckGateScenarios
{
    private const string Document = """
        openapi: 3.1.0
        paths:
          /whoami:
            get:
              responses:
                '200': { content: { application/json: { schema: { type: object, required: [app, pid], properties: { app: { type: string }, pid: { type: integer } } } } } }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_that_breaks_its_contract_its_callers_or_under_load_is_taken_back()
    {
        await using var platform = await Platform.StartAsync();
        var folder = await AppAsync(platform);
        var first = await platform.DeployAsync(folder);
        Assert.True(first.Code == 0, first.ToString());
        var good = await platform.DeployAsync(folder, "web.env.N=2");
        Assert.True(good.Code == 0, good.ToString());
        var story = (await platform.AskAsync("explain", "checked")).ToJsonString();
        Assert.Contains("run check load on web@2", story, StringComparison.Ordinal);

        var app = await File.ReadAllTextAsync(Path.Combine(folder, "app.py"), Stop);
        await WriteAsync(
            folder,
            "app.py",
            app.Replace("\"pid\": os.getpid()", "\"pid\": str(os.getpid())", StringComparison.Ordinal)
        );
        var broken = await platform.DeployAsync(folder);
        Assert.Equal(6, broken.Code);
        Assert.Contains("web@3 broke its gate 'check contract'.", broken.Messages, StringComparison.Ordinal);
        Assert.Contains("| fix: ", broken.Messages, StringComparison.Ordinal);
        Assert.Contains(".pid is string, not integer.", broken.Messages, StringComparison.Ordinal);

        await WriteAsync(
            folder,
            "app.py",
            app.Replace(
                "\"/whoami\": lambda query: ",
                "\"/whoami\": lambda query: time.sleep(0.5) or ",
                StringComparison.Ordinal
            )
        );
        var slow = await platform.DeployAsync(folder);
        Assert.Equal(6, slow.Code);
        Assert.Contains("web@4 broke its gate 'check load'.", slow.Messages, StringComparison.Ordinal);
        Assert.Contains("p50 < 300ms was ", slow.Messages, StringComparison.Ordinal);

        await WriteAsync(folder, "app.py", app + "\n# Another version.\n");
        await WriteAsync(
            folder,
            "openapi.yaml",
            Document.Replace("required: [app, pid]", "required: [app]", StringComparison.Ordinal)
        );
        var callers = await platform.DeployAsync(folder);
        Assert.Equal(6, callers.Code);
        Assert.Contains("web@5 broke its gate 'check openapi'.", callers.Messages, StringComparison.Ordinal);
        Assert.Contains("pid", callers.Messages, StringComparison.Ordinal);
        Assert.Equal(2, (await platform.AskAsync("status", "checked"))["apps"]![0]!["live"]!.GetValue<int>());
    }

    private static async Task<string> AppAsync(Platform platform)
    {
        var folder = platform.App(
            "checked",
            """
            app: checked
            services:
              web:
                kind: web
                path: .
                health: { http: /healthz, startGrace: 15s }
                keep: 3s
                deploy:
                  strategy: blue-green
                  hold: 1s
                  gates: [{ check: openapi }, { check: contract }, { check: load, timeout: 1m }]
            """
        );
        await WriteAsync(folder, "openapi.yaml", Document);
        await WriteAsync(folder, "released.yaml", Document);
        await WriteAsync(
            folder,
            "fairlead.checks.yaml",
            // The addresses are those of the pipeline: a gate asks the release that is tried, below the same paths.
            """
            openapi: { base: released.yaml }
            contract: { url: http://127.0.0.1:1/ }
            load:
              url: http://127.0.0.1:1/
              stages: [{ rate: 20/1s, for: 3s }]
              requests: [{ path: /whoami }]
              thresholds: [p50 < 300ms, errors < 1%]
            """
        );
        return folder;
    }

    private static Task WriteAsync(string folder, string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(folder, name), text, Stop);
}
