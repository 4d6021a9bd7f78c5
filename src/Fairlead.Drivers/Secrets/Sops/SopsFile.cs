using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Secrets.Age;

namespace Fairlead.Drivers.Secrets.Sops;

/// <summary>
/// Files of SOPS (https://github.com/getsops/sops) with age recipients, in JSON or as variables (dotenv): each value is sealed for itself, bound to its
/// path, and a code over all values shows whether one was taken away, added or moved. Only read.
/// </summary>
/// <remarks>
/// <code>
/// DATABASE_URL=ENC[AES256_GCM,data:6c0=,iv:...,tag:...,type:str]
/// sops_age__list_0__map_enc=-----BEGIN AGE ENCRYPTED FILE-----\n...
/// sops_lastmodified=2026-11-27T08:00:00Z
/// sops_mac=ENC[AES256_GCM,data:...]
/// </code>
/// </remarks>
public static class SopsFile
{
    private const string Sealed = "ENC[AES256_GCM,";
    private const string VariablePrefix = "sops_";
    private const int KeyBytes = 32;
    private const int DepthMax = 32;
    private const int RecipientsMax = 100;

    /// <param name="Path">Names on the way to it, as its value is bound to them.</param>
    private sealed record Leaf(string Path, string Text);

    /// <param name="Keys">The data key, sealed with age for each recipient.</param>
    private sealed record Notes(IReadOnlyList<string> Keys, string Mac, string At, bool IsOfSealedOnly);

    /// <summary>Whether a text looks like one.</summary>
    public static bool IsOne(string text) =>
        text.Contains(Sealed, StringComparison.Ordinal)
        && (
            text.Contains("\"sops\"", StringComparison.Ordinal)
            || text.Contains("\nsops_mac=", StringComparison.Ordinal)
        );

    /// <summary>Values by name; null for what is not a single one.</summary>
    /// <param name="identities">As <c>age-keygen</c> writes them.</param>
    /// <exception cref="FormatException">It is none, was changed, or is for others.</exception>
    public static IReadOnlyList<(string Name, string? Text)> Read(string text, string identities)
    {
        var (leaves, tops, notes) = text.TrimStart().StartsWith('{') ? OfJson(text) : OfVariables(text);
        if (notes.IsOfSealedOnly)
        {
            throw new FormatException(
                "Its code is over the sealed values alone (mac_only_encrypted), which is not read here."
            );
        }
        var key = DataKey(notes.Keys, identities);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var leaf in leaves)
        {
            var value = Opened(leaf.Text, key, leaf.Path);
            hash.AppendData(Encoding.UTF8.GetBytes(value));
            values.TryAdd(leaf.Path, value);
        }
        var mac = Opened(notes.Mac, key, notes.At);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(mac),
            Encoding.ASCII.GetBytes(Convert.ToHexString(hash.GetHashAndReset()))
        )
            ? [.. tops.Select(one => (one.Name, one.IsSingle ? values.GetValueOrDefault(one.Name + ":") : null))]
            : throw new FormatException("A value was taken away, added, changed or moved: its code does not fit.");
    }

    private static byte[] DataKey(IReadOnlyList<string> keys, string identities)
    {
        var last = "It has no age recipients.";
        foreach (var one in keys.Take(RecipientsMax))
        {
            try
            {
                var key = AgeFile.Open(Encoding.UTF8.GetBytes(one), identities);
                return key.Length == KeyBytes ? key : throw new FormatException("Its key is none.");
            }
            catch (FormatException caught)
            {
                last = caught.Message;
            }
        }
        throw new FormatException($"Its key cannot be opened: {last}");
    }

    private static string Opened(string text, byte[] key, string bound)
    {
        if (!text.StartsWith(Sealed, StringComparison.Ordinal))
        {
            return text;
        }
        var fields = text.EndsWith(']')
            ? text[Sealed.Length..^1].Split(',').Select(field => field.Split(':', 2)).ToList()
            : [];
        if (fields is not [["data", var data], ["iv", var nonce], ["tag", var tag], ["type", _]])
        {
            throw new FormatException("A sealed value is garbled.");
        }
        var content = LongGcm.Open(
            key,
            Convert.FromBase64String(nonce),
            Convert.FromBase64String(data),
            Convert.FromBase64String(tag),
            Encoding.UTF8.GetBytes(bound)
        );
        return content is null
            ? throw new FormatException("A sealed value was changed or moved.")
            : Encoding.UTF8.GetString(content);
    }

    private static (List<Leaf> Leaves, List<(string Name, bool IsSingle)> Tops, Notes Notes) OfVariables(string text)
    {
        var (leaves, notes) = (new List<Leaf>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            if (equals <= 0)
            {
                throw new FormatException("A line is no variable.");
            }
            var (name, value) = (line[..equals], line[(equals + 1)..].Replace("\\n", "\n", StringComparison.Ordinal));
            if (name.StartsWith(VariablePrefix, StringComparison.Ordinal))
            {
                notes[name[VariablePrefix.Length..]] = value;
            }
            else
            {
                leaves.Add(new(name + ":", value));
            }
        }
        var keys = Enumerable
            .Range(0, RecipientsMax)
            .Select(place =>
                notes.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"age__list_{place}__map_enc"))
            )
            .OfType<string>();
        return (
            leaves,
            [.. leaves.Select(leaf => (leaf.Path[..^1], true))],
            new(
                [.. keys],
                notes.GetValueOrDefault("mac", ""),
                notes.GetValueOrDefault("lastmodified", ""),
                notes.GetValueOrDefault("mac_only_encrypted") == "true"
            )
        );
    }

    private static (List<Leaf> Leaves, List<(string Name, bool IsSingle)> Tops, Notes Notes) OfJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new() { MaxDepth = DepthMax });
            var (leaves, tops) = (new List<Leaf>(), new List<(string Name, bool IsSingle)>());
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("It is not an object of values.");
            }
            foreach (var one in json.RootElement.EnumerateObject().Where(one => one.Name != "sops"))
            {
                tops.Add((one.Name, one.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)));
                Walk(one.Value, one.Name + ":", leaves);
            }
            return (leaves, tops, NotesOf(json.RootElement));
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw new FormatException("It is no JSON that SOPS writes.", caught);
        }
    }

    // Places in lists are no part of a path.
    private static void Walk(JsonElement value, string path, List<Leaf> leaves)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var one in value.EnumerateObject())
                {
                    Walk(one.Value, $"{path}{one.Name}:", leaves);
                }
                break;
            case JsonValueKind.Array:
                foreach (var one in value.EnumerateArray())
                {
                    Walk(one, path, leaves);
                }
                break;
            case JsonValueKind.String:
                leaves.Add(new(path, value.GetString()!)); // It is a string.
                break;
            case JsonValueKind.True or JsonValueKind.False:
                leaves.Add(new(path, value.GetBoolean() ? "True" : "False"));
                break;
            case JsonValueKind.Number:
                leaves.Add(new(path, value.GetRawText()));
                break;
        }
    }

    private static Notes NotesOf(JsonElement root)
    {
        var notes =
            root.TryGetProperty("sops", out var found) && found.ValueKind == JsonValueKind.Object
                ? found
                : throw new FormatException("It has no notes of SOPS.");
        var keys =
            notes.TryGetProperty("age", out var age) && age.ValueKind == JsonValueKind.Array
                ? age.EnumerateArray().Take(RecipientsMax).Select(one => TextOf(one, "enc"))
                : [];
        return new(
            [.. keys],
            TextOf(notes, "mac"),
            TextOf(notes, "lastmodified"),
            notes.TryGetProperty("mac_only_encrypted", out var only) && only.ValueKind == JsonValueKind.True
        );
    }

    private static string TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
