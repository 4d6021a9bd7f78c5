using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>What tools say of their version. It is long and differs in its letters; the first line with a number tells them apart.</summary>
internal static class ToolVersions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="place">Where it is asked, and an id for that.</param>
    /// <param name="run">Runs a command there.</param>
    /// <returns>Null when there is no such program.</returns>
    public static async Task<string?> AskAsync(
        string tool,
        (string Folder, string Id) place,
        Func<TaskOrder, Action<string>, CancellationToken, Task<TaskEnd>> run,
        CancellationToken stop
    )
    {
        string? said = null;
        string[] words = tool switch
        {
            "go" => ["go", "version"],
            "java" => ["java", "-version"],
            // Where both are, the one without a number may be Python 2; where one is, it is this one.
            "python" => ["python3", "--version"],
            _ => [tool, "--version"],
        };
        var env = new Dictionary<string, string>();
        try
        {
            var end = await run(
                new($"version-{place.Id}", words, place.Folder, env, Patience, Log: null),
                line => said ??= line.Any(char.IsAsciiDigit) ? line.Trim() : null,
                stop
            );
            return end.ExitCode == 0 ? said ?? "" : null;
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
