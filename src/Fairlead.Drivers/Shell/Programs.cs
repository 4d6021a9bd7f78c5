using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Shell;

/// <summary>Finds programs as <c>execvp</c> would, but on the PATH that the program itself will see.</summary>
public static class Programs
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["bun"] = "npm install -g bun",
        ["cargo"] = "apt-get install cargo",
        ["composer"] = "apt-get install composer",
        ["dotnet"] = "apt-get install dotnet-sdk-10.0",
        ["go"] = "apt-get install golang",
        ["java"] = "apt-get install default-jre-headless",
        ["mvn"] = "apt-get install maven",
        ["node"] = "apt-get install nodejs",
        ["npm"] = "apt-get install npm",
        ["php"] = "apt-get install php-cli",
        ["pip"] = "apt-get install python3-pip",
        ["python"] = "apt-get install python-is-python3",
        ["python3"] = "apt-get install python3",
        ["ruby"] = "apt-get install ruby",
    };

    /// <summary>The absolute path of a program; a word with a slash is relative to the folder.</summary>
    /// <exception cref="ProblemException">It is not there, or may not be executed.</exception>
    public static string Find(string word, string folder, string path) =>
        TryFind(word, folder, path) ?? throw new ProblemException(Missing(word, folder, path));

    /// <summary>As <see cref="Find"/>; null when it is not there.</summary>
    public static string? TryFind(string word, string folder, string path) =>
        (
            word.Contains('/', StringComparison.Ordinal)
                ? [Path.GetFullPath(word, folder)]
                : path.Split(':', StringSplitOptions.RemoveEmptyEntries)
                    .Where(Path.IsPathRooted)
                    .Select(place => Path.Combine(place, word))
        ).FirstOrDefault(file => word.Length > 0 && File.Exists(file) && Libc.access(file, Libc.MayExecute) == 0);

    private static Problem Missing(string word, string folder, string path) =>
        new(
            "process.program-missing",
            What: $"The program '{word}' is not here.",
            Why: word.Contains('/', StringComparison.Ordinal)
                ? $"{Path.GetFullPath(word, folder)} does not exist or may not be executed."
                : $"It is in none of the folders of PATH: {path}",
            Fix: word.Contains('/', StringComparison.Ordinal)
                    ? $"Make the build write it, or say another 'run' in fairlead.yaml. If it is there: chmod +x {word}"
                : Packages.TryGetValue(word, out var install) ? $"Install it: {install}"
                : $"Install '{word}', or add its folder to PATH."
        );
}
