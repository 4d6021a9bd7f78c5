#!/usr/bin/env dotnet
// Every chore of this repository: ./build.cs lists them.
// This file is its own project; what the repository's projects inherit (locked restores, analyzers that forbid processes) is not for it.
#:property TargetFramework=net10.0
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:property RestorePackagesWithLockFile=false
#:property RestoreLockedMode=false
#:property RunAnalyzers=false
#:property TreatWarningsAsErrors=false
#:property GenerateDocumentationFile=false
#:property IsTestProject=true
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

const int WrongUse = 2;
const string FuzzTests = "Fairlead.Tests.Fuzzing.FuzzTests";
const string SoakTests = "Fairlead.Tests.Deploying.Simulation.SoakTests";
const string Scenarios = "Fairlead.Scenarios";
const int AgainMax = 20;
const int LongestShown = 40;
string[] testProjects = ["Fairlead.Tests", Scenarios];
Environment.CurrentDirectory = Root();

return args switch
{
    ["test", .. var rest] => Test(rest),
    ["check"] => Check(),
    ["format"] => Restored() ?? Run("dotnet", ["csharpier", "format", "."]),
    ["fuzz"] => Fuzz(seconds: "10"),
    ["fuzz", "--seconds", var seconds] when IsMinutes(seconds) => Fuzz(seconds),
    ["soak"] => Soak(minutes: "10"),
    ["soak", "--minutes", var minutes] when IsMinutes(minutes) => Soak(minutes),
    ["bench", .. var names] => Bench(["bench", .. names]),
    ["pictures"] => Pictures(),
    ["image"] => Image("localhost/fairlead"),
    ["image", "--name", var name] => Image(name),
    ["kubernetes"] => Run("bash", ["tests/Fairlead.Scenarios/Kubernetes/cluster.sh", "build"]),
    ["load", var url, .. var rest] => Bench(["load", url, .. rest]),
    [] or ["help" or "--help" or "-h"] => Help(Console.Out, 0),
    _ => Help(Console.Error, WrongUse),
};

int Help(TextWriter to, int exitCode)
{
    to.WriteLine(
        """
        Usage: ./build.cs CHORE

          test [-class NAME] [...]   Build all and run every test; the last line counts them. Filters are xunit's own.
          check                      Formatting, warnings and lock files, as a change must leave them.
          format                     Format all code.
          fuzz [--seconds N]         Give damaged inputs to every reader of outside data, N seconds each (10).
          soak [--minutes N]         Simulate deployments with crashes and lost answers for N minutes (10).
          bench [NAME]               Measure; names what there is.
          image [--name NAME]        Make Fairlead's own image, with Fairlead, in artifacts/image/images: an OCI layout.
          pictures                   Start a demo and write pictures of every page of the dashboard to artifacts/pictures.
          kubernetes                 Build the Kubernetes that scenarios meet from Debian's sources, once, into the user's cache.
          load URL [--rate 50] [--for 60s] [--host H]
                                     Send requests at a steady rate and count what became of each.
        """
    );
    return exitCode;
}

int Pictures()
{
    var folder = Path.GetFullPath("artifacts/pictures");
    Environment.SetEnvironmentVariable("FAIRLEAD_PICTURES", folder);
    var project = $"tests/{Scenarios}/{Scenarios}.csproj";
    if (Built(project) is { } unbuilt)
    {
        return unbuilt;
    }
    var code = Run(
        "dotnet",
        [$"artifacts/bin/{Scenarios}/release/{Scenarios}.dll", "-noLogo", "-class", $"{Scenarios}.Dashboard.PageTour"]
    );
    Console.WriteLine(folder);
    return code;
}

int Test(string[] filters)
{
    if (Built("Fairlead.slnx") is { } unbuilt)
    {
        return unbuilt;
    }
    var (sum, exitCode) = (new Counts(0, 0, 0), 0);
    foreach (var project in testProjects)
    {
        var results = Path.GetFullPath($"artifacts/results/{project}");
        Directory.CreateDirectory(results);
        var report = Path.Combine(results, "tests.json");
        File.Delete(report);
        Console.WriteLine($"== {project}");
        var code = Run(
            "dotnet",
            [
                $"artifacts/bin/{project}/release/{project}.dll",
                "-noLogo",
                .. Console.IsOutputRedirected ? ["-noColor"] : Array.Empty<string>(),
                // Most of a scenario is waiting, so more of them go on at once than there are cores.
                .. project == Scenarios ? ["-maxThreads", $"{Environment.ProcessorCount + 1}"] : Array.Empty<string>(),
                "-result-ctrf",
                report,
                .. filters,
            ]
        );
        var counts = Counts.TryRead(report);
        if (project == Scenarios && counts is { Failed: > 0 and <= AgainMax } && filters.Length == 0)
        {
            (counts, code) = Again(project, report, counts);
        }
        if (project == Scenarios && counts is not null)
        {
            Console.WriteLine($"== longest: {string.Join(", ", Counts.Longest(report, LongestShown))}");
        }
        // A run that broke off before it could count has failed once.
        sum += counts ?? new Counts(0, 1, 0);
        exitCode =
            code != 0 ? code
            : counts is null ? 1
            : exitCode;
    }
    Console.WriteLine($"{sum.Passed} passed, {sum.Failed} failed, {sum.Skipped} skipped");
    return sum.Failed > 0 && exitCode == 0 ? 1 : exitCode;
}

// Scenarios share the cores with each other and with real peers. What failed among them is tried once more, alone, and said by name: a
// scenario that fails alone has found something.
(Counts Counts, int ExitCode) Again(string project, string report, Counts first)
{
    var failed = Counts.FailedMethods(report);
    Console.WriteLine($"== {project}, alone: {string.Join(", ", failed)}");
    var alone = Path.ChangeExtension(report, "alone.json");
    File.Delete(alone);
    var code = Run(
        "dotnet",
        [
            $"artifacts/bin/{project}/release/{project}.dll",
            "-noLogo",
            .. Console.IsOutputRedirected ? ["-noColor"] : Array.Empty<string>(),
            "-parallelMode",
            "none",
            "-result-ctrf",
            alone,
            .. failed.SelectMany(name => new[] { "-method", name }),
        ]
    );
    if (Counts.TryRead(alone) is not { } second)
    {
        return (first, code == 0 ? 1 : code);
    }
    if (second.Failed > 0)
    {
        Console.WriteLine($"== failed, alone too: {string.Join(", ", Counts.FailedMethods(alone))}");
    }
    var mended = Math.Max(0, first.Failed - second.Failed);
    Console.WriteLine($"{mended} of {first.Failed} scenarios that failed beside others passed alone.");
    var skipped = Math.Min(mended, second.Skipped);
    return (new(first.Passed + mended - skipped, first.Failed - mended, first.Skipped + skipped), code);
}

int Check()
{
    if (Restored() is { } unrestored)
    {
        return unrestored;
    }
    (string Program, string[] Words)[] steps =
    [
        ("dotnet", ["csharpier", "check", "."]),
        ("dotnet", ["restore", "Fairlead.slnx", "--force-evaluate", "-v", "quiet"]),
        ("dotnet", ["build", "Fairlead.slnx", "--no-restore", "-v", "quiet", "--nologo"]),
        ("git", ["diff", "--exit-code", "--stat", "--", "*packages.lock.json"]),
    ];
    return steps.Select(step => Run(step.Program, step.Words)).FirstOrDefault(code => code != 0);
}

int Soak(string minutes)
{
    Environment.SetEnvironmentVariable("FAIRLEAD_SOAK_MINUTES", minutes);
    return Built("tests/Fairlead.Tests")
        ?? Run("dotnet", ["artifacts/bin/Fairlead.Tests/release/Fairlead.Tests.dll", "-noLogo", "-class", SoakTests]);
}

int Fuzz(string seconds)
{
    Environment.SetEnvironmentVariable("FAIRLEAD_FUZZ_SECONDS", seconds);
    return Built("tests/Fairlead.Tests")
        ?? Run(
            "dotnet",
            [
                "artifacts/bin/Fairlead.Tests/release/Fairlead.Tests.dll",
                "-noLogo",
                "-showLiveOutput",
                "-class",
                FuzzTests,
            ]
        );
}

// What people wait for is what they start: the program as its launcher builds it.
int Bench(string[] words) =>
    words is ["bench", "pipelines", ..] && Run("./fairlead", ["version"]) is not 0 and var code
        ? code
        : Run("dotnet", ["run", "--project", "tests/Fairlead.Bench", "-c", "Release", "-v", "quiet", "--", .. words]);

// It stands on this machine's .NET and libraries, so nothing is fetched; what is for other systems is left out.
int Image(string name)
{
    const string folder = "artifacts/image/app";
    if (Directory.Exists(folder))
    {
        Directory.Delete(folder, recursive: true);
    }
    if (
        Run(
            "dotnet",
            ["publish", "src/Fairlead", "-c", "Release", "-o", folder, "-v", "quiet", "--nologo", "-p:DebugType=none"]
        )
        is not 0
            and var code
    )
    {
        return code;
    }
    foreach (var one in Directory.EnumerateDirectories($"{folder}/runtimes").Where(one => !IsOfThisMachine(one)))
    {
        Directory.Delete(one, recursive: true);
    }
    foreach (var one in Directory.EnumerateFiles(folder).Where(one => Path.GetExtension(one) is ".pdb" or ".xml"))
    {
        File.Delete(one);
    }
    var version = FileVersionInfo.GetVersionInfo($"{folder}/fairlead.dll").ProductVersion!.Split('+')[0];
    string[] words =
    [
        $"{folder}/fairlead.dll",
        "image",
        "pack",
        folder,
        "--name",
        $"{name}:{version}",
        "--run",
        "dotnet",
        "--run",
        "fairlead.dll",
        "--state",
        "artifacts/image",
    ];
    return Run("dotnet", words);
}

static bool IsOfThisMachine(string folder) =>
    Path.GetFileName(folder) is var name
    && (name is "unix" or "linux" || name == System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier);

int? Built(string what) =>
    Run("dotnet", ["build", what, "-c", "Release", "-v", "quiet", "--nologo"]) is not 0 and var code ? code : null;

int? Restored() => Run("dotnet", ["tool", "restore"]) is not 0 and var code ? code : null;

static int Run(string program, string[] words)
{
    using var process = Process.Start(new ProcessStartInfo(program, words))!;
    process.WaitForExit();
    return process.ExitCode;
}

static bool IsMinutes(string text) =>
    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 1440;

static string Root([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

/// <summary>What became of tests.</summary>
sealed record Counts(int Passed, int Failed, int Skipped)
{
    public static Counts operator +(Counts left, Counts right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    /// <summary>Reads the summary of a CTRF report; null when there is none.</summary>
    public static Counts? TryRead(string report)
    {
        if (!File.Exists(report))
        {
            return null;
        }
        using var json = Read(report);
        var summary = json.RootElement.GetProperty("results").GetProperty("summary");
        int Count(string name) => summary.TryGetProperty(name, out var value) ? value.GetInt32() : 0;
        return new(Count("passed"), Count("failed") + Count("other"), Count("skipped") + Count("pending"));
    }

    /// <summary>The classes of a CTRF report whose tests took longest together, with their seconds.</summary>
    public static string[] Longest(string report, int count)
    {
        using var json = Read(report);
        return
        [
            .. json
                .RootElement.GetProperty("results")
                .GetProperty("tests")
                .EnumerateArray()
                .GroupBy(
                    test =>
                        test.GetProperty("name").GetString()!.Split('(')[0] is var name
                            ? name[..Math.Max(0, name.LastIndexOf('.'))]
                            : "",
                    test => test.TryGetProperty("duration", out var took) ? took.GetDouble() / 1000 : 0
                )
                .Select(one => (one.Key, Seconds: one.Sum()))
                .OrderByDescending(one => one.Seconds)
                .Take(count)
                .Select(one => $"{one.Key} {one.Seconds:0} s"),
        ];
    }

    // xunit writes what tests printed as it is, colours of a terminal too, which JSON does not allow in a text.
    private static JsonDocument Read(string report)
    {
        var bytes = File.ReadAllBytes(report);
        foreach (ref var one in bytes.AsSpan())
        {
            one = one < (byte)' ' ? (byte)' ' : one;
        }
        return JsonDocument.Parse(bytes);
    }

    /// <summary>The methods of a CTRF report's failed tests, each once.</summary>
    public static string[] FailedMethods(string report)
    {
        using var json = Read(report);
        return
        [
            .. json
                .RootElement.GetProperty("results")
                .GetProperty("tests")
                .EnumerateArray()
                .Where(test => test.GetProperty("status").GetString() is "failed" or "other")
                .Select(test => test.GetProperty("name").GetString()!.Split('(')[0])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }
}
