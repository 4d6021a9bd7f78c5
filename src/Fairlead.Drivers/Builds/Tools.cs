using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Builds;

/// <summary>Programs on the PATH, and how to get those that are missing.</summary>
internal static class Tools
{
    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["dotnet"] = "Install the .NET SDK: apt-get install dotnet-sdk-10.0, or see https://dot.net/download",
        ["node"] = "Install Node.js: apt-get install nodejs, or see https://nodejs.org/en/download",
        ["npm"] = "Install npm: apt-get install npm",
        ["npx"] = "Install npm: apt-get install npm",
        ["yarn"] = "Install Yarn: npm install --global yarn",
        ["pnpm"] = "Install pnpm: npm install --global pnpm",
        ["bun"] = "Install Bun: npm install --global bun",
        ["python3"] = "Install Python: apt-get install python3 python3-venv",
        ["pip"] = "Install pip: apt-get install python3-pip",
        ["pip3"] = "Install pip: apt-get install python3-pip",
        ["uv"] = "Install uv: pip install uv",
        ["poetry"] = "Install Poetry: pip install poetry",
        ["go"] = "Install Go: apt-get install golang-go, or see https://go.dev/dl",
        ["java"] = "Install a Java runtime: apt-get install default-jdk-headless",
        ["javac"] = "Install a Java compiler: apt-get install default-jdk-headless",
        ["mvn"] = "Install Maven: apt-get install maven",
        ["gradle"] = "Install Gradle: apt-get install gradle",
        ["cargo"] = "Install Rust: apt-get install cargo, or see https://rustup.rs",
        ["rustc"] = "Install Rust: apt-get install rustc, or see https://rustup.rs",
        ["ruby"] = "Install Ruby: apt-get install ruby-full",
        ["bundle"] = "Install Bundler: apt-get install ruby-bundler",
        ["php"] = "Install PHP: apt-get install php-cli",
        ["composer"] = "Install Composer: apt-get install composer",
        ["make"] = "Install make: apt-get install make",
        ["gcc"] = "Install a C compiler: apt-get install build-essential",
        ["git"] = "Install Git: apt-get install git",
        ["setsid"] = "Install setsid: apt-get install util-linux",
    };

    /// <param name="program">A name, or a path from the folder.</param>
    public static bool IsThere(string program, string folder, string searchPath) =>
        program.Contains('/')
            ? IsExecutable(Path.Combine(folder, program))
            : searchPath.Split(':').Any(place => IsExecutable(Path.Combine(place, program)));

    public static Problem Missing(string program, string whatFor) =>
        new(
            "build.missing-runtime",
            What: $"{whatFor} needs '{program}', which is not on this machine.",
            Why: program.Contains('/')
                ? $"There is no executable file {program} in its folder."
                : "No folder of the server's PATH has an executable file of that name.",
            Fix: Sources.GetValueOrDefault(
                program,
                $"Install {program}, or put its folder on the PATH of 'fairlead up'."
            )
        );

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & AnyExecute) != UnixFileMode.None;
}
