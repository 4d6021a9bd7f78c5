namespace Fairlead.Drivers.Registries;

/// <summary>
/// What a registry asks for (RFC 9110, 11.6.1), such as
/// <c>Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"</c>.
/// </summary>
/// <param name="Scheme">In lower case: <c>basic</c> or <c>bearer</c>.</param>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Words)
{
    private const int CharsMax = 8192;
    private const int WordsMax = 32;

    public string? this[string word] => Words.GetValueOrDefault(word);

    /// <summary>All challenges of a header; what cannot be read ends the list.</summary>
    public static IReadOnlyList<AuthChallenge> Read(string header)
    {
        var found = new List<AuthChallenge>();
        if (header.Length > CharsMax)
        {
            return found;
        }
        var at = 0;
        Dictionary<string, string>? words = null;
        while (at < header.Length && found.Count < WordsMax)
        {
            at = Skip(header, at, static one => one is ' ' or '\t' or ',');
            var word = Token(header, ref at);
            if (word.Length == 0)
            {
                break;
            }
            var next = Skip(header, at, static one => one is ' ' or '\t');
            if (next < header.Length && header[next] == '=' && words is not null)
            {
                at = Skip(header, next + 1, static one => one is ' ' or '\t');
                if (Value(header, ref at) is not { } value || words.Count == WordsMax)
                {
                    break;
                }
                words[word.ToLowerInvariant()] = value;
            }
            else
            {
                words = new(StringComparer.Ordinal);
                found.Add(new(word.ToLowerInvariant(), words));
            }
        }
        return found;
    }

    private static string? Value(string header, ref int at)
    {
        if (at >= header.Length || header[at] != '"')
        {
            return Token(header, ref at);
        }
        var text = new System.Text.StringBuilder();
        for (at++; at < header.Length; at++)
        {
            switch (header[at])
            {
                case '"':
                    at++;
                    return text.ToString();
                case '\\' when at + 1 < header.Length:
                    text.Append(header[++at]);
                    break;
                default:
                    text.Append(header[at]);
                    break;
            }
        }
        return null;
    }

    private static string Token(string header, ref int at)
    {
        var from = at;
        at = Skip(
            header,
            at,
            static one => char.IsAsciiLetterOrDigit(one) || "!#$%&'*+-.^_`|~:/".Contains(one, StringComparison.Ordinal)
        );
        return header[from..at];
    }

    private static int Skip(string header, int at, Func<char, bool> belongs)
    {
        while (at < header.Length && belongs(header[at]))
        {
            at++;
        }
        return at;
    }
}
