using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fairlead.Bench;
using Fairlead.Model.Ports;

namespace Fairlead.Scenarios.Voyages;

/// <summary>A whole Fairlead of its own: its state, its ports, its processes; all of it is gone afterwards.</summary>
public sealed class Platform : IAsyncDisposable
{
    private static readonly TimeSpan CommandMax = TimeSpan.FromMinutes(10);
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-voyage-");

    private readonly IReadOnlyDictionary<string, string> env;

    // Scenarios count what visitors did; those of monitors turn them on.
    private Platform(IReadOnlyDictionary<string, string>? env) =>
        this.env = new Dictionary<string, string>(env ?? new Dictionary<string, string>())
        {
            ["FAIRLEAD_SERVICE_MONITORS"] = env?.GetValueOrDefault("FAIRLEAD_SERVICE_MONITORS") ?? "off",
        };

    public string State => Path.Combine(root.FullName, "state");

    public IPEndPoint Public => IPEndPoint.Parse(Addresses("public"));

    /// <summary>Where apps are reached by TLS.</summary>
    public IPEndPoint Secure => IPEndPoint.Parse(Addresses("https"));

    /// <summary>Where programs reach the server.</summary>
    public IPEndPoint Api => IPEndPoint.Parse(Addresses("api"));

    /// <param name="env">What its environment has beside the test's own.</param>
    /// <param name="more">Words for 'up' beside the usual ones.</param>
    public static async Task<Platform> StartAsync(IReadOnlyDictionary<string, string>? env = null, params string[] more)
    {
        var platform = new Platform(env);
        string[] words = ["up", "--http", "127.0.0.1:0", "--api", "127.0.0.1:0", "--background", .. more];
        var up = await platform.RunAsync(words);
        if (up.Code != 0)
        {
            // What did start must not outlive the test.
            await platform.DisposeAsync();
            Assert.Fail(up.ToString());
        }
        return platform;
    }

    /// <summary>A folder with a copy of a sample and a manifest of the test's own.</summary>
    public string App(string name, string manifest, string sample = "python-hello")
    {
        var folder = Path.Combine(root.FullName, "apps", name);
        Directory.CreateDirectory(folder);
        var source = Path.Combine(Repository(), "samples", sample);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
        File.WriteAllText(Path.Combine(folder, "fairlead.yaml"), manifest);
        return folder;
    }

    /// <summary>A command as a person types it.</summary>
    public Task<Answer> RunAsync(params string[] words) => RunAsync(new Dictionary<string, string>(), words);

    /// <summary>The same with variables of its own.</summary>
    public async Task<Answer> RunAsync(IReadOnlyDictionary<string, string> more, string[] words)
    {
        using var process = Start(words, more);
        var output = process.StandardOutput.ReadToEndAsync();
        var messages = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(CommandMax);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException caught)
        {
            process.Kill();
            throw new TimeoutException($"fairlead {string.Join(' ', words)} did not end.", caught);
        }
        return new(process.ExitCode, await output, await messages);
    }

    public async Task<Answer> DeployAsync(string folder, params string[] sets) =>
        await RunAsync(["deploy", folder, .. sets.SelectMany(set => new[] { "--set", set })]);

    /// <summary>An answer's data.</summary>
    public async Task<JsonNode> AskAsync(params string[] words)
    {
        var answer = await RunAsync([.. words, "--json"]);
        var envelope = JsonNode.Parse(answer.Output.Trim().Split('\n')[^1])!;
        return envelope["data"] ?? throw new InvalidOperationException(answer.ToString());
    }

    /// <summary>Load at a steady rate until it is stopped.</summary>
    public Task<LoadReport> LoadAsync(
        string app,
        int perSecond,
        CancellationToken stop,
        string path = "/",
        int slow = 2
    ) =>
        OpenLoop.RunAsync(
            new Load
            {
                Target = Public,
                Host = $"{app}.localhost",
                Path = path,
                PerSecond = perSecond,
                Duration = TimeSpan.FromMinutes(10),
                SlowPercent = slow,
                SlowPath = "/slow?ms=400",
            },
            stop
        );

    /// <summary>How long a visitor waits who comes now.</summary>
    public async Task<TimeSpan> AnswersAfterAsync(string app)
    {
        var began = Stopwatch.GetTimestamp();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{Public}/") };
        http.DefaultRequestHeaders.Host = $"{app}.localhost";
        using var answer = await http.GetAsync("/", TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>The process of a role now.</summary>
    public int PidOf(string role)
    {
        var notes = JsonNode.Parse(File.ReadAllText(Path.Combine(State, "run", "roles.json")))!;
        var all = notes as JsonArray ?? notes["roles"]?.AsArray() ?? notes.AsObject().First().Value!.AsArray();
        return all.Single(one => one!["role"]!.GetValue<string>() == role)!["pid"]!.GetValue<int>();
    }

    public void Kill(string role)
    {
        using var process = Process.GetProcessById(PidOf(role));
        process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down");
        root.Delete(recursive: true);
    }

    private Process Start(string[] words, IReadOnlyDictionary<string, string> more)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fairlead.dll"), .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = root.FullName,
        };
        start.Environment["FAIRLEAD_STATE"] = State;
        foreach (var (name, value) in env.Concat(more))
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    private string Addresses(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(State, "run", "addresses.json")))![name]!.GetValue<string>();

    private static string Repository([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));

    /// <param name="Output">What programs read.</param>
    /// <param name="Messages">What people read.</param>
    public sealed record Answer(int Code, string Output, string Messages)
    {
        public override string ToString() => $"exit {Code}\n{Output}\n{Messages}";
    }
}
