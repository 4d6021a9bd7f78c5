using Fairlead.Faces.Cli.Showing;

namespace Fairlead.Faces.Cli;

/// <summary>What a command reads and writes: the process's streams, or a test's.</summary>
public sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error)
{
    public bool IsInTerminal { get; init; }

    public bool IsOutTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>The folder in which the command was typed, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>Reads a line that is not shown while it is typed; null at the end of the input.</summary>
    public Func<string?> ReadHidden { get; init; } = () => null;

    /// <summary>Environment variables.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>The streams of this process.</summary>
    public static Terminal OfProcess() =>
        new(Console.In, Console.Out, Console.Error)
        {
            IsInTerminal = !Console.IsInputRedirected,
            IsOutTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            Folder = Environment.CurrentDirectory,
            Variable = Environment.GetEnvironmentVariable,
            ReadHidden = HiddenLine.Read,
        };

    /// <summary>Colours for standard error, where messages go.</summary>
    public Paint ErrorPaint(bool noColor) => new(IsErrorTerminal && !noColor && AllowsColor);

    /// <summary>Colours for standard output.</summary>
    public Paint OutPaint(bool noColor) => new(IsOutTerminal && !noColor && AllowsColor);

    /// <summary>Whether a picture that redraws itself can be shown.</summary>
    public bool IsLive(bool noColor) =>
        IsErrorTerminal && !noColor && AllowsColor && Variable("ACCESSIBLE") is null or "";

    private bool AllowsColor => Variable("NO_COLOR") is null or "" && Variable("TERM") is not "dumb";
}
