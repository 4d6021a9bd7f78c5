using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Drivers.State;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.ComposeFiles.Exporting;
using Fairlead.Model.Problems;

namespace Fairlead.Scenarios.Containers;

/// <summary>Every sample of a Compose file is imported, written as one again, and run by a real Compose.</summary>
[Collection(DockerEngine.Collection)]
public sealed partial class ComposeAppsScenarios : IDisposable
{
    /// <summary>Starts of apps are mostly waits for the next look at a health.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan WellMax = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-apps-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Apps_of_Compose_files_run_from_what_is_exported_of_them()
    {
        var peer = await ComposePeer.FindAsync(Stop);
        await using var engine = await DockerEngine.StartAsync(Stop);
        await StandIns.BuildBaseAsync(engine, folder.FullName, Stop);
        var made = new HashSet<string>(StringComparer.Ordinal);
        List<App> apps = [];
        var whole = 0;
        var left = new ConcurrentBag<string>();
        foreach (var golden in await ComposeGolden.AllAsync("Golden", folder, Stop))
        {
            try
            {
                var app = await ExportedAsync(golden, peer);
                // Each third one usually.
                if (whole++ % Extent.Of(usual: 3, whole: 1) == 0)
                {
                    await StandIns.BuildAsync(engine, app.Compose, made, Stop);
                    apps.Add(app);
                }
            }
            catch (ProblemException caught)
            {
                left.Add($"{golden.Name} is no whole app: {caught.Problem.What}");
            }
        }
        var wrong = new ConcurrentBag<string>();
        var ran = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            apps,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Stop },
            async (app, _) =>
            {
                var (said, faults) = await RunAsync(app, peer, engine);
                (faults.Count == 0 ? ran : wrong).Add($"{app.Name}: {string.Join("; ", [said, .. faults])}");
            }
        );
        foreach (var line in ran.Order().Concat(left.Order()))
        {
            TestContext.Current.TestOutputHelper!.WriteLine(line);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{ran.Count} apps ran, {left.Count} could not.");
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Order()));
        Assert.Equal("profiles is no whole app", string.Join(", ", left.Select(static one => one.Split(':')[0])));
        Assert.Equal(apps.Count, ran.Count);
        Assert.True(ran.Count >= Extent.Of(usual: 7, whole: 20), $"Only {ran.Count} ran.");
    }

    /// <param name="Port">Of this machine, where its edge is asked; null where it has none.</param>
    private sealed record App(string Name, string Folder, LoadedApp Loaded, string Compose, int? Port);

    private static string SecretOf(string name) => $"it's $ecret {name}";

    private static async Task<App> ExportedAsync(ComposeGolden golden, ComposePeer peer)
    {
        var loaded = await golden.ImportedAsync(Stop);
        var export = ComposeExport.Run(loaded, FolderTree.Open(golden.Folder));
        var (port, published) = (ComposeScenarios.FreePort(), "127.0.0.1:8080:");
        var fitted = await peer.FittedAsync(export.Compose, golden.Folder, Stop);
        var text = fitted.Replace(published, $"127.0.0.1:{port}:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(golden.Folder, "exported.yaml"), text, Stop);
        foreach (
            var use in loaded
                .Services.SelectMany(static one => one.Service.Secrets ?? [])
                .Where(static one => one.IsFile)
        )
        {
            var path = Path.Combine(golden.Folder, "secrets", use.Secret);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, SecretOf(use.Secret), Stop);
        }
        // What stands within it is in files beside it where Compose is old.
        return new(
            golden.Name,
            golden.Folder,
            loaded,
            export.Compose,
            text.Contains($":{port}:", StringComparison.Ordinal) ? port : null
        );
    }

    /// <summary>What was seen of it, and what was wrong.</summary>
    private static async Task<(string Said, IReadOnlyList<string> Faults)> RunAsync(
        App app,
        ComposePeer peer,
        DockerEngine engine
    )
    {
        var env = app
            .Loaded.Services.SelectMany(static one => one.Service.Secrets ?? [])
            .DistinctBy(static one => one.Secret)
            .ToDictionary(static one => one.Secret, static one => SecretOf(one.Secret));
        env["DOCKER_HOST"] = engine.Address;
        string[] words = ["-p", app.Name, "-f", "exported.yaml"];
        var up = await peer.AskAsync(app.Folder, env, Stop, [.. words, "up", "-d"]);
        try
        {
            return up.Code == 0
                ? await SeenAsync(app, engine)
                : ("", [$"up: {up.Errors}{await StateAsync(app, engine)}"]);
        }
        finally
        {
            await peer.AskAsync(app.Folder, env, Stop, [.. words, "down", "--volumes", "--timeout", "2"]);
        }
    }

    private static async Task<(string Said, IReadOnlyList<string> Faults)> SeenAsync(App app, DockerEngine engine)
    {
        List<string> faults = [];
        for (
            var end = DateTime.UtcNow + WellMax;
            !IsWell(await ContainersAsync(app, engine));
            await Task.Delay(500, Stop)
        )
        {
            if (DateTime.UtcNow > end)
            {
                return ("", [$"it never was well: {await StateAsync(app, engine)}"]);
            }
        }
        var (reached, containers) = (0, 0);
        foreach (var container in (await ContainersAsync(app, engine)).Where(static one => one.IsRunning))
        {
            if (
                app.Loaded.Services.FirstOrDefault(one => one.Service.Name == container.Service)?.Service
                is not { } service
            )
            {
                continue; // The edge.
            }
            containers++;
            if (service.IsStatic)
            {
                continue;
            }
            string[] folders = [.. service.Container?.Image is null ? service.Container?.Volumes?.Values ?? [] : []];
            var seen = await engine.AskAsync(Stop, ["exec", container.Id, "seen", .. folders]);
            if (seen.StartsWith("exit", StringComparison.Ordinal))
            {
                faults.Add($"{service.Name}: {seen}");
                continue;
            }
            var said = JsonNode.Parse(seen)!;
            reached += said["reached"]!.GetValue<int>();
            faults.AddRange(Missing(service, said).Select(one => $"{service.Name}: {one}"));
        }
        var ways = 0;
        foreach (var (service, path) in app.Port is null ? [] : Ways(app))
        {
            var answer = await AnswerAsync(app.Port!.Value, path);
            ways++;
            if (
                !service.IsStatic
                && !(await ContainersAsync(app, engine)).Any(one =>
                    one.Service == service.Name
                    && one.Id.StartsWith(answer, StringComparison.Ordinal)
                    && answer.Length > 0
                )
            )
            {
                faults.Add($"{path} was not answered by {service.Name}: {answer}");
            }
        }
        return ($"{containers} containers, {ways} ways from outside, {reached} between them", faults);
    }

    private static IEnumerable<string> Missing(Model.Apps.Service service, JsonNode seen)
    {
        var env = seen["env"]!;
        foreach (var (name, value) in service.Env)
        {
            if (env[name]?.GetValue<string>() != value)
            {
                yield return $"{name} is {env[name]}, not {value}";
            }
        }
        foreach (var use in service.Secrets ?? [])
        {
            var given = (use.IsFile ? seen["files"]![use.Told] : env[use.Told])?.GetValue<string>();
            if (given != SecretOf(use.Secret))
            {
                yield return $"the secret {use.Told} is {given}";
            }
        }
        foreach (var (path, isWritable) in seen["writable"]!.AsObject())
        {
            if (!isWritable!.GetValue<bool>())
            {
                yield return $"{path} is not writable";
            }
        }
        foreach (var place in seen["unreached"]!.AsArray())
        {
            yield return $"nobody is at {place}";
        }
    }

    private static IEnumerable<(Model.Apps.Service Service, string Path)> Ways(App app) =>
        app.Loaded.Services.SelectMany(static one => one.Service.Routes.Select(path => (one.Service, path)));

    /// <summary>Nothing of Compose waits until what it started last is well.</summary>
    private static async Task<string> AnswerAsync(int port, string path)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var end = DateTime.UtcNow.AddSeconds(20); ; await Task.Delay(300, Stop))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), Stop);
                if (answer.IsSuccessStatusCode || DateTime.UtcNow > end)
                {
                    var text = await answer.Content.ReadAsStringAsync(Stop);
                    return answer.IsSuccessStatusCode ? text : $"{(int)answer.StatusCode} {text}";
                }
            }
            catch (Exception caught)
                when (caught is HttpRequestException or TaskCanceledException && DateTime.UtcNow < end)
            {
                // It is not there yet.
            }
        }
    }

    private sealed record Container(string Id, string Service, string Status)
    {
        public bool IsRunning => Status.StartsWith("Up", StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<Container>> ContainersAsync(App app, DockerEngine engine)
    {
        var said = await engine.AskAsync(
            Stop,
            "ps",
            "--all",
            "--no-trunc",
            "--filter",
            $"label=com.docker.compose.project={app.Name}",
            "--format",
            "{{.ID}}|{{.Label \"com.docker.compose.service\"}}|{{.Status}}"
        );
        return
        [
            .. said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => line.Split('|'))
                .Select(static parts => new Container(parts[0], parts[1], parts[2])),
        ];
    }

    /// <summary>By its own words: all that has a health is healthy, the others run, and what gives volumes to their owners has ended well.</summary>
    private static bool IsWell(IReadOnlyList<Container> containers) =>
        containers.Count > 0
        && containers.All(static one =>
            one.Service.EndsWith("-volumes", StringComparison.Ordinal)
                ? one.Status.StartsWith("Exited (0)", StringComparison.Ordinal)
                : one.IsRunning && !Unwell().IsMatch(one.Status)
        );

    private static async Task<string> StateAsync(App app, DockerEngine engine)
    {
        List<string> lines = [];
        foreach (var one in await ContainersAsync(app, engine))
        {
            lines.Add($"{one.Service} {one.Status}");
            if (!one.IsRunning || Unwell().IsMatch(one.Status))
            {
                lines.Add(
                    await engine.AskAsync(
                        Stop,
                        "inspect",
                        "--format",
                        "{{.State.Error}} {{json .State.Health}}",
                        one.Id
                    )
                );
                lines.Add((await engine.LogsAsync(one.Id, Stop)).Trim());
            }
        }
        return string.Join("\n  ", lines);
    }

    [GeneratedRegex(
        @"\(unhealthy\)|\(health: starting\)|Restarting",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Unwell();
}
