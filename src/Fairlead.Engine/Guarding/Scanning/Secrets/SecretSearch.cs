using System.Buffers;
using System.Text.RegularExpressions;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Secrets;

/// <summary>Looks for secrets in the text of one file. What it finds is named by kind and place; the secret itself is never repeated.</summary>
internal static partial class SecretSearch
{
    private const int FindingsMax = 100;

    // A line that a program made, such as a whole script, is looked at in pieces; what lies across a cut is whole in one of them.
    private const int PieceLettersMax = 20_000;
    private const int OverlapLetters = 2_000;

    /// <summary>A line with this word is right as it is, as its author says.</summary>
    public const string Allowed = "fairlead:allow";

    private static readonly SearchValues<string> Keywords = SearchValues.Create(
        [.. SecretRules.All.SelectMany(static one => one.Keywords).Distinct(StringComparer.OrdinalIgnoreCase)],
        StringComparison.OrdinalIgnoreCase
    );

    // What stands in examples and tests, in any case.
    private static readonly string[] ExampleWords =
    [
        "example",
        "changeme",
        "change-me",
        "change_me",
        "placeholder",
        "your-",
        "your_",
        "yourtoken",
        "insert",
        "dummy",
        "sample",
        "xxxx",
        "redacted",
        "notasecret",
        "not-a-secret",
        "todo",
        "fixme",
        "<",
        "...",
        "****",
        "1234567890",
        "abcdefgh",
        "deadbeef",
        "00000000",
        "foobar",
        "undefined",
    ];

    private static readonly SearchValues<string> Examples = SearchValues.Create(
        ExampleWords,
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>Values that code reads from elsewhere: they are names, not secrets.</summary>
    private static readonly string[] References =
    [
        "${",
        "{{",
        "$(",
        "%(",
        "#{",
        "process.env",
        "os.environ",
        "os.getenv",
        "getenv",
        "env.",
        "env(",
        "env[",
        "config.",
        "config[",
        "settings.",
        "secrets.",
        "vault:",
        "ssm:",
        "var.",
        "local.",
        "data.",
        "self.",
        "this.",
        "request.",
        "ENC[",
        "!ref",
        "file:",
        "/run/secrets",
        "arn:aws",
    ];

    public static IEnumerable<Finding> Find(string path, string text)
    {
        // Most files have none of the words: one pass over the text says so.
        if (!text.AsSpan().ContainsAny(Keywords))
        {
            return [];
        }
        var findings = new List<Finding>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (!line.ContainsAny(Keywords) || line.Contains(Allowed, StringComparison.Ordinal))
            {
                continue;
            }
            var before = findings.Count;
            for (var at = 0; at < line.Length; at += PieceLettersMax - OverlapLetters)
            {
                var piece = line.Slice(at, Math.Min(PieceLettersMax, line.Length - at));
                if (piece.ContainsAny(Keywords))
                {
                    AddOf(path, piece.ToString(), number, findings);
                }
                if (at + piece.Length == line.Length)
                {
                    break;
                }
            }
            if (line.Length > PieceLettersMax)
            {
                Once(findings, before);
            }
            if (findings.Count >= FindingsMax)
            {
                break;
            }
        }
        return findings;
    }

    // The same rule in two pieces of a line is one finding: it may be the same secret.
    private static void Once(List<Finding> findings, int from)
    {
        List<Finding> kept = [.. findings.Skip(from).DistinctBy(static one => one.Rule)];
        findings.RemoveRange(from, findings.Count - from);
        findings.AddRange(kept);
    }

    private static void AddOf(string path, string line, int number, List<Finding> findings)
    {
        var hasOne = false;
        foreach (var rule in SecretRules.All)
        {
            // What a maker's shape has named is not named again by the general ones.
            if (
                (rule.IsGeneric && hasOne)
                || !rule.Keywords.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase))
            )
            {
                continue;
            }
            foreach (Match match in rule.Pattern.Matches(line))
            {
                var secret = match.Groups["secret"].Value;
                if (IsSecret(rule, secret, line))
                {
                    hasOne = true;
                    findings.Add(Of(rule, path, number));
                    break;
                }
            }
        }
    }

    private static bool IsSecret(SecretRule rule, string secret, string line)
    {
        if (rule.EntropyMin > 0 && Entropy(secret) < rule.EntropyMin)
        {
            return false;
        }
        if (IsExample(secret))
        {
            return false;
        }
        return !rule.IsGeneric
            || (
                !References.Any(one => secret.Contains(one, StringComparison.OrdinalIgnoreCase))
                && !secret.StartsWith('$')
                && !secret.StartsWith('%')
                && !secret.StartsWith('/')
                && !secret.EndsWith('(')
                && !secret.Contains("://", StringComparison.Ordinal)
                && !IsCode().IsMatch(secret)
                && !IsDigest(line)
                && !(rule.Id == "url-password" && IsLocal(secret, line))
                && !(rule.Id == "generic-secret" && !Mixed(secret))
            );
    }

    // In any case that people write: letters by chance hold 'tOdo' now and then, and are a secret all the same.
    private static bool IsExample(string secret) =>
        secret.AsSpan().ContainsAny(Examples)
        && ExampleWords.Any(word =>
            secret.IndexOf(word, StringComparison.OrdinalIgnoreCase) is >= 0 and var at
            && secret.Substring(at, word.Length) is var written
            && (
                written == word
                || written.AsSpan(1).SequenceEqual(word.AsSpan(1))
                || string.Equals(written, word.ToUpperInvariant(), StringComparison.Ordinal)
            )
        );

    // Words alone, such as a label or the name of a variable, have no digits among their letters.
    private static bool Mixed(string secret) => secret.Any(char.IsAsciiDigit) && secret.Any(char.IsAsciiLetter);

    // integrity="sha512-...": lock files are full of them.
    private static bool IsDigest(string line) =>
        line.Contains("sha256", StringComparison.OrdinalIgnoreCase)
        || line.Contains("sha512", StringComparison.OrdinalIgnoreCase)
        || line.Contains("sha384", StringComparison.OrdinalIgnoreCase)
        || line.Contains("integrity", StringComparison.OrdinalIgnoreCase)
        || line.Contains("checksum", StringComparison.OrdinalIgnoreCase);

    // postgres://postgres:postgres@localhost is every developer's.
    private static bool IsLocal(string secret, string line) =>
        line.Contains("@localhost", StringComparison.Ordinal)
        || line.Contains("@127.0.0.1", StringComparison.Ordinal)
        || secret is "password" or "postgres" or "pass" or "secret" or "guest" or "root" or "user" or "test" or "pw";

    /// <summary>Bits of surprise for each letter (Shannon).</summary>
    internal static double Entropy(string text)
    {
        if (text.Length == 0)
        {
            return 0;
        }
        var sum = 0.0;
        foreach (var group in text.GroupBy(static letter => letter))
        {
            var share = (double)group.Count() / text.Length;
            sum -= share * Math.Log2(share);
        }
        return sum;
    }

    private static Finding Of(SecretRule rule, string path, int line) =>
        new(
            ScanKind.Secrets,
            rule.Id,
            rule.Severity,
            $"{path}:{line}",
            $"{rule.What} stands in the file.",
            "Whoever can read the repository, its history or a copy of it can use it.",
            $"Make it worthless where it came from, then give it to the app as a secret. If it is none, write {Allowed} on its line."
        );

    // A call, a member or a type: getToken(), user.password, Secret<T>
    [GeneratedRegex(
        "^[A-Za-z_$][A-Za-z0-9_$]*([.][A-Za-z_$][A-Za-z0-9_$]*)+(\\(.*)?$|^[A-Za-z_$.]+\\(|^[a-z]+([A-Z][a-z]+)+$|^[A-Z0-9]+(_[A-Z0-9]+)+$|^[a-z]+([-_][a-z]+)*$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking,
        1_000
    )]
    private static partial Regex IsCode();
}
