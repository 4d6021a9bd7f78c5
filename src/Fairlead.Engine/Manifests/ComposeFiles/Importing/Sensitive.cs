using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Whether a variable's value may be read by everybody who reads the manifest.</summary>
internal static class Sensitive
{
    private static readonly string[] Words =
    [
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "PASS",
        "PWD",
        "SECRET",
        "TOKEN",
        "KEY",
        "APIKEY",
        "CREDENTIAL",
        "CREDENTIALS",
        "CREDS",
        "AUTH",
        "DSN",
        "SALT",
        "PRIVATE",
        "REQUIREPASS",
        "MASTERAUTH",
    ];

    /// <summary>Names that only say where, what or how long a secret is.</summary>
    private static readonly string[] Harmless =
    [
        "FILE",
        "PATH",
        "NAME",
        "ID",
        "TTL",
        "EXPIRY",
        "EXPIRES",
        "LENGTH",
        "ALGORITHM",
        "TYPE",
        "ENABLED",
        "METHOD",
        "HEADER",
        "URL",
        "HOST",
        "PORT",
        "PUBLIC",
        "PREFIX",
        "TIMEOUT",
        "AGE",
    ];

    private static readonly string[] Switches = ["", "true", "false", "0", "1", "yes", "no", "on", "off", "none"];

    public static bool Is(string name, string value, IEnumerable<string> filledFrom) =>
        !Array.Exists(Switches, one => string.Equals(one, value, StringComparison.OrdinalIgnoreCase))
        && (IsNamed(name) || filledFrom.Any(IsNamed) || HasPassword(value) || IsKey(value));

    /// <summary>Whether a command holds a secret: filled in from one, in an address, or behind an option such as <c>--password</c>.</summary>
    public static bool IsIn(Piece? command)
    {
        Piece.Word[] said =
        [
            .. (
                command is Piece.Row row ? row.Items
                : command is null ? []
                : [command]
            ).OfType<Piece.Word>(),
        ];
        string[] words =
        [
            .. said.SelectMany(static one => one.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        ];
        return said.Any(static one => one.Variables.Any(IsNamed))
            || words.Any(HasPassword)
            || words.Zip(words.Skip(1).Append("")).Any(static pair => IsOption(pair.First, pair.Second));
    }

    private static bool IsOption(string word, string next)
    {
        var parts = word.Split('=', 2);
        var value = parts.Length > 1 ? parts[1] : next;
        // Where a secret is, by path or by variable, is none.
        return word.StartsWith("--", StringComparison.Ordinal)
            && value is not (['-' or '/' or '$' or '.', ..] or ['"' or '\'', '$', ..])
            && Is(parts[0].TrimStart('-'), value, []);
    }

    public static bool IsNamed(string name)
    {
        var parts = Parts(name);
        return parts.Count > 0
            && parts.Any(part =>
                Words.Any(word => part == word || (word.Length > 5 && part.EndsWith(word, StringComparison.Ordinal)))
            )
            && !Harmless.Contains(parts[^1], StringComparer.Ordinal)
            && !parts.Contains("PUBLIC", StringComparer.Ordinal);
    }

    /// <summary>An address with a password in it: <c>postgres://shop:secret@db/shop</c>; or a connection string with one.</summary>
    private static bool HasPassword(string value)
    {
        if (
            value.Contains("password=", StringComparison.OrdinalIgnoreCase)
            || value.Contains("pwd=", StringComparison.OrdinalIgnoreCase)
        )
        {
            return true;
        }
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return false;
        }
        var authority = value[(scheme + 3)..].Split('/', '?')[0];
        var at = authority.LastIndexOf('@');
        return at > 0 && authority.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && colon + 1 < at;
    }

    private static bool IsKey(string value) =>
        value.Contains("-----BEGIN ", StringComparison.Ordinal)
        || value.StartsWith("sk_live_", StringComparison.Ordinal)
        || value.StartsWith("ghp_", StringComparison.Ordinal)
        || (value.Length == 20 && value.StartsWith("AKIA", StringComparison.Ordinal));

    private static List<string> Parts(string name)
    {
        List<string> parts = [""];
        for (var at = 0; at < name.Length; at++)
        {
            var letter = name[at];
            var isBorder = at > 0 && char.IsAsciiLetterUpper(letter) && char.IsAsciiLetterLower(name[at - 1]);
            if (!char.IsAsciiLetterOrDigit(letter) || isBorder)
            {
                parts.Add("");
            }
            if (char.IsAsciiLetterOrDigit(letter))
            {
                parts[^1] += char.ToUpperInvariant(letter);
            }
        }
        return [.. parts.Where(static part => part.Length > 0)];
    }
}
