namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>
/// Finds the blocks and attributes of a file in Terraform's language, and steps over values. Whatever it does not understand it steps
/// over: it serves to show lines, and Terraform itself says what is wrong. Source: HCL native syntax specification.
/// </summary>
/// <remarks>Ours, as no library for .NET reads HCL with places; values need not be understood for this.</remarks>
internal sealed class HclScan(string text)
{
    private const int DepthMax = 32;

    private int at;
    private int line = 1;

    /// <summary>The file as a block without a head.</summary>
    public static HclBlock Read(string text)
    {
        var root = new HclBlock("", [], 1) { To = text.Length };
        var scan = new HclScan(text);
        while (scan.at < text.Length)
        {
            scan.Body(root, 0);
            // A brace that closes nothing.
            scan.Step();
        }
        return root;
    }

    private bool IsEnd => at >= text.Length;

    private char Now => text[at];

    private void Step()
    {
        if (!IsEnd)
        {
            line += text[at] is '\n' ? 1 : 0;
            at++;
        }
    }

    /// <summary>Ends at the brace that closes the block, or where the text ends.</summary>
    private void Body(HclBlock into, int depth)
    {
        while (!IsEnd)
        {
            Blank(acrossLines: true);
            if (IsEnd || Now is '}')
            {
                return;
            }
            if (!char.IsLetter(Now) && Now is not '_')
            {
                Value();
                continue;
            }
            var (start, head) = (at, line);
            var name = Name();
            Blank(acrossLines: false);
            if (!IsEnd && Now is '=' && !(at + 1 < text.Length && text[at + 1] is '='))
            {
                Step();
                Blank(acrossLines: false);
                var from = at;
                Value();
                into.Attributes.TryAdd(name, (head, Plain(text[from..at].Trim())));
                continue;
            }
            Block(into, (name, start, head), depth);
        }
    }

    private void Block(HclBlock into, (string Name, int Start, int Line) head, int depth)
    {
        var labels = new List<string>();
        while (!IsEnd && (Now is '"' || char.IsLetter(Now) || Now is '_'))
        {
            var from = at;
            if (Now is '"')
            {
                Quoted();
            }
            else
            {
                Name();
            }
            labels.Add(text[from..at].Trim('"'));
            Blank(acrossLines: false);
        }
        if (IsEnd || Now is not '{')
        {
            Value();
            return;
        }
        Step();
        var block = new HclBlock(head.Name, labels, head.Line) { From = head.Start };
        if (depth < DepthMax)
        {
            Body(block, depth + 1);
        }
        else
        {
            Nested('}');
        }
        Step();
        block.To = at;
        into.Blocks.Add(block);
    }

    private string Name()
    {
        var from = at;
        while (!IsEnd && (char.IsLetterOrDigit(Now) || Now is '_' or '-'))
        {
            Step();
        }
        return text[from..at];
    }

    /// <summary>Steps over blanks and comments.</summary>
    private void Blank(bool acrossLines)
    {
        while (!IsEnd)
        {
            if (Now is '\n' ? acrossLines : char.IsWhiteSpace(Now))
            {
                Step();
            }
            else if (Now is '#' || Starts("//"))
            {
                while (!IsEnd && Now is not '\n')
                {
                    Step();
                }
            }
            else if (Starts("/*"))
            {
                while (!IsEnd && !Starts("*/"))
                {
                    Step();
                }
                Step();
                Step();
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Steps over a value, to the end of its last line.</summary>
    private void Value()
    {
        while (!IsEnd && Now is not ('\n' or '}'))
        {
            One();
        }
    }

    /// <summary>Steps over one letter, text, comment or all that is in parentheses.</summary>
    private void One()
    {
        switch (Now)
        {
            case '"':
                Quoted();
                break;
            case '(' or '[' or '{':
                var close =
                    Now is '(' ? ')'
                    : Now is '[' ? ']'
                    : '}';
                Step();
                Nested(close);
                Step();
                break;
            case '#' or '/' when Now is '#' || Starts("//") || Starts("/*"):
                Blank(acrossLines: false);
                break;
            case '<' when Starts("<<"):
                Heredoc();
                break;
            default:
                Step();
                break;
        }
    }

    // As many brackets as are open are counted, not called: their depth is whoever wrote the file's.
    private void Nested(char close)
    {
        var open = new Stack<char>([close]);
        while (!IsEnd)
        {
            if (Now == open.Peek())
            {
                open.Pop();
                if (open.Count == 0)
                {
                    return;
                }
                Step();
            }
            else if (Now is '(' or '[' or '{')
            {
                open.Push(
                    Now is '(' ? ')'
                    : Now is '[' ? ']'
                    : '}'
                );
                Step();
            }
            else
            {
                One();
            }
        }
    }

    /// <summary>A text in quotes; what is inside <c>${ }</c> may hold quotes again.</summary>
    private void Quoted()
    {
        Step();
        var braces = 0;
        while (!IsEnd)
        {
            if (Now is '\\')
            {
                Step();
            }
            else if (braces == 0 && (Starts("${") || Starts("%{")) && !(text[at - 1] == Now))
            {
                braces = 1;
                Step();
            }
            else if (braces > 0 && Now is '{' or '}')
            {
                braces = Math.Max(0, braces + (Now is '{' ? 1 : -1));
            }
            else if (Now is '"')
            {
                if (braces == 0)
                {
                    Step();
                    return;
                }
                // A text within: to its end, on the same line.
                Step();
                while (!IsEnd && Now is not ('"' or '\n'))
                {
                    at += Now is '\\' ? 1 : 0;
                    Step();
                }
            }
            else if (Now is '\n' && braces == 0)
            {
                return; // A quote that is never closed ends with its line.
            }
            Step();
        }
    }

    private void Heredoc()
    {
        at += 2;
        if (!IsEnd && Now is '-')
        {
            Step();
        }
        var word = Name();
        while (!IsEnd)
        {
            while (!IsEnd && Now is not '\n')
            {
                Step();
            }
            Step();
            var end = text.IndexOf('\n', at);
            if (word.Length == 0 || text[at..(end < 0 ? text.Length : end)].Trim() == word)
            {
                while (!IsEnd && Now is not '\n')
                {
                    Step();
                }
                return;
            }
        }
    }

    private bool Starts(string with) => string.CompareOrdinal(text, at, with, 0, with.Length) == 0;

    private static string? Plain(string value) =>
        value.Length > 1 && value[0] is '"' && value.IndexOf('"', 1) == value.Length - 1 ? value[1..^1] : null;
}
