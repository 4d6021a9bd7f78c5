using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Drivers.State;
using Fairlead.Engine.Manifests.ComposeFiles.Exporting;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Scenarios.Containers;

/// <summary>What is read of Compose files, and what is written as one, beside a real Compose.</summary>
[Collection(DockerEngine.Collection)]
public sealed class ComposeScenarios : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-compose-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Every_export_is_taken_by_a_real_compose()
    {
        var peer = await ComposePeer.FindAsync(Stop);
        foreach (var sample in await ComposeGolden.AllAsync("Exports", folder, Stop))
        {
            var place = sample.Folder;
            var app = ComposeGolden.Load(place);
            var text = await peer.FittedAsync(ComposeExport.Run(app, FolderTree.Open(place)).Compose, place, Stop);
            await File.WriteAllTextAsync(Path.Combine(place, "compose.yaml"), text, Stop);
            var env = app
                .Services.SelectMany(static one => one.Service.Secrets ?? [])
                .DistinctBy(static one => one.Secret)
                .ToDictionary(static one => one.Secret, static _ => "x");
            var answer = await peer.AskAsync(place, env, Stop, "-f", "compose.yaml", "config");
            Assert.True(answer.Code == 0, $"{sample.Name}: {answer.Errors}\n{text}");
        }
    }

    [Fact]
    public async Task Files_mean_here_what_they_mean_to_a_real_compose()
    {
        var peer = await ComposePeer.FindAsync(Stop);
        var compared = 0;
        foreach (var sample in await ComposeGolden.AllAsync("Golden", folder, Stop))
        {
            var (place, files, env) = (sample.Folder, sample.Files, sample.Variables);
            var answer = await peer.AskAsync(
                place,
                env,
                Stop,
                [.. files.SelectMany(static file => new[] { "-f", file }), "config"]
            );
            if (answer.Code != 0)
            {
                TestContext.Current.TestOutputHelper!.WriteLine(
                    $"{sample.Name} is refused by this Compose: {answer.Errors.Trim()}"
                );
                continue;
            }
            var ours = ComposeLoader.Load(FolderTree.Open(place), files, null, env, new Notes()).File;
            await File.WriteAllTextAsync(Path.Combine(place, "resolved.yaml"), answer.Output, Stop);
            var theirs = ComposeLoader.Load(FolderTree.Open(place), ["resolved.yaml"], null, env, new Notes()).File;
            foreach (var (name, service) in theirs.Services)
            {
                Assert.Equal(Said(service, ours.Services[name]), Said(ours.Services[name], ours.Services[name]));
                compared++;
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{compared} services were compared.");
        // Version 1 knows only the older half of the words.
        Assert.True(compared >= (peer.IsOld ? 8 : 15), $"Only {compared} services were compared.");
    }

    [Fact]
    public async Task What_is_exported_runs_with_nothing_of_Fairlead()
    {
        var peer = await ComposePeer.FindAsync(Stop);
        await using var engine = await DockerEngine.StartAsync(Stop);
        await PythonImage.BuildAsync(engine.Address, folder.FullName, Stop);
        var port = FreePort();
        Write("api/server.py", Server);
        Write("worker/work.py", Worker);
        Write("secrets/KEY", "open sesame");
        Write("fairlead.yaml", Manifest);
        var export = ComposeExport.Run(ComposeGolden.Load(folder.FullName), FolderTree.Open(folder.FullName));
        var text = await peer.FittedAsync(export.Compose, folder.FullName, Stop);
        Write("compose.yaml", text.Replace("127.0.0.1:8080:", $"127.0.0.1:{port}:", StringComparison.Ordinal));
        var env = new Dictionary<string, string> { ["DOCKER_HOST"] = engine.Address, ["TOKEN"] = "t$ken" };
        var up = await peer.AskAsync(folder.FullName, env, Stop, "-p", "hello", "-f", "compose.yaml", "up", "-d");
        Assert.True(up.Code == 0, $"{up.Errors}{await engine.AskAsync(Stop, "ps", "--all")}{await LogsAsync(engine)}");
        using var http = new HttpClient();
        // The worker waits until the api is well, and so do we.
        Assert.Equal(
            "open sesame t$ken $5 kept",
            await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Stop)
        );
        var ids = await engine.AskAsync(Stop, "ps", "--all", "--format", "{{.Names}} {{.Status}}");
        Assert.Contains("(healthy)", ids, StringComparison.Ordinal);
        var inspected = await engine.AskAsync(
            Stop,
            "inspect",
            "--format",
            "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.Config.User}}",
            ids.Split('\n').First(static line => line.Contains("worker", StringComparison.Ordinal)).Split(' ')[0]
        );
        Assert.Equal("true [ALL] 65532:65532", inspected.Trim());
        var down = await peer.AskAsync(
            folder.FullName,
            env,
            Stop,
            "-p",
            "hello",
            "-f",
            "compose.yaml",
            "down",
            "--volumes",
            "--timeout",
            "2"
        );
        Assert.True(down.Code == 0, down.Errors);
    }

    [Fact]
    public async Task What_is_imported_with_a_ready_image_is_deployed_and_goes_back_to_compose()
    {
        Assert.SkipUnless(File.Exists("/bin/busybox"), "Needs busybox (apt-get install busybox-static).");
        var peer = await ComposePeer.FindAsync(Stop);
        await using var engine = await DockerEngine.StartAsync(Stop);
        await engine.ImportAsync("fairlead.test/store:1", "/bin/busybox", Stop);
        await PythonImage.BuildAsync(engine.Address, folder.FullName, Stop);
        Write("web/server.py", Asking);
        Write("docker-compose.yml", Imported);
        await using var platform = await Voyages.Platform.StartAsync(engine.Env);

        var import = await platform.RunAsync("compose", "import", folder.FullName);
        Assert.True(import.Code == 0, import.ToString());
        var manifest = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "fairlead.yaml"), Stop);
        var deployed = await platform.DeployAsync(folder.FullName);
        Assert.True(deployed.Code == 0, $"{deployed}\n{manifest}\n{await LogsAsync(engine)}");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{platform.Public}/");
        request.Headers.Host = "imported.localhost";
        using var answer = await http.SendAsync(request, Stop);
        // Found by the name that Compose has for it, and told by what it depends on.
        Assert.Equal("pong tcp://store:6379", await answer.Content.ReadAsStringAsync(Stop));

        var port = FreePort();
        var export = ComposeExport.Run(ComposeGolden.Load(folder.FullName), FolderTree.Open(folder.FullName));
        var text = await peer.FittedAsync(export.Compose, folder.FullName, Stop);
        Write("again.yaml", text.Replace("127.0.0.1:8080:", $"127.0.0.1:{port}:", StringComparison.Ordinal));
        var env = new Dictionary<string, string> { ["DOCKER_HOST"] = engine.Address };
        string[] again = ["-p", "again", "-f", "again.yaml"];
        var up = await peer.AskAsync(folder.FullName, env, Stop, [.. again, "up", "-d"]);
        Assert.True(up.Code == 0, $"{up.Errors}{text}{await engine.AskAsync(Stop, "ps", "--all")}");
        Assert.Equal("pong tcp://store:6379", await AnswerAsync(http, port));
        var down = await peer.AskAsync(folder.FullName, env, Stop, [.. again, "down", "--volumes", "--timeout", "2"]);
        Assert.True(down.Code == 0, down.Errors);
    }

    /// <summary>Nothing of Compose waits until what it started last is well.</summary>
    private static async Task<string> AnswerAsync(HttpClient http, int port)
    {
        for (var end = DateTime.UtcNow.AddSeconds(40); ; await Task.Delay(200, Stop))
        {
            try
            {
                return await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Stop);
            }
            catch (HttpRequestException) when (DateTime.UtcNow < end)
            {
                // It is not there yet.
            }
        }
    }

    private const string Imported = """
        name: imported
        services:
          web:
            build:
              context: ./web
              dockerfile_inline: |
                FROM fairlead-compose-test:1
                CMD ["python3", "server.py"]
            ports: ["80:8080"]
            environment: { STORE_ADDRESS: "store:6379" }
            healthcheck: { test: "curl -f http://localhost:8080/healthz || exit 1", interval: 1s }
            depends_on: { store: { condition: service_healthy } }
          store:
            image: "fairlead.test/store:1"
            command: [/busybox, nc, -ll, -p, "6379", -e, /busybox, echo, pong]
            expose: ["6379"]
            user: "65532"
            read_only: true
            healthcheck: { test: [CMD, /busybox, nc, -w, "1", 127.0.0.1, "6379"], interval: 1s }
        """;

    private const string Asking = """
        import os, socket
        from http.server import BaseHTTPRequestHandler, HTTPServer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                host, port = os.environ["STORE_ADDRESS"].split(":")
                with socket.create_connection((host, int(port)), 3) as store:
                    said = store.recv(99).strip() if self.path == "/" else b"well"
                self.send_response(200)
                self.end_headers()
                self.wfile.write(said + b" " + os.environ["STORE_URL"].encode())

        HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
        """;

    private static async Task<string> LogsAsync(DockerEngine engine)
    {
        List<string> logs = [];
        foreach (
            var id in (await engine.AskAsync(Stop, "ps", "--all", "--quiet")).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            logs.Add(await engine.LogsAsync(id, Stop));
        }
        return string.Join('\n', logs);
    }

    private const string Manifest = """
        app: hello
        services:
          api:
            kind: api
            path: ./api
            run: [python3, server.py]
            health: { http: /healthz, every: 1s }
            env: { PRICE: "$5" }
            secrets: { KEY: { file: true }, TOKEN: {} }
            container: { base: "fairlead-compose-test:1", volumes: { data: /data } }
          worker:
            kind: worker
            path: ./worker
            run: [python3, work.py]
            uses: [api]
            container: { base: "fairlead-compose-test:1" }
        environments: { production: { target: docker } }
        """;

    private const string Server = """
        import os
        from http.server import BaseHTTPRequestHandler, HTTPServer

        open("/data/kept", "w").write("kept")

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                key = open(os.environ["KEY_FILE"]).read().strip()
                said = [key, os.environ["TOKEN"], os.environ["PRICE"], open("/data/kept").read()]
                self.wfile.write(" ".join(said).encode())

        HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
        """;

    private const string Worker = """
        import os, time
        print(os.environ["API_URL"], flush=True)
        time.sleep(600)
        """;

    /// <summary>What both must say alike of a service, for the keys that it has here.</summary>
    private static string Said(Piece.Group service, Piece.Group ours)
    {
        // Docker's Compose puts variables of files among the others.
        var names = Entries(ours, "environment")
            .Where(static one => one.Value is Piece.Word { IsNothing: false })
            .Select(static one => one.Key)
            .ToHashSet();
        var environment = Entries(service, "environment")
            .Where(one => names.Contains(one.Key))
            .Select(static one => $"{one.Key}={((Piece.Word)one.Value).Text}")
            .Order(StringComparer.Ordinal);
        var depends = DependencyOrder.Of(service).Select(static one => one.Key).Order(StringComparer.Ordinal);
        return string.Join(
            '\n',
            [
                $"environment {string.Join(' ', environment)}",
                $"depends on {string.Join(' ', depends)}",
                $"ports {Count(service, "ports")}, volumes {Count(service, "volumes")}, expose {Count(service, "expose")}",
                $"image {(service.Find("image") as Piece.Word)?.Text}, user {(service.Find("user") as Piece.Word)?.Text}",
            ]
        );
    }

    private static IReadOnlyList<Piece.Entry> Entries(Piece.Group service, string key) =>
        (service.Find(key) as Piece.Group)?.Entries ?? [];

    private static string Count(Piece.Group service, string key) =>
        ((service.Find(key) as Piece.Row)?.Items.Count ?? 0).ToString(CultureInfo.InvariantCulture);

    private void Write(string path, string text)
    {
        var full = Path.Combine(folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text + "\n");
        // Everybody must be able to read what a user without rights mounts.
        File.SetUnixFileMode(Path.GetDirectoryName(full)!, (UnixFileMode)Convert.ToInt32("755", 8));
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
