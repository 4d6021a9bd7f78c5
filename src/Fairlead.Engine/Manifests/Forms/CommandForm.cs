using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>A command: one text that is split into words, or a list of the words.</summary>
/// <param name="hasExpressions">Whether expressions in it are filled in later.</param>
internal sealed class CommandForm(bool hasExpressions = false) : Form
{
    public override string Expects => "a command, or a list of its words";

    public override string Example => "node server.js";

    public override object? Read(Node node, Findings findings) =>
        node switch
        {
            Node.Scalar { IsNothing: false } scalar => Split(scalar, findings),
            Node.Sequence { Items.Count: > 0 } list => Listed(list, findings),
            _ => Refuse(node, findings),
        };

    public override JsonObject Schema(JsonObject definitions) =>
        new()
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = "string", ["minLength"] = 1 },
                new JsonObject
                {
                    ["type"] = "array",
                    ["minItems"] = 1,
                    ["items"] = AllForms.AnyText.Schema(definitions),
                }
            ),
        };

    private CommandLine? Split(Node.Scalar scalar, Findings findings)
    {
        var (words, fault) = CommandWords.Split(scalar.Text, hasExpressions);
        if (fault is not null)
        {
            findings.Add(
                scalar,
                "command",
                (
                    $"{Shown.Name(scalar.Path)} is no command: {Shown.Quoted(scalar.Text)}.",
                    fault.Why,
                    fault.IsShell && hasExpressions
                        ? "Write 'script' instead of 'run', for a shell to read it; or quote what is meant literally."
                    : fault.IsShell
                        ? $"Put it into a script and write: {Key(scalar.Path)}./script.sh (or quote what is meant literally)"
                    : $"Write a program and its arguments, for example: {Key(scalar.Path)}node server.js"
                )
            );
        }
        return words is null ? null : new(words);
    }

    private static CommandLine? Listed(Node.Sequence list, Findings findings)
    {
        var words = list.Items.Select(item => (string?)AllForms.AnyText.Read(item, findings)).ToList();
        if (words.Contains(null))
        {
            return null;
        }
        if (words[0]!.Length > 0)
        {
            return new([.. words.OfType<string>()]);
        }
        findings.Add(
            list.Items[0],
            "command",
            (
                $"{Shown.Name(list.Path)} begins with an empty word.",
                "The first word of a command is the program to start.",
                "Write for example: [node, server.js]"
            )
        );
        return null;
    }
}

/// <summary>
/// Commands run one after the other. A list holds commands when one of its items is a list or its first item has spaces;
/// when no item has spaces it is the words of one command; anything else could mean both and is a finding.
/// </summary>
internal sealed class CommandsForm : Form
{
    private static readonly CommandForm One = new();

    public override string Expects => "a command, a list of its words, or a list of commands";

    public override string Example => "npm run build";

    public override object? Read(Node node, Findings findings)
    {
        if (node is not Node.Sequence { Items: [var first, ..] items } list)
        {
            return node is Node.Scalar ? Commands([node], findings) : Refuse(node, findings);
        }
        if (items.Any(item => item is Node.Sequence) || HasSpaces(first))
        {
            return Commands(items, findings);
        }
        if (!items.Any(HasSpaces))
        {
            return Commands([list], findings);
        }
        findings.Add(
            list,
            "command",
            (
                $"{Shown.Name(list.Path)} could mean one command or several.",
                "Its first item is a single word, and a later one has spaces.",
                "Write each command as a list of its words: [[npm, ci], [npm, run, build]]"
            )
        );
        return null;
    }

    public override JsonObject Schema(JsonObject definitions) =>
        new()
        {
            ["anyOf"] = new JsonArray(
                One.Schema(definitions),
                new JsonObject
                {
                    ["type"] = "array",
                    ["minItems"] = 1,
                    ["items"] = One.Schema(definitions),
                }
            ),
        };

    private static List<CommandLine>? Commands(IReadOnlyList<Node> nodes, Findings findings)
    {
        var commands = nodes.Select(node => (CommandLine?)One.Read(node, findings)).ToList();
        return commands.Contains(null) ? null : [.. commands.OfType<CommandLine>()];
    }

    private static bool HasSpaces(Node node) => node is Node.Scalar { Text: var text } && text.Any(char.IsWhiteSpace);
}
