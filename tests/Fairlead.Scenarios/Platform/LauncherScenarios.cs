using System.Runtime.CompilerServices;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;

namespace Fairlead.Scenarios.Platform;

/// <summary>The launcher in a copy of the tree, with a stand-in for the SDK: what matters is when it builds and what it runs.</summary>
public sealed class LauncherScenarios : IDisposable
{
    // A publish that takes a moment and leaves a program which says where it is and what it was told.
    private const string Dotnet = """
        #!/bin/sh
        case $1 in
        --version) echo "${SDK:-10.0.401}" ;;
        --list-sdks) echo "9.0.100 [/usr]" ;;
        publish)
            echo built >>"$BUILDS"
            [ -z "${BROKEN:-}" ] || { echo "src/Program.cs(1,1): error CS1002: ; expected"; exit 1; }
            sleep 0.3
            case "$*${AHEAD:-}" in
            *CompilesAhead=truemissing) echo 'error NU1101: no package microsoft.netcore.app.crossgen2'; exit 1 ;;
            esac
            while [ "$1" != -o ]; do shift; done
            printf '#!/bin/sh\necho ran "$@"\n' >"$2/fairlead"
            chmod +x "$2/fairlead"
            ;;
        esac
        """;

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string root = Directory.CreateTempSubdirectory("fairlead-launcher-").FullName;

    public LauncherScenarios()
    {
        Directory.CreateDirectory(Path.Combine(root, "src"));
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        File.WriteAllText(Path.Combine(root, "src", "Program.cs"), "");
        File.Copy(Path.Combine(Here(), "../../../fairlead"), Path.Combine(root, "fairlead"));
        File.SetUnixFileMode(Path.Combine(root, "fairlead"), Executable);
        File.WriteAllText(Path.Combine(root, "bin", "dotnet"), Dotnet);
        File.SetUnixFileMode(Path.Combine(root, "bin", "dotnet"), Executable);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Builds => File.Exists(BuildsFile) ? File.ReadAllLines(BuildsFile).Length : 0;

    private string BuildsFile => Path.Combine(root, "builds");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task It_builds_once_and_again_only_when_a_source_changed()
    {
        Assert.Equal(
            (0, "building Fairlead (first use, about a minute)...\nran up --json\n"),
            await RunAsync(["up", "--json"], Stop)
        );
        Assert.Equal((0, "ran a b c\n"), await RunAsync(["a b", "c"], Stop));

        File.SetLastWriteTimeUtc(
            Path.Combine(root, "src", "Program.cs"),
            TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2)
        );
        Assert.Equal((0, "building Fairlead (its sources changed, about 30 s)...\nran\n"), await RunAsync([], Stop));
        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task Where_nobody_has_the_compiler_that_works_ahead_of_time_it_is_built_without()
    {
        var (code, said) = await RunAsync(["up"], Stop, more: ("AHEAD", "missing"));

        Assert.Equal(
            (
                0,
                $"""
                building Fairlead (first use, about a minute)...
                note: Fairlead is not compiled ahead of time, so commands start slower; {root}/artifacts/fairlead/ahead.log says why.
                ran up

                """
            ),
            (code, said)
        );
        Assert.Contains(
            "crossgen2",
            await File.ReadAllTextAsync(Path.Combine(root, "artifacts/fairlead/ahead.log"), Stop),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Two_at_once_build_once()
    {
        var both = await Task.WhenAll(RunAsync(["one"], Stop), RunAsync(["two"], Stop));

        Assert.Equal([0, 0], both.Select(one => one.Code));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task A_lock_whose_owner_died_is_no_lock()
    {
        Directory.CreateDirectory(Path.Combine(root, "artifacts/fairlead/.lock"));
        await File.WriteAllTextAsync(Path.Combine(root, "artifacts/fairlead/.lock/pid"), "999999999", Stop);

        Assert.Equal(0, (await RunAsync([], Stop)).Code);
    }

    [Fact]
    public async Task It_finds_its_folder_through_links()
    {
        Directory.CreateDirectory(Path.Combine(root, "far"));
        File.CreateSymbolicLink(Path.Combine(root, "far", "one"), "../fairlead");
        File.CreateSymbolicLink(Path.Combine(root, "two"), Path.Combine(root, "far", "one"));

        var (code, said) = await RunAsync(["version"], Stop, program: "two");

        Assert.Equal((0, "ran version"), (code, said.Split('\n')[^2]));
    }

    [Fact]
    public async Task Without_the_sdk_or_with_an_older_one_it_says_what_to_install()
    {
        var (none, said) = await RunAsync([], Stop, path: WithoutDotnet());
        Assert.Equal(1, none);
        Assert.Contains("apt-get install dotnet-sdk-10.0", said, StringComparison.Ordinal);

        var (older, saidOlder) = await RunAsync([], Stop, more: ("SDK", "9.0.100"));
        Assert.Equal(1, older);
        Assert.Contains("9.0.100", saidOlder, StringComparison.Ordinal);
        Assert.Equal(0, Builds);
    }

    [Fact]
    public async Task A_build_that_fails_is_shown_and_leaves_nothing_behind()
    {
        var (code, said) = await RunAsync([], Stop, more: ("BROKEN", "1"));

        Assert.Equal(1, code);
        Assert.Contains("error CS1002", said, StringComparison.Ordinal);
        Assert.Equal(
            ["build.log"],
            Directory.GetFileSystemEntries(Path.Combine(root, "artifacts/fairlead")).Select(Path.GetFileName)
        );
    }

    /// <summary>A PATH that has what every system has, wherever this one keeps its SDK.</summary>
    private string WithoutDotnet()
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "basics")).FullName;
        foreach (var name in (string[])["cat", "dirname", "find", "head", "mkdir", "mv", "readlink", "rm", "sleep"])
        {
            File.CreateSymbolicLink(Path.Combine(folder, name), Programs.Find(name, "/", "/usr/bin:/bin"));
        }
        return folder;
    }

    private async Task<(int? Code, string Said)> RunAsync(
        string[] words,
        CancellationToken stop,
        string program = "fairlead",
        string? path = null,
        (string Name, string Value)? more = null
    )
    {
        var log = Path.Combine(root, $"said-{Guid.NewGuid():N}");
        var env = new Dictionary<string, string>
        {
            ["PATH"] = path ?? $"{root}/bin:/usr/bin:/bin",
            ["BUILDS"] = BuildsFile,
            ["DOTNET_ROOT"] = path is null ? "/nowhere" : "",
        };
        if (more is var (name, value))
        {
            env[name] = value;
        }
        var pid = Spawner.Start(new SpawnOrder([Path.Combine(root, program), .. words], root, env, log, null, []));
        var ending = await Child.WaitAsync(pid, new World(TimeProvider.System, new Random(1)), stop);
        return (ending.Code, await File.ReadAllTextAsync(log, stop));
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
