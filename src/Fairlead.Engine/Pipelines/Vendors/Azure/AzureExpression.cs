using System.Text;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>
/// An expression of Azure that was read, such as <c>and(succeeded(), eq(variables['Build.Reason'], 'Manual'))</c>,
/// https://learn.microsoft.com/azure/devops/pipelines/process/expressions. The set is closed.
/// </summary>
internal abstract record AzureExpression
{
    private const int LettersMax = 10_000;
    private const int DepthMax = 50;

    private AzureExpression() { }

    /// <summary>A text, number or truth as it stands there.</summary>
    public sealed record Literal(string Text) : AzureExpression;

    /// <summary>What the context has under these names.</summary>
    public sealed record Path(IReadOnlyList<string> Names) : AzureExpression
    {
        public override string ToString() => string.Join('.', Names);
    }

    /// <summary>What a function answers; its name in small letters.</summary>
    public sealed record Call(string Function, IReadOnlyList<AzureExpression> Given) : AzureExpression;

    /// <summary>Null when it is none.</summary>
    public static AzureExpression? Parse(string text)
    {
        if (text.Length > LettersMax)
        {
            return null;
        }
        var reader = new Reader(text);
        return reader.Value(DepthMax) is { } value && reader.IsAtEnd ? value : null;
    }

    /// <summary>The variable that is asked for; null when it is something else.</summary>
    public string? Variable =>
        this is Path { Names: { Count: > 1 } names }
        && string.Equals(names[0], "variables", StringComparison.OrdinalIgnoreCase)
            ? string.Join('.', names.Skip(1))
            : null;

    private sealed class Reader(string text)
    {
        private int at;

        public bool IsAtEnd
        {
            get
            {
                Skip();
                return at == text.Length;
            }
        }

        public AzureExpression? Value(int depth)
        {
            Skip();
            if (at == text.Length || depth == 0)
            {
                return null;
            }
            if (text[at] == '\'')
            {
                return Quoted() is { } letters ? new Literal(letters) : null;
            }
            var word = Word();
            if (word.Length == 0)
            {
                return null;
            }
            if (!char.IsAsciiLetter(word[0]) && word[0] != '_')
            {
                return new Literal(word);
            }
            if (word.ToUpperInvariant() is "TRUE" or "FALSE")
            {
                return new Literal(word.ToLowerInvariant());
            }
            return Takes('(') ? Call(word, depth) : Path(word);
        }

        private Call? Call(string function, int depth)
        {
            List<AzureExpression> given = [];
            if (Takes(')'))
            {
                return new(function.ToLowerInvariant(), given);
            }
            do
            {
                if (Value(depth - 1) is not { } one)
                {
                    return null;
                }
                given.Add(one);
            } while (Takes(','));
            return Takes(')') ? new(function.ToLowerInvariant(), given) : null;
        }

        private Path? Path(string first)
        {
            List<string> names = [.. first.Split('.')];
            while (Takes('['))
            {
                Skip();
                if (Quoted() is not { } name || !Takes(']'))
                {
                    return null;
                }
                names.Add(name);
                if (at < text.Length && text[at] == '.')
                {
                    at++;
                    names.AddRange(Word().Split('.'));
                }
            }
            return names.Contains("") ? null : new(names);
        }

        private string? Quoted()
        {
            if (at == text.Length || text[at] != '\'')
            {
                return null;
            }
            var letters = new StringBuilder();
            for (at++; at < text.Length; at++)
            {
                if (text[at] != '\'')
                {
                    letters.Append(text[at]);
                }
                else if (at + 1 < text.Length && text[at + 1] == '\'')
                {
                    letters.Append('\'');
                    at++;
                }
                else
                {
                    at++;
                    return letters.ToString();
                }
            }
            return null;
        }

        private string Word()
        {
            var from = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '.' or '-'))
            {
                at++;
            }
            return text[from..at];
        }

        private bool Takes(char letter)
        {
            Skip();
            if (at == text.Length || text[at] != letter)
            {
                return false;
            }
            at++;
            return true;
        }

        private void Skip()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }
    }
}
