using System.Diagnostics;

namespace Fairlead.Scenarios.Pipelines;

/// <summary>A folder with a pipeline, in which the real program runs.</summary>
internal sealed class CiFolder(IReadOnlyDictionary<string, string> env) : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fairlead-ci-");

    public string State => Path.Combine(root.FullName, "state");

    public string PathOf(string path) => Path.Combine(root.FullName, "work", path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    public void Pipeline(string text) => Write("fairlead.pipeline.yaml", text);

    public async Task<(int Code, string Out, string Error)> RunAsync(CancellationToken stop, params string[] words)
    {
        using var process = Start(words);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output, await error);
    }

    public Process Start(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = PathOf("."),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var word in (string[])[Path.Combine(AppContext.BaseDirectory, "fairlead.dll"), .. words, "--state", State]
        )
        {
            start.ArgumentList.Add(word);
        }
        foreach (var (name, value) in env)
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    public void Dispose() => root.Delete(recursive: true);
}
