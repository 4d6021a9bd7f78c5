using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;
#pragma warning disable RS0030 // The one place that starts the tools of databases and repositories.

namespace Fairlead.Drivers.Data.Backups;

/// <summary>A tool that takes a stream, gives one, or both: arguments as a list, secrets in its environment alone, its complaints kept.</summary>
internal sealed record ToolRun(IReadOnlyList<string> Words)
{
    private const int ComplaintLettersMax = 16 * 1024;
    private const int LinesMax = 12;
    private const int KilledCode = 128 + Posix.SigKill;

    private static readonly string[] Passed =
    [
        "PATH",
        "HOME",
        "TMPDIR",
        "LANG",
        "TZ",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NO_PROXY",
    ];

    // Servers' own programs are in none of the usual places.
    private const string MorePlaces = ":/usr/local/sbin:/usr/sbin:/sbin";

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>The package that has the program, for those who lack it.</summary>
    public string Package { get; init; } = "";

    /// <summary>Starts it, gives it what is written, and takes what it says.</summary>
    /// <param name="write">Writes its input; null for none.</param>
    /// <param name="read">Reads its output; null throws it away.</param>
    /// <exception cref="ProblemException">It is not there, or ends badly.</exception>
    public async Task RunAsync(
        Func<Stream, CancellationToken, Task>? write,
        Func<Stream, CancellationToken, Task>? read,
        CancellationToken stop
    )
    {
        using var process = Start();
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var complaints = ComplaintsAsync(process.StandardError, CancellationToken.None);
        var reading = ReadAsync(process, read ?? DrainAsync, broken.Token);
        try
        {
            var failure = await WriteAsync(process, write, broken.Token);
            if (failure is not null && !process.HasExited)
            {
                // Its input is never closed by us then: it would take what it has for all of it.
                _ = Posix.Kill(process.Id, Posix.SigKill);
            }
            var trouble = await reading;
            await process.WaitForExitAsync(stop);
            if (failure is ProblemException or not (null or IOException))
            {
                throw failure;
            }
            if (trouble is not null && process.ExitCode is 0 or KilledCode)
            {
                throw trouble; // Whoever reads found it, and ended the tool for it.
            }
            if (process.ExitCode != 0 || failure is not null)
            {
                throw new ProblemException(Failed(process.ExitCode, await complaints), failure);
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                _ = Posix.Kill(process.Id, Posix.SigKill);
            }
        }
    }

    /// <summary>Runs it and gives all that it says, at most 64 MiB.</summary>
    /// <exception cref="ProblemException">As above.</exception>
    public async Task<string> AskAsync(CancellationToken stop)
    {
        var said = new MemoryStream();
        await RunAsync(write: null, (stream, end) => stream.CopyToAsync(new Bounded(said), end), stop);
        return Encoding.UTF8.GetString(said.GetBuffer(), 0, (int)said.Length);
    }

    /// <summary>Where the program is; null where it is not.</summary>
    public static string? Find(string program, params string[] places) =>
        Programs.TryFind(
            program,
            "/",
            $"{Environment.GetEnvironmentVariable("PATH")}{MorePlaces}:{string.Join(':', places)}"
        );

    private static async Task<Exception?> WriteAsync(
        Process process,
        Func<Stream, CancellationToken, Task>? write,
        CancellationToken stop
    )
    {
        try
        {
            if (write is not null)
            {
                await write(process.StandardInput.BaseStream, stop);
                await process.StandardInput.BaseStream.FlushAsync(stop);
            }
            process.StandardInput.Close();
            return null;
        }
        catch (Exception caught) when (caught is IOException or ProblemException or OperationCanceledException)
        {
            return caught;
        }
    }

    private static async Task<Exception?> ReadAsync(
        Process process,
        Func<Stream, CancellationToken, Task> read,
        CancellationToken stop
    )
    {
        try
        {
            await read(process.StandardOutput.BaseStream, stop);
            return null;
        }
        catch (Exception caught) when (caught is IOException or ProblemException or OperationCanceledException)
        {
            // Nobody reads on: it must not wait for that.
            _ = Posix.Kill(process.Id, Posix.SigKill);
            return caught;
        }
    }

    private static Task DrainAsync(Stream stream, CancellationToken stop) => stream.CopyToAsync(Stream.Null, stop);

    private static async Task<string> ComplaintsAsync(StreamReader reader, CancellationToken stop)
    {
        var kept = new StringBuilder();
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (kept.Length < ComplaintLettersMax)
            {
                kept.AppendLine(line);
            }
        }
        return kept.ToString();
    }

    private Process Start()
    {
        var options = new ProcessStartInfo(Find(Words[0]) ?? Words[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var word in Words.Skip(1))
        {
            options.ArgumentList.Add(word);
        }
        options.Environment.Clear();
        foreach (var name in Passed)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                options.Environment[name] = value;
            }
        }
        foreach (var (name, value) in Env)
        {
            options.Environment[name] = value;
        }
        try
        {
            return Process.Start(options)!;
        }
        catch (Win32Exception caught)
        {
            throw new ProblemException(
                new Problem(
                    "backup.no-tool",
                    What: $"{Words[0]} could not be started.",
                    Why: caught.Message,
                    Fix: $"Install it on the machine of the server: apt-get install {(Package.Length > 0 ? Package : Words[0])}"
                ),
                caught
            );
        }
    }

    private Problem Failed(int code, string complaints)
    {
        var lines = complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new(
            "backup.tool-failed",
            What: $"{Path.GetFileName(Words[0])} failed.",
            Why: lines is [.., var last]
                ? $"{last} (exit code {code})"
                : $"It ended with exit code {code} and said nothing.",
            Fix: "Mend what it says, then try again: fairlead backup run"
        )
        {
            Evidence = [.. lines.TakeLast(LinesMax)],
        };
    }

    /// <summary>Takes so much and no more.</summary>
    private sealed class Bounded(MemoryStream into) : Stream
    {
        private const int BytesMax = 64 * 1024 * 1024;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => into.Length;
        public override long Position
        {
            get => into.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (into.Length + count > BytesMax)
            {
                throw new IOException($"It says more than {BytesMax} bytes.");
            }
            into.Write(buffer, offset, count);
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
