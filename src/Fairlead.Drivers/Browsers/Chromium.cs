using System.Globalization;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Browsers;

/// <summary>Starts the Chromium that is installed; none is ever downloaded. It is spoken with over its DevTools protocol.</summary>
/// <param name="variable">The caller's variables: FAIRLEAD_CHROMIUM names another program.</param>
public sealed class Chromium(World world, Func<string, string?> variable) : IBrowsers
{
    public const string Variable = "FAIRLEAD_CHROMIUM";

    private static readonly string[] Names =
    [
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
        "chrome",
    ];
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>The program; null when there is none.</summary>
    public string? TryFind()
    {
        var path = variable("PATH") ?? "";
        return variable(Variable) is { Length: > 0 } said
            ? Programs.TryFind(said, "/", path)
            : Names.Select(one => Programs.TryFind(one, "/", path)).FirstOrDefault(static one => one is not null);
    }

    public async Task<IBrowser> OpenAsync(CancellationToken stop)
    {
        var program = TryFind() ?? throw new ProblemException(Missing());
        var profile = Directory.CreateTempSubdirectory("fairlead-browser-").FullName;
        var env = BuildEnv.Read(Environment.GetEnvironmentVariables());
        var log = Path.Combine(profile, "said.log");
        var pid = 0;
        try
        {
            pid = Spawner.Start(new(Words(program, profile), profile, env, log, Descriptors: null, CgroupProcs: []));
            var address = await AddressAsync(profile, pid, log, stop);
            var connection = await DevTools.ConnectAsync(address, stop);
            return new ChromiumBrowser(connection, (pid, profile), world);
        }
        catch
        {
            await ChromiumBrowser.EndAsync(pid, profile, world, CancellationToken.None);
            throw;
        }
    }

    private static string[] Words(string program, string profile) =>
        [
            program,
            "--headless=new",
            "--remote-debugging-port=0",
            $"--user-data-dir={profile}",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--mute-audio",
            // The same letters and colours on every machine, as far as its fonts allow.
            "--force-color-profile=srgb",
            "--font-render-hinting=none",
            "--disable-lcd-text",
            "--force-device-scale-factor=1",
            // Chromium refuses to run as root within its sandbox; in a container there is no other user.
            .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(),
            "about:blank",
        ];

    // It writes down where it listens once it does.
    private async Task<Uri> AddressAsync(string profile, int pid, string log, CancellationToken stop)
    {
        var file = Path.Combine(profile, "DevToolsActivePort");
        using var limit = new CancellationTokenSource(StartMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            while (true)
            {
                if (
                    File.Exists(file)
                    && await File.ReadAllLinesAsync(file, stop) is [var port, var path, ..]
                    && int.TryParse(port, CultureInfo.InvariantCulture, out var number)
                )
                {
                    return new Uri($"ws://127.0.0.1:{number}{path}");
                }
                if (Child.HasEnded(pid))
                {
                    throw new ProblemException(Failed("It ended at once.", log));
                }
                await Task.Delay(LookAgain, world.Clock, both.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(Failed($"It was not ready after {StartMax.TotalSeconds:0} s.", log));
        }
    }

    private static Problem Missing() =>
        new(
            "browser.missing",
            What: "There is no Chromium on this machine.",
            Why: $"None of {string.Join(", ", Names)} is on the PATH, and {Variable} names none.",
            Fix: "Install it: apt-get install chromium. Or name a browser of its family: FAIRLEAD_CHROMIUM=/path/to/chrome"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Failed(string why, string log) =>
        new(
            "browser.not-started",
            "Chromium did not start.",
            why,
            "Start it yourself to see more: chromium --headless=new --dump-dom about:blank"
        )
        {
            Evidence = File.Exists(log) ? [.. File.ReadLines(log).Take(200).TakeLast(10)] : [],
        };
}
