using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Secrets.Age;
using Fairlead.Drivers.Secrets.Sops;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Secrets;

/// <summary>Writes files of age, which hold JSON; reads those, others of age with JSON or variables, and files of SOPS.</summary>
/// <param name="folder">Where exports are kept.</param>
public sealed class SecretFiles(string folder) : ISecretFiles
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Seal(IReadOnlyList<(string Name, Secret Value)> secrets, IReadOnlyList<string> to, Secret? passphrase)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            secrets.ToDictionary(one => one.Name, one => one.Value.Reveal(), StringComparer.Ordinal)
        );
        try
        {
            return passphrase is null ? AgeFile.Seal(content, to) : AgeFile.Seal(content, passphrase.Reveal());
        }
        catch (FormatException)
        {
            var wrong = to.First(one => AgeKey.Recipient(one) is null);
            throw new ProblemException(
                new Problem(
                    "secret.wrong-recipient",
                    What: "Nothing was exported: a recipient is none.",
                    // What is no recipient may be an identity, pasted by mistake.
                    Why: wrong.StartsWith("age1", StringComparison.Ordinal)
                        ? $"{wrong} was mistyped or cut off."
                        : "A recipient begins with age1.",
                    Fix: "Give the public key that 'age-keygen' prints: --to age1..."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
    }

    public async Task<string> KeepAsync(string name, string text, CancellationToken stop)
    {
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(folder);
            await using (
                var file = new FileStream(
                    path,
                    new FileStreamOptions
                    {
                        Mode = FileMode.Create,
                        Access = FileAccess.Write,
                        UnixCreateMode = OwnerAlone,
                    }
                )
            )
            {
                await file.WriteAsync(Encoding.ASCII.GetBytes(text), stop);
                file.Flush(flushToDisk: true);
            }
            DurableFile.SyncFolder(folder);
            return path;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new Problem(
                    "secret.export-not-written",
                    What: "The export could not be written.",
                    Why: $"{path}: {caught.Message}",
                    Fix: "Free space on that disk; see who may write there."
                )
                {
                    Trouble = Trouble.Unreachable,
                },
                caught
            );
        }
    }

    public IReadOnlyList<FoundSecret> Open(byte[] file, Secret key)
    {
        try
        {
            return [.. Read(file, key.Reveal()).Select(one => FoundSecret.Of(one.Name, one.Text))];
        }
        catch (FormatException caught)
        {
            throw new ProblemException(
                new Problem(
                    "secret.wrong-file",
                    What: "The file cannot be imported.",
                    Why: caught.Message,
                    Fix: "Give a file of age, or one of SOPS in JSON or as variables that is sealed for an age recipient; and the key it was sealed for, by --file or standard input."
                )
                {
                    Trouble = Trouble.WrongUse,
                },
                caught
            );
        }
    }

    private static IReadOnlyList<(string Name, string? Text)> Read(byte[] file, string key)
    {
        if (file.Length > AgeFile.BytesMax)
        {
            throw new FormatException($"It has {file.Length} bytes, and at most {AgeFile.BytesMax} are read.");
        }
        if (AgeFile.IsOne(file))
        {
            return Content(Encoding.UTF8.GetString(AgeFile.Open(file, key)));
        }
        var text = Encoding.UTF8.GetString(file);
        return SopsFile.IsOne(text)
            ? SopsFile.Read(text, key)
            : throw new FormatException("It is neither a file of age nor one of SOPS in JSON or as variables.");
    }

    /// <summary>What was in a file of age: an object of JSON, or variables.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    internal static IReadOnlyList<(string Name, string? Text)> Content(string text)
    {
        if (!text.TrimStart().StartsWith('{'))
        {
            return [.. Variables(text)];
        }
        try
        {
            using var json = JsonDocument.Parse(text);
            return
            [
                .. json
                    .RootElement.EnumerateObject()
                    .Select(one =>
                        (one.Name, one.Value.ValueKind == JsonValueKind.String ? one.Value.GetString() : null)
                    ),
            ];
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            // Its own message could hold a piece of a value, and is not shown.
            throw new FormatException("What is in it begins like JSON and is none.", caught);
        }
    }

    /// <summary><c>NAME=value</c>, <c>export NAME='value'</c> or <c>NAME="value\nwith escapes"</c>, one a line.</summary>
    private static IEnumerable<(string Name, string? Text)> Variables(string text)
    {
        var number = 0;
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            line = line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..].TrimStart() : line;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException($"Line {number} of what is in it is no variable: NAME=value.");
            }
            yield return (line[..equals].TrimEnd(), Unquoted(line[(equals + 1)..].TrimStart()));
        }
    }

    private static string Unquoted(string value)
    {
        if (value.Length < 2 || value[0] != value[^1] || value[0] is not ('"' or '\''))
        {
            return value;
        }
        var inner = value[1..^1];
        if (value[0] == '\'' || !inner.Contains('\\', StringComparison.Ordinal))
        {
            return inner;
        }
        var text = new StringBuilder();
        for (var at = 0; at < inner.Length; at++)
        {
            text.Append(
                inner[at] != '\\' || at + 1 == inner.Length
                    ? inner[at]
                    : inner[++at] switch
                    {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        var letter => letter,
                    }
            );
        }
        return text.ToString();
    }
}
