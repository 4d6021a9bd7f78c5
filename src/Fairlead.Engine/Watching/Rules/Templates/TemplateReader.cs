using System.Globalization;
using System.Text;
using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Engine.Watching.Rules.Templates;

/// <summary>Takes a template to pieces.</summary>
internal sealed class TemplateReader(string text)
{
    private const int DepthMax = 50;

    private int at;
    private int depth;

    public IReadOnlyList<TemplateNode> ReadAll()
    {
        var (nodes, end) = Nodes();
        return end is null ? nodes : throw new TemplateException($"unexpected {{{{{end}}}}}");
    }

    /// <summary>Up to an action that ends them, such as <c>end</c> or <c>else if ...</c>, or to the end of the text.</summary>
    private (List<TemplateNode> Nodes, string? End) Nodes()
    {
        if (++depth > DepthMax)
        {
            throw new TemplateException("branches lie too deep inside each other");
        }
        var nodes = new List<TemplateNode>();
        var trimsNext = false;
        string? end = null;
        while (at < text.Length && end is null)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            var plain = text[at..(open < 0 ? text.Length : open)];
            plain = trimsNext ? plain.TrimStart() : plain;
            if (open < 0)
            {
                Add(nodes, plain);
                at = text.Length;
                break;
            }
            var action = Action(open, out var trimsBefore, out trimsNext);
            Add(nodes, trimsBefore ? plain.TrimEnd() : plain);
            if (action is null)
            {
                continue;
            }
            var word = action.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
                ? first
                : "";
            if (word is "end" or "else")
            {
                end = action;
                // What was trimmed after this action is part of what follows.
                at = trimsNext ? at + text[at..].Length - text[at..].TrimStart().Length : at;
            }
            else
            {
                nodes.Add(Node(word, action));
            }
        }
        depth--;
        return (nodes, end);
    }

    /// <returns>Null for a comment.</returns>
    private string? Action(int open, out bool trimsBefore, out bool trimsAfter)
    {
        var start = open + 2;
        trimsBefore = start + 1 < text.Length && text[start] == '-' && char.IsWhiteSpace(text[start + 1]);
        var from = trimsBefore ? start + 1 : start;
        if (text.AsSpan(from).TrimStart().StartsWith("/*"))
        {
            var close = text.IndexOf("*/", from, StringComparison.Ordinal);
            var last = close < 0 ? -1 : text.IndexOf("}}", close, StringComparison.Ordinal);
            trimsAfter = last > 0 && text[last - 1] == '-';
            at = last < 0 ? throw new TemplateException("unclosed comment") : last + 2;
            return null;
        }
        var end = End(from);
        trimsAfter = end - 2 >= from && text[end - 1] == '-' && char.IsWhiteSpace(text[end - 2]);
        at = end + 2;
        return text[from..(trimsAfter ? end - 1 : end)].Trim();
    }

    private int End(int from)
    {
        char? quote = null;
        for (var i = from; i + 1 < text.Length; i++)
        {
            if (quote is not null)
            {
                i += text[i] == '\\' && quote != '`' ? 1 : 0;
                quote = i < text.Length && text[i] == quote ? null : quote;
            }
            else if (text[i] is '"' or '`')
            {
                quote = text[i];
            }
            else if (text[i] == '}' && text[i + 1] == '}')
            {
                return i;
            }
        }
        throw new TemplateException("unclosed action");
    }

    private TemplateNode Node(string word, string action)
    {
        if (word is "if" or "with" or "range")
        {
            return Branch(word, action[word.Length..]);
        }
        if (word is "define" or "template" or "block" or "break" or "continue")
        {
            throw new TemplateException($"{word} is not possible in a rule");
        }
        var words = new TemplateWords(action);
        var (variables, isNew) = words.Assigned();
        var pipeline = words.Pipeline();
        words.ExpectEnd();
        return new TemplateNode.Action(pipeline, variables is [var only] ? only : null, isNew);
    }

    private TemplateNode.Branch Branch(string kind, string condition)
    {
        var words = new TemplateWords(condition);
        var (variables, _) = words.Assigned();
        var pipeline = words.Pipeline();
        words.ExpectEnd();
        var (then, end) = Nodes();
        IReadOnlyList<TemplateNode> otherwise = [];
        if (end is not null && end.StartsWith("else", StringComparison.Ordinal))
        {
            var more = end["else".Length..].Trim();
            if (more.Length > 0)
            {
                var word = more.Split((char[]?)null, 2)[0];
                otherwise = [Branch(word, more[word.Length..])];
                end = "end";
            }
            else
            {
                (otherwise, end) = Nodes();
            }
        }
        return end == "end"
            ? new(kind, pipeline, variables) { Then = then, Else = otherwise }
            : throw new TemplateException($"{{{{{kind}}}}} has no {{{{end}}}}");
    }

    private static void Add(List<TemplateNode> nodes, string plain)
    {
        if (plain.Length > 0)
        {
            nodes.Add(new TemplateNode.Plain(plain));
        }
    }
}

/// <summary>The words of one action.</summary>
internal sealed class TemplateWords(string action)
{
    private const int DepthMax = 50;

    private int at;
    private int depth;

    /// <summary><c>$x :=</c>, <c>$i, $x :=</c> or <c>$x =</c> in front of a pipeline.</summary>
    public (IReadOnlyList<string> Names, bool IsNew) Assigned()
    {
        var sign = action.IndexOf('=');
        var before = sign < 0 ? "" : action[..sign].TrimEnd(':').Trim();
        var names = before.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length is 0 or > 2 || names.Any(static one => !one.StartsWith('$') || !one.Skip(1).All(IsWord)))
        {
            return ([], false);
        }
        at = sign + 1;
        return ([.. names.Select(static one => one[1..])], action[sign - 1] == ':');
    }

    public Pipeline Pipeline()
    {
        if (++depth > DepthMax)
        {
            throw new TemplateException("parentheses lie too deep inside each other");
        }
        var commands = new List<IReadOnlyList<Operand>>();
        do
        {
            var command = new List<Operand>();
            while (Operand() is { } operand)
            {
                command.Add(operand);
            }
            commands.Add(command.Count > 0 ? command : throw new TemplateException($"missing value in {action}"));
        } while (Took('|'));
        depth--;
        return new(commands);
    }

    public void ExpectEnd()
    {
        SkipSpaces();
        if (at < action.Length)
        {
            throw new TemplateException($"unexpected {action[at..]}");
        }
    }

    private Operand? Operand()
    {
        SkipSpaces();
        if (at >= action.Length || action[at] is '|' or ')')
        {
            return null;
        }
        switch (action[at])
        {
            case '(':
                at++;
                var nested = Pipeline();
                return Took(')')
                    ? new Operand.Nested(nested, Path())
                    : throw new TemplateException("unclosed left paren");
            case '"' or '`':
                return new Operand.Constant(Text());
            case '$':
                at++;
                return new Operand.Field(Name(), Path());
            case '.':
                var path = Path();
                if (path.Count == 0)
                {
                    at++;
                }
                return new Operand.Field(null, path);
            case '-' or '+' or (>= '0' and <= '9'):
                return new Operand.Constant(Number());
            default:
                return Word();
        }
    }

    private Operand Word()
    {
        var name = Name();
        return name switch
        {
            "" => throw new TemplateException($"unexpected {action[at..]}"),
            "true" or "false" => new Operand.Constant(name == "true"),
            "nil" => new Operand.Constant(null),
            _ => new Operand.Word(name),
        };
    }

    private string Name()
    {
        var start = at;
        while (at < action.Length && IsWord(action[at]))
        {
            at++;
        }
        return action[start..at];
    }

    private List<string> Path()
    {
        var path = new List<string>();
        while (at + 1 < action.Length && action[at] == '.' && IsWord(action[at + 1]))
        {
            at++;
            path.Add(Name());
        }
        return path;
    }

    private object Number()
    {
        var start = at++;
        while (
            at < action.Length
            && (IsWord(action[at]) || action[at] == '.' || (action[at] is '+' or '-' && action[at - 1] is 'e' or 'E'))
        )
        {
            at++;
        }
        var word = action[start..at];
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
            : Numbers.Read(word) is { } number ? number
            : throw new TemplateException($"bad number syntax: {word}");
    }

    private string Text()
    {
        var quote = action[at++];
        var value = new StringBuilder();
        while (at < action.Length && action[at] != quote)
        {
            if (action[at] == '\\' && quote != '`')
            {
                at += Escapes.Read(action, at, quote, value) is > 0 and var length
                    ? length
                    : throw new TemplateException("bad escape sequence in string");
            }
            else
            {
                value.Append(action[at++]);
            }
        }
        at++;
        return Escapes.Joined(value);
    }

    private bool Took(char letter)
    {
        SkipSpaces();
        if (at >= action.Length || action[at] != letter)
        {
            return false;
        }
        at++;
        return true;
    }

    private void SkipSpaces()
    {
        while (at < action.Length && char.IsWhiteSpace(action[at]))
        {
            at++;
        }
    }

    private static bool IsWord(char letter) => letter == '_' || char.IsLetterOrDigit(letter);
}
