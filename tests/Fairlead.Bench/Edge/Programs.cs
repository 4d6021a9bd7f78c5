using System.Diagnostics;
using System.Globalization;

namespace Fairlead.Bench.Edge;

/// <summary>Programs of this machine.</summary>
internal static class Programs
{
    /// <summary>Where a program is, administrators' folders included; null when it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Concat(["/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>The words that keep a program on one core, where there are several.</summary>
    public static IReadOnlyList<string> Pinned(int core, params IReadOnlyList<string> words) =>
        Environment.ProcessorCount > 1 && Find("taskset") is { } taskset
            ? [taskset, "-c", core.ToString(CultureInfo.InvariantCulture), .. words]
            : words;

    public static Process Start(IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? env = null)
    {
        var order = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in env ?? new Dictionary<string, string>())
        {
            order.Environment[name] = value;
        }
        var process = Process.Start(order)!;
        // Unread pipes fill up and stop who writes.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    public static async Task<string> OutputOfAsync(IReadOnlyList<string> words)
    {
        using var process = Process.Start(
            new ProcessStartInfo(words[0], words.Skip(1))
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await error;
        await process.WaitForExitAsync();
        return output;
    }
}
