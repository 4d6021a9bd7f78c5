using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>
/// Fills inputs that nobody may see: from the file that was named, from standard input, or typed at the terminal without being
/// shown. Never from the words of the command: every user of the machine can list those, and shells keep them.
/// </summary>
internal static class Confidences
{
    // As large as a request may be; what is too large for its purpose is for the operation to say.
    private const int CharsMax = 512 * 1024;

    /// <exception cref="ProblemException">The file cannot be read, or there is nothing.</exception>
    public static void Fill(JsonObject input, Call call, Terminal terminal)
    {
        foreach (var option in call.Verb.Options.Where(option => option.IsConfidential))
        {
            if (
                (option.Unless is { } instead && input[instead] is not null)
                || (option.With is { } whole && input[whole] is null)
                || (!option.IsAsked && call.Text(option.Property) is null)
            )
            {
                continue;
            }
            input[option.Property] = call.Text(option.Property) is { } path and not "-"
                ? FromFile(Path.GetFullPath(path, terminal.Folder))
                : FromInput(terminal);
        }
    }

    private static string FromFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Length <= CharsMax
                ? Trimmed(File.ReadAllText(path))
                : throw new ProblemException(TooLarge(path));
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new Problem(
                    "cli.unreadable-file",
                    What: $"{path} cannot be read.",
                    Why: caught.Message,
                    Fix: "Name a file that you may read, or leave --file out and write to standard input."
                )
                {
                    Trouble = Trouble.WrongUse,
                },
                caught
            );
        }
    }

    private static string FromInput(Terminal terminal)
    {
        if (terminal.IsInTerminal)
        {
            terminal.Error.Write("Value (it is not shown): ");
            var typed = terminal.ReadHidden() ?? "";
            terminal.Error.WriteLine();
            return typed;
        }
        var buffer = new char[CharsMax + 1];
        var count = terminal.In.ReadBlock(buffer, 0, buffer.Length);
        return count <= CharsMax
            ? Trimmed(new string(buffer, 0, count))
            : throw new ProblemException(TooLarge("Standard input"));
    }

    // The line break that echo and editors put at the end is not meant; those of a key file are.
    private static string Trimmed(string text)
    {
        var trimmed = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.TrimEnd('\n');
        return trimmed.Contains('\n', StringComparison.Ordinal) ? text : trimmed;
    }

    private static Problem TooLarge(string what) =>
        new(
            "cli.too-large",
            What: $"{what} is too large.",
            Why: $"At most {CharsMax >> 10} KiB are read.",
            Fix: "Give what is needed alone."
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
