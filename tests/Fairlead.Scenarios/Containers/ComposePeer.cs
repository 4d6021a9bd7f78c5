using System.Diagnostics;

namespace Fairlead.Scenarios.Containers;

/// <summary>A real Compose, whichever this machine has.</summary>
internal sealed class ComposePeer
{
    private readonly string[] words;

    private ComposePeer(string[] words, bool isOld) => (this.words, IsOld) = (words, isOld);

    /// <summary>Version 1, which knows neither names nor files within the file.</summary>
    public bool IsOld { get; }

    public static async Task<ComposePeer> FindAsync(CancellationToken stop)
    {
        foreach (
            var (words, isOld) in new (string[], bool)[] { (["docker", "compose"], false), (["docker-compose"], true) }
        )
        {
            if ((await RunAsync([.. words, "version"], "/", new Dictionary<string, string>(), stop)).Code == 0)
            {
                return new(words, isOld);
            }
        }
        Assert.Skip("Needs Docker Compose (apt-get install docker-compose).");
        throw new InvalidOperationException("A skipped test does not go on.");
    }

    public Task<(int Code, string Output, string Errors)> AskAsync(
        string folder,
        IReadOnlyDictionary<string, string> env,
        CancellationToken stop,
        params string[] more
    ) => RunAsync([.. words, .. more], folder, env, stop);

    /// <summary>What version 1 can read: what stands within the file in files of its own, beside it.</summary>
    public async Task<string> FittedAsync(string compose, string folder, CancellationToken stop)
    {
        if (!IsOld)
        {
            return compose;
        }
        List<string> lines = [];
        var count = 0;
        var above = "";
        var all = compose.Split('\n');
        for (var at = 0; at < all.Length; at++)
        {
            var line = all[at];
            var key = line.Trim();
            var indent = line.Length - line.TrimStart().Length;
            if (key is "dockerfile_inline: |" or "content: |")
            {
                List<string> content = [];
                while (
                    at + 1 < all.Length
                    && (
                        all[at + 1].Length == 0
                        || all[at + 1].StartsWith(new string(' ', indent + 2), StringComparison.Ordinal)
                    )
                )
                {
                    content.Add(all[++at].TrimStart().Replace("$$", "$", StringComparison.Ordinal));
                }
                var file = key[0] == 'd' ? $"part-{++count}" : $"config-{above}";
                await File.WriteAllLinesAsync(Path.Combine(folder, file), content, stop);
                lines.Add($"{line[..indent]}{(key[0] == 'd' ? "dockerfile" : "file")}: {Path.Combine(folder, file)}");
            }
            else if (key == "configs:" && indent > 0)
            {
                // It gives configs to swarms alone.
                var source = all[++at].Split(": ")[1];
                lines.Add($"{line[..indent]}volumes: [\"./config-{source}:{all[++at].Split(": ")[1]}:ro\"]");
            }
            else if (!line.StartsWith("name:", StringComparison.Ordinal) && key != "start_interval:")
            {
                lines.Add(line);
            }
            above = key.TrimEnd(':');
        }
        return $"version: '3.9'\n{string.Join('\n', lines)}";
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(
        string[] words,
        string folder,
        IReadOnlyDictionary<string, string> env,
        CancellationToken stop
    )
    {
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in env)
        {
            start.Environment[name] = value;
        }
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var errors = await process.StandardError.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return (process.ExitCode, await output, errors);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (127, "", missing.Message);
        }
    }
}
