using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Builds;

/// <summary>
/// What a command prints: all of it to a log, as far as that may grow; the last lines and the first that looks like an
/// error are kept for people. Colours and cursor movements are taken out.
/// </summary>
/// <param name="logPath">Where all of it goes; null for nowhere.</param>
/// <param name="mask">Hides secrets, before a line is kept anywhere.</param>
/// <param name="hidden">Folder whose path is left out of lines, since it means nothing to the reader.</param>
internal sealed partial class BuildOutput(string? logPath, string? hidden = null, LiveMask? mask = null) : IDisposable
{
    public const int LinesMax = 40;

    private const int LogBytesMax = 16 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<string> last = [];
    private readonly StreamWriter? log = logPath is null
        ? null
        : new(logPath, append: false, Encoding.UTF8) { AutoFlush = true };
    private long logged;

    /// <summary>The latest lines.</summary>
    public IReadOnlyList<string> Last
    {
        get
        {
            lock (gate)
            {
                return [.. last];
            }
        }
    }

    /// <summary>What was found in the output, for the deployment to say.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>The first line that looks like an error since <see cref="Begin"/>.</summary>
    public string? FirstError { get; private set; }

    /// <summary>Takes each line as it is kept; null when nobody looks on.</summary>
    public Action<string>? Each { get; init; }

    /// <summary>A command begins: what the one before complained of did not keep it from succeeding.</summary>
    public void Begin(string command)
    {
        Add($"$ {command}");
        lock (gate)
        {
            FirstError = null;
        }
    }

    public void Warn(IReadOnlyList<string> warnings)
    {
        Warnings = warnings;
        foreach (var warning in warnings)
        {
            Add($"warning: {warning}");
        }
    }

    public void Add(string line)
    {
        var text = Plain(line);
        lock (gate)
        {
            last.Enqueue(text);
            if (last.Count > LinesMax)
            {
                last.Dequeue();
            }
            FirstError ??= Error().IsMatch(text) && !NoError().IsMatch(text) ? text.Trim() : null;
            Log(text);
            Each?.Invoke(text);
        }
    }

    /// <summary>Takes what one stream prints, cut anywhere: a secret that is broken over lines is hidden too.</summary>
    public Task ReadAsync(Stream stream, CancellationToken stop) =>
        LineReader.ReadAsync(stream, Add, new PiecewiseMask(mask?.Now ?? SecretMask.None), stop);

    public void Dispose()
    {
        lock (gate)
        {
            log?.Dispose();
        }
    }

    private void Log(string text)
    {
        if (log is null || logged > LogBytesMax)
        {
            return;
        }
        logged += Encoding.UTF8.GetByteCount(text) + 1;
        log.WriteLine(
            logged <= LogBytesMax
                ? text
                : string.Create(CultureInfo.InvariantCulture, $"(what came after {LogBytesMax >> 20} MiB was left out)")
        );
    }

    private string Plain(string line)
    {
        var text = Control().Replace(Escape().Replace(line, ""), "");
        text = mask?.Masked(text) ?? text;
        return hidden is null ? text : text.Replace(hidden + "/", "", StringComparison.Ordinal);
    }

    // Program.cs(3,5): error CS1002 | npm error code E404 | main.go:3:1: undefined: x | SyntaxError: invalid syntax
    // error[E0425]: cannot find value | fatal: not a git repository | make: *** [all] Error 2
    [GeneratedRegex(
        @"\berror\b|\w(Error|Exception)\b|\bERR!|\bfatal\b|\bfailed\b|\bundefined\b|cannot find|not found|no such file|no space left|permission denied|\*\*\*",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Error();

    [GeneratedRegex(
        @"\b(0|no) (errors?|failed)\b|^npm warn\b|: warning |^warning\b",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex NoError();

    // ECMA-48: CSI and OSC sequences, and the two-letter ones.
    [GeneratedRegex(
        @"\x1B(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(\x07|\x1B\\)|[@-Z\\^_])",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\x00-\x08\x0B-\x1F\x7F]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Control();
}
