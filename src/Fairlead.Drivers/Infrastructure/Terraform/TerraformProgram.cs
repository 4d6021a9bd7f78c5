using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
#pragma warning disable RS0030 // The one place that starts Terraform.

namespace Fairlead.Drivers.Infrastructure.Terraform;

/// <summary>
/// Runs Terraform, or what is called like it, with arguments as a list and its output in a file: it must be able to go on when we are
/// killed, since what it does not write to its state is lost.
/// </summary>
/// <param name="name"><c>terraform</c> or <c>tofu</c>.</param>
internal sealed class TerraformProgram(string name, World world)
{
    // The words are the script's arguments: no shell reads any of them. What it warns of stands apart from what it is asked for: of a
    // configuration file that is not there, or of a provider that is under development, it tells whoever asks for JSON too.
    private const string IntoFile = "exec \"$@\" > \"$0\" 2> \"$0.err\" < /dev/null";
    private const string Complaints = ".err";
    private const int OutputBytesMax = 64 << 20;
    private const int SigInt = 2;
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(250);

    /// <summary>What it needs of the server's environment beside what a cloud's driver says.</summary>
    private static readonly string[] Passed =
    [
        "PATH",
        "HOME",
        "TMPDIR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "TF_CLI_CONFIG_FILE",
        "TF_PLUGIN_CACHE_DIR",
    ];

    public string Name => name;

    /// <param name="words">Without the program itself.</param>
    /// <param name="limit">After which it is told to end, and then waited for as long again.</param>
    /// <exception cref="ProblemException">It is not there, or its output is too long.</exception>
    public async Task<TerraformAnswer> RunAsync(
        TerraformFolder folder,
        ProvisionWork work,
        IReadOnlyList<string> words,
        TimeSpan limit,
        CancellationToken stop
    )
    {
        var output = Path.Combine(folder.Code, $"output-{words[0]}.txt");
        using var process = Start(folder.Code, output, work, words);
        using var late = new CancellationTokenSource(limit, world.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        await WaitAsync(process, (output, work.Say), either.Token);
        if (!process.HasExited)
        {
            // Told once, it ends what is under way and writes its state; told twice, it would not.
            _ = Posix.Kill(process.Id, SigInt);
            using var patience = new CancellationTokenSource(limit, world.Clock);
            await WaitAsync(process, (output, work.Say), patience.Token);
        }
        var (text, complaints) = (Read(output), Read(output + Complaints));
        File.Delete(output);
        File.Delete(output + Complaints);
        stop.ThrowIfCancellationRequested();
        return new(
            process.HasExited ? process.ExitCode : -1,
            text,
            complaints,
            IsLate: late.IsCancellationRequested || !process.HasExited
        );
    }

    private async Task WaitAsync(Process process, (string Path, Action<string> Say) output, CancellationToken stop)
    {
        var seen = 0;
        while (!process.HasExited && !stop.IsCancellationRequested)
        {
            await Task.WhenAny(
                process.WaitForExitAsync(CancellationToken.None),
                Task.Delay(LookPause, world.Clock, stop)
            );
            seen = Tell(output, seen);
        }
    }

    private static int Tell((string Path, Action<string> Say) output, int seen)
    {
        var lines = Read(output.Path).Split('\n');
        // The last one may be half of a line.
        foreach (var line in lines[Math.Min(seen, lines.Length - 1)..^1])
        {
            if (TerraformMessages.Progress(line) is { } text)
            {
                output.Say(text);
            }
        }
        return lines.Length - 1;
    }

    private static string Read(string path)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            var bytes = new byte[Math.Min(file.Length, OutputBytesMax)];
            file.ReadExactly(bytes);
            return Encoding.UTF8.GetString(bytes);
        }
        catch (FileNotFoundException)
        {
            return ""; // It has not begun to write.
        }
    }

    private Process Start(string folder, string output, ProvisionWork work, IReadOnlyList<string> words)
    {
        var options = new ProcessStartInfo("setsid") { UseShellExecute = false, WorkingDirectory = folder };
        string[] all = ["/bin/sh", "-c", IntoFile, output, name, .. words];
        foreach (var word in all)
        {
            options.ArgumentList.Add(word);
        }
        options.Environment.Clear();
        foreach (var (variable, value) in EnvOf(work))
        {
            options.Environment[variable] = value;
        }
        var path = options.Environment.TryGetValue("PATH", out var said) ? said ?? "" : "";
        foreach (var program in new[] { name, "setsid" })
        {
            if (!Tools.IsThere(program, folder, path))
            {
                throw new ProblemException(
                    Tools.Missing(program, $"The infrastructure of {work.Site}") with
                    {
                        Code = "infra.no-tool",
                    }
                );
            }
        }
        try
        {
            return Process.Start(options)!;
        }
        catch (Win32Exception caught)
        {
            throw new ProblemException(
                TerraformProblems.Failed($"{name} could not be started.", caught.Message, name),
                caught
            );
        }
    }

    private static Dictionary<string, string> EnvOf(ProvisionWork work)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TF_IN_AUTOMATION"] = "1",
            ["TF_INPUT"] = "0",
            ["CHECKPOINT_DISABLE"] = "1",
        };
        foreach (var variable in Passed)
        {
            if (Environment.GetEnvironmentVariable(variable) is { } value)
            {
                env[variable] = value;
            }
        }
        foreach (var (variable, value) in work.Env)
        {
            env[variable] = value;
        }
        return env;
    }
}

/// <param name="Output">What it was asked for.</param>
/// <param name="Complaints">What else it said.</param>
/// <param name="IsLate">It was told to end because it took too long.</param>
internal sealed record TerraformAnswer(int Code, string Output, string Complaints, bool IsLate)
{
    /// <summary>All that it said.</summary>
    public IReadOnlyList<string> Lines => $"{Output}\n{Complaints}".Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
