using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Pipelines;

namespace Fairlead.Drivers.Pipelines;

/// <summary>
/// How entries of the cache are written. The last line signs all before it, so that nothing which another user put there is taken for ours.
/// </summary>
/// <example><code>
/// fairlead-task 1
/// made 2026-11-27T15:30:00.0000000+00:00
/// took 1234
/// scope main
/// part command=["npm","run","build"]
/// part file src/app.ts=9f86d0...
/// file 2c2620... x 812 dist/app.js
/// link ../shared dist/shared
/// sign 1f0a...
/// </code></example>
internal static class EntryText
{
    private const string Form = "fairlead-task 1";

    public static string Write(KeptTask entry, byte[] key)
    {
        var text = new StringBuilder(Form).Append('\n');
        Line(text, "made", entry.Made.ToString("O", CultureInfo.InvariantCulture));
        Line(text, "took", ((long)entry.Took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        Line(text, "scope", entry.Scope);
        foreach (var part in entry.Key.Parts)
        {
            Line(text, "part", Written(part));
        }
        foreach (var file in entry.Outputs)
        {
            text.Append(Written(file)).Append('\n');
        }
        var signature = Signature(text.ToString(), key);
        return text.Append("sign ").Append(signature).Append('\n').ToString();
    }

    /// <returns>Null when it is not one of ours, whole and unchanged.</returns>
    public static KeptTask? Read(string text, byte[] key)
    {
        var end = text.LastIndexOf("sign ", StringComparison.Ordinal);
        if (
            end < 0
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(text[(end + 5)..].TrimEnd('\n')),
                Encoding.ASCII.GetBytes(Signature(text[..end], key))
            )
        )
        {
            return null;
        }
        // What is signed was written by the code above, so it has its shape.
        var (made, took, scope) = (default(DateTimeOffset), TimeSpan.Zero, "");
        var (parts, outputs) = (new List<KeyPart>(), new List<WorkFile>());
        foreach (var line in text[..end].Split('\n').Skip(1).Where(static one => one.Length > 0))
        {
            var rest = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            switch (line[0..4])
            {
                case "made":
                    made = DateTimeOffset.Parse(rest, CultureInfo.InvariantCulture);
                    break;
                case "took":
                    took = TimeSpan.FromMilliseconds(long.Parse(rest, CultureInfo.InvariantCulture));
                    break;
                case "scop":
                    scope = Plain(rest);
                    break;
                case "part":
                    parts.Add(PartOf(rest));
                    break;
                case "file" or "link":
                    outputs.Add(FileOf(line)!); // Written above, so it has its shape.
                    break;
            }
        }
        return new(new TaskKey(parts), outputs, took, made, scope);
    }

    /// <summary>A line of a file or a link.</summary>
    internal static string Written(WorkFile file) =>
        file.IsLink
            ? $"link {Escaped(file.Digest).Replace(" ", "\\s", StringComparison.Ordinal)} {Escaped(file.Path)}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"file {file.Digest} {(file.IsExecutable ? 'x' : '-')} {file.Size} {Escaped(file.Path)}"
            );

    /// <summary>What a line says; null when it is none of a file or a link.</summary>
    internal static WorkFile? FileOf(string line)
    {
        if (line.StartsWith("link ", StringComparison.Ordinal))
        {
            return line.Split(' ', 3) is [_, var target, var at]
                ? new(Plain(at), Plain(target), 0, IsExecutable: false, IsLink: true)
                : null;
        }
        return
            line.Split(' ', 5) is ["file", var digest, var mode, var length, var path]
            && mode is "x" or "-"
            && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? new(Plain(path), digest, size, mode == "x", IsLink: false)
            : null;
    }

    internal static string Written(KeyPart part) =>
        $"{Escaped(part.Name).Replace("=", "\\e", StringComparison.Ordinal)}={Escaped(part.Value)}";

    internal static KeyPart PartOf(string written)
    {
        var at = written.IndexOf('=', StringComparison.Ordinal);
        return new(Plain(written[..at]), Plain(written[(at + 1)..]));
    }

    private static void Line(StringBuilder text, string word, string rest) =>
        text.Append(word).Append(' ').Append(word == "scope" ? Escaped(rest) : rest).Append('\n');

    private static string Signature(string text, byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    internal static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal);

    internal static string Plain(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 == text.Length)
            {
                plain.Append(text[at]);
                continue;
            }
            plain.Append(
                text[++at] switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    'e' => '=',
                    's' => ' ',
                    var same => same,
                }
            );
        }
        return plain.ToString();
    }
}
