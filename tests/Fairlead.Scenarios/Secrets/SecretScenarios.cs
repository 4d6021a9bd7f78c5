using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Secrets;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Canary secrets through whole lives of an app that says them in every form: nothing that is kept has one.</summary>
public sealed class SecretScenarios : IDisposable
{
    private const string Canary = "C4nary+/\"q'uote&<Ve=ry?Secret%>";
    private const string Key =
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\nggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----\n";

    private readonly DirectoryInfo outside = Directory.CreateTempSubdirectory("fairlead-canary-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => outside.Delete(recursive: true);

    [Fact]
    public async Task A_canary_that_is_said_in_every_form_by_builds_crashes_and_programs_is_found_nowhere()
    {
        await using var platform = await Platform.StartAsync();
        var folder = App(platform, "canary", "secrets: [CANARY, { TLS_KEY: { file: true } }]");

        var missing = await platform.RunAsync("plan", folder);
        Assert.True(missing.Code == 9, missing.ToString());
        Assert.Contains(
            "The secret CANARY, which web of canary/production needs, has no value.",
            missing.Messages,
            StringComparison.Ordinal
        );
        Assert.Contains("The secret TLS_KEY", missing.Messages, StringComparison.Ordinal);
        Assert.Equal(9, (await platform.DeployAsync(folder)).Code);

        await SetAsync(platform, "canary", "CANARY", Canary);
        await SetAsync(platform, "canary", "TLS_KEY", Key);
        await Succeeds(platform.DeployAsync(folder));

        var seen = await AskAsync(platform, "canary");
        Assert.Equal(
            (Hash(Canary), Hash(Key), "0o600"),
            (Text(seen, "variable"), Text(seen, "file"), Text(seen, "mode"))
        );
        Assert.DoesNotContain(platform.State, Text(seen, "path"), StringComparison.Ordinal);
        Assert.Equal("tmpfs", new DriveInfo("/dev/shm").DriveFormat);
        Assert.StartsWith("/dev/shm/", Text(seen, "path"), StringComparison.Ordinal);

        // A crash that says it, then a failing build that says it.
        var crash = await platform.DeployAsync(folder, "web.env.MODE=crash");
        Assert.NotEqual(0, crash.Code);
        await File.WriteAllTextAsync(Path.Combine(folder, "fail"), "", Stop);
        var build = await platform.DeployAsync(folder);
        Assert.NotEqual(0, build.Code);
        Assert.Contains("build says ***", build.Messages + build.Output, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "fail"));

        await NothingIsSaidAsync(platform, crash.ToString(), build.ToString());
        var memory = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(platform.State, "instances", "memory.json"), Stop)
        )!["path"]!.GetValue<string>();
        Assert.True(Directory.Exists(memory));
        var (files, bytes, hits) = Search(platform.State);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{files} files, {bytes} bytes, {Needles.Count} forms: {hits.Count} hits"
        );
        Assert.Empty(hits);
        Assert.True(files > 20);

        var journal = await platform.RunAsync("journal", "verify");
        Assert.True(journal.Code == 0, journal.ToString());
        Assert.Equal(0, (await platform.RunAsync("down")).Code);
        Assert.False(Directory.Exists(memory));
        Assert.Empty(Search(platform.State).Hits);
    }

    private static async Task NothingIsSaidAsync(Platform platform, string crash, string build)
    {
        // The stores of logs and errors write what they took within seconds.
        var logs = await EventuallyAsync(
            async () => (await platform.RunAsync("log", "search", "otlp", "--app", "canary", "--json")).Output,
            text => text.Contains("otlp ***", StringComparison.Ordinal)
        );
        string[] said =
        [
            logs,
            crash,
            build,
            (await platform.RunAsync("logs", "canary", "--tail", "500")).ToString(),
            (await platform.RunAsync("log", "search", "debug", "--app", "canary", "--json")).ToString(),
            (await platform.RunAsync("status", "--json")).ToString(),
            (await platform.RunAsync("explain", "canary")).ToString(),
            (await platform.RunAsync("error", "list", "canary", "--json")).ToString(),
            (await platform.RunAsync("secret", "list", "--json")).ToString(),
            (await platform.RunAsync("secret", "history", "CANARY", "--app", "canary", "--json")).ToString(),
        ];
        Assert.Contains("debug: ***", said[3], StringComparison.Ordinal);
        Assert.Contains("half *** whole", said[3], StringComparison.Ordinal);
        Assert.Contains("canary ***", said[7], StringComparison.Ordinal);
        Assert.Empty(
            said.Index()
                .SelectMany(one =>
                    Found(Encoding.UTF8.GetBytes(one.Item)).Select(form => $"answer {one.Index}: {form}")
                )
        );
    }

    [Fact]
    public async Task A_program_that_is_killed_has_its_secret_again_with_no_server_and_a_new_node()
    {
        await using var platform = await Platform.StartAsync();
        var folder = App(platform, "lonely", "secrets: [CANARY]");
        await SetAsync(platform, "lonely", "CANARY", Canary);
        await Succeeds(platform.DeployAsync(folder, "web.env.MODE=quiet"));
        var before = await AskAsync(platform, "lonely");
        using var parentless = new CancellationTokenSource();
        // Killed again and again, so that it does not come back meanwhile.
        var keepingDown = KeepDownAsync(platform, parentless.Token);
        platform.Kill("node");
        using (var program = Process.GetProcessById(before["pid"]!.GetValue<int>()))
        {
            program.Kill();
        }
        var after = await EventuallyAsync(
            () => AskAsync(platform, "lonely"),
            seen => seen["pid"]?.GetValue<int>() is { } pid && pid != before["pid"]!.GetValue<int>()
        );
        await parentless.CancelAsync();
        await keepingDown;
        Assert.Equal(Hash(Canary), Text(after, "variable"));
        Assert.Empty(Search(platform.State).Hits);
    }

    [Fact]
    public async Task A_rotation_gives_the_next_value_with_no_request_lost_and_ends_the_one_before()
    {
        await using var platform = await Platform.StartAsync();
        var folder = App(
            platform,
            "turn",
            "secrets: [CANARY]",
            "deploy: { strategy: rolling }\n    keep: 1s\n    drain: 3s"
        );
        await SetAsync(platform, "turn", "CANARY", Canary);
        await Succeeds(platform.DeployAsync(folder, "web.env.MODE=quiet"));
        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("turn", 50, end.Token, slow: 0);
        var rotated = await platform.AskAsync("secret", "rotate", "CANARY", "--app", "turn");
        Assert.Equal((2, "1 2"), (rotated["version"]!.GetValue<int>(), Text(rotated, "live")));
        await EventuallyAsync(
            async () => (await platform.AskAsync("secret", "history", "CANARY", "--app", "turn"))["versions"]!,
            versions => Text(versions[0]!, "state") == "retired"
        );
        await end.CancelAsync();
        var report = await load;
        TestContext.Current.TestOutputHelper!.WriteLine($"rotation: {report}");
        Assert.True(report.Lost == 0, report.ToString());
        Assert.NotEqual(Hash(Canary), Text(await AskAsync(platform, "turn"), "variable"));
        var list = await platform.AskAsync("secret", "list", "turn");
        Assert.Equal(("2", "web v2"), (Text(list["secrets"]![0]!, "live"), Text(list["secrets"]![0]!, "usedBy")));
        Assert.Equal(5, (await platform.RunAsync("secret", "remove", "CANARY", "--app", "turn", "--yes")).Code);
        Assert.Empty(Search(platform.State).Hits);
    }

    private static IReadOnlyList<(string Form, byte[] Bytes)> Needles { get; } =
    [
        .. new[] { Canary, "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw" }
            .SelectMany(Forms)
            .Append(Key)
            .Select(form => (form, Encoding.UTF8.GetBytes(form))),
    ];

    // Parts in the midst, so that one more or less letter at an end hides nothing.
    private static IEnumerable<string> Forms(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        yield return value;
        for (var offset = 0; offset < 3; offset++)
        {
            var text = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            yield return text[4..16];
            yield return text[4..16].Replace('+', '-').Replace('/', '_');
        }
        yield return Convert.ToHexString(bytes)[4..24];
        yield return Convert.ToHexStringLower(bytes)[4..24];
        yield return Uri.EscapeDataString(value)[..20];
        yield return Uri.EscapeDataString(Uri.EscapeDataString(value))[..24];
        yield return JsonEncodedText.Encode(value).Value[..20];
        yield return JsonSerializer.Serialize(value).Trim('"')[..20];
        yield return WebUtility.HtmlEncode(value)[..20];
        yield return value[..11];
        yield return value[^10..];
    }

    private static IEnumerable<string> Found(byte[] bytes) =>
        Needles.Where(needle => bytes.AsSpan().IndexOf(needle.Bytes) >= 0).Select(needle => needle.Form);

    private static (int Files, long Bytes, IReadOnlyList<string> Hits) Search(string folder)
    {
        var (files, size, hits) = (0, 0L, new List<string>());
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        foreach (var path in Directory.EnumerateFiles(folder, "*", options))
        {
            try
            {
                using var file = new FileStream(
                    path,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete
                );
                var bytes = new byte[file.Length];
                var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
                (files, size) = (files + 1, size + read);
                hits.AddRange(Found(bytes[..read]).Select(form => $"{path}: {form}"));
            }
            catch (IOException)
            {
                // A socket, or a file that is gone by now.
            }
        }
        return (files, size, hits);
    }

    private async Task SetAsync(Platform platform, string app, string name, string value)
    {
        var file = Path.Combine(outside.FullName, name);
        await File.WriteAllTextAsync(file, value, Stop);
        await Succeeds(platform.RunAsync("secret", "set", name, "--app", app, "--file", file));
    }

    private string App(
        Platform platform,
        string name,
        string secrets,
        string more = "deploy: { strategy: blue-green }\n    keep: 1s"
    )
    {
        var folder = platform.App(
            name,
            $"""
            app: {name}
            services:
              web:
                kind: web
                build: python3 build.py
                output: .
                run: python3 app.py
                health: /
                {secrets}
                {more}

            """
        );
        File.Copy(
            Path.Combine(Path.GetDirectoryName(Here())!, "secret-app.py"),
            Path.Combine(folder, "app.py"),
            overwrite: true
        );
        var canary = Path.Combine(outside.FullName, "build-canary");
        File.WriteAllText(canary, Canary);
        File.WriteAllText(
            Path.Combine(folder, "build.py"),
            $"""
            import base64, os, sys
            value = open({JsonSerializer.Serialize(canary)}).read()
            for form in (value, base64.b64encode(value.encode()).decode(), value.encode().hex(), value[:7] + "\n" + value[7:]):
                print("build says", form, flush=True)
            if os.path.exists("fail"):
                sys.exit("error: it cannot be built with " + value)

            """
        );
        return folder;
    }

    private static async Task<JsonNode> AskAsync(Platform platform, string app)
    {
        using var http = new HttpClient
        {
            BaseAddress = new Uri($"http://{platform.Public}/"),
            Timeout = TimeSpan.FromSeconds(10),
        };
        http.DefaultRequestHeaders.Host = $"{app}.localhost";
        using var answer = await http.GetAsync("/", Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : new JsonObject { ["error"] = text };
    }

    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> look, Func<T, bool> isThere)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var seen = await look();
            if (isThere(seen))
            {
                return seen;
            }
            Assert.False(limit.IsCancellationRequested, $"It did not come: {seen}");
            await Task.Delay(200, Stop);
        }
    }

    private static async Task KeepDownAsync(Platform platform, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                platform.Kill("server");
            }
            catch (ArgumentException)
            {
                // It is down already.
            }
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task Succeeds(Task<Platform.Answer> command)
    {
        var answer = await command;
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
