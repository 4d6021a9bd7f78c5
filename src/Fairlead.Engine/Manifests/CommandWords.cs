using System.Text;

namespace Fairlead.Engine.Manifests;

/// <summary>
/// Splits a command into words: <c>node server.js --title 'My shop'</c>. Spaces part words; <c>'...'</c> is taken as it
/// stands; in <c>"..."</c> a backslash keeps <c>"</c> and <c>\</c>; elsewhere it keeps any letter. What only a shell
/// understands is refused, because none reads the command and it would mean something else than it seems to.
/// </summary>
public static class CommandWords
{
    private const string ShellLetters = "$|&;<>`*()";

    private const string ExpressionOpen = "${{";
    private const string ExpressionClose = "}}";

    /// <summary>The words, or why there are none.</summary>
    /// <param name="hasExpressions">Whether <c>${{ ... }}</c> is filled in later, and a part of its word until then.</param>
    public static (IReadOnlyList<string>? Words, CommandFault? Fault) Split(string command, bool hasExpressions = false)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var isInWord = false;
        for (var at = 0; at < command.Length; at++)
        {
            var letter = command[at];
            if (char.IsWhiteSpace(letter))
            {
                Finish();
            }
            else if (letter is '\'' or '"')
            {
                isInWord = true;
                at = Quoted(command, at, word);
                if (at == command.Length)
                {
                    return Fault($"The quote {letter} is never closed.", isShell: false);
                }
            }
            else if (hasExpressions && ExpressionAt(command, at) is > 0 and var length)
            {
                isInWord = true;
                word.Append(command, at, length);
                at += length - 1;
            }
            else if (ShellLetters.Contains(letter, StringComparison.Ordinal) || (letter == '~' && !isInWord))
            {
                return Fault(
                    $"It contains {letter}, which only a shell understands, and no shell reads it.",
                    isShell: true
                );
            }
            else
            {
                isInWord = true;
                at += letter == '\\' && at + 1 < command.Length ? 1 : 0;
                word.Append(command[at]);
            }
        }
        Finish();
        return words switch
        {
            [] => Fault("It is empty.", isShell: false),
            [var first, ..] when IsAssignment(first) => Fault(
                $"It begins with {first.Split('=')[0]}=..., which only a shell understands; variables are said under 'env'.",
                isShell: true
            ),
            _ => (words, null),
        };

        void Finish()
        {
            if (isInWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isInWord = false;
            }
        }
    }

    /// <summary>The letters of an expression that begins here; 0 when none does, or it never ends.</summary>
    private static int ExpressionAt(string command, int at) =>
        string.CompareOrdinal(command, at, ExpressionOpen, 0, ExpressionOpen.Length) == 0
        && command.IndexOf(ExpressionClose, at, StringComparison.Ordinal) is > 0 and var close
            ? close + ExpressionClose.Length - at
            : 0;

    /// <summary>Adds what stands in the quotes that open at an index; says where they close, the text's length when nowhere.</summary>
    private static int Quoted(string command, int open, StringBuilder word)
    {
        var quote = command[open];
        for (var at = open + 1; at < command.Length; at++)
        {
            if (command[at] == quote)
            {
                return at;
            }
            var keeps =
                quote == '"' && command[at] == '\\' && at + 1 < command.Length && command[at + 1] is '"' or '\\';
            at += keeps && at + 1 < command.Length ? 1 : 0;
            word.Append(command[at]);
        }
        return command.Length;
    }

    private static bool IsAssignment(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var end
        && !char.IsAsciiDigit(word[0])
        && word[..end].All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static (IReadOnlyList<string>?, CommandFault?) Fault(string why, bool isShell) => (null, new(why, isShell));
}

/// <summary>Why a text is no command.</summary>
/// <param name="IsShell">It asks for what only a shell can do.</param>
public sealed record CommandFault(string Why, bool IsShell);
