using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
#pragma warning disable RS0030 // The one place that starts git.

namespace Fairlead.Drivers.Git;

/// <summary>Runs git with arguments as a list, an environment said in full, and nobody's settings.</summary>
internal sealed class GitProgram(World world)
{
    private const int AnswerBytesMax = 64 << 20;
    private const int ErrorLettersMax = 4_000;
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(5);

    /// <exception cref="ProblemException">There is no git, or its answer is too long.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired; all that it began is gone.</exception>
    public async Task<GitAnswer> RunAsync(GitCall call, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var process = Start(call);
        process.StandardInput.Close();
        var output = ReadAsync(process.StandardOutput.BaseStream, AnswerBytesMax, CancellationToken.None);
        var errors = ReadAsync(process.StandardError.BaseStream, ErrorLettersMax, CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(stop);
        }
        finally
        {
            // setsid made it the leader of a group with its own number; what it began, such as ssh, is in it.
            _ = Posix.Kill(-process.Id, Posix.SigKill);
            await Task.WhenAny(
                Task.WhenAll(output, errors),
                Task.Delay(PipeGrace, world.Clock, CancellationToken.None)
            );
        }
        var (bytes, isCut) = await output;
        return isCut
            ? throw new ProblemException(
                GitProblems.TooMuch(call.Source, $"git says more than {AnswerBytesMax >> 20} MiB")
            )
            : new(process.ExitCode, Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString((await errors).Bytes));
    }

    private static Process Start(GitCall call)
    {
        var options = new ProcessStartInfo("setsid")
        {
            UseShellExecute = false,
            WorkingDirectory = call.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (IEnumerable<string>)["--wait", "git", .. call.Words])
        {
            options.ArgumentList.Add(word);
        }
        options.Environment.Clear();
        foreach (var (name, value) in call.Env)
        {
            options.Environment[name] = value;
        }
        foreach (var program in new[] { "git", "setsid" })
        {
            if (!Tools.IsThere(program, call.Folder, call.Env["PATH"]))
            {
                throw new ProblemException(
                    Tools.Missing(program, $"The source '{call.Source}'") with
                    {
                        Code = "git.missing",
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
                GitProblems.Failed(call.Source, "git could not be started", caught.Message),
                caught
            );
        }
    }

    // What is too long is read to its end all the same, so that it does not wait for us for ever.
    private static async Task<(byte[] Bytes, bool IsCut)> ReadAsync(Stream from, int max, CancellationToken stop)
    {
        using var kept = new MemoryStream();
        var (buffer, isCut) = (new byte[16 << 10], false);
        for (int count; (count = await from.ReadAsync(buffer, stop)) > 0; )
        {
            var room = Math.Min(count, max - (int)kept.Length);
            kept.Write(buffer, 0, room);
            isCut |= room < count;
        }
        return (kept.ToArray(), isCut);
    }
}

/// <param name="Source">For whom, in problems.</param>
/// <param name="Env">All of its environment.</param>
internal sealed record GitCall(
    string Source,
    IReadOnlyList<string> Words,
    string Folder,
    IReadOnlyDictionary<string, string> Env
);

/// <param name="Errors">The first 4,000 letters of what it complained about.</param>
internal sealed record GitAnswer(int Code, string Output, string Errors);
