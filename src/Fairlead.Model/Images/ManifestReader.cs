using System.Text.Json;

namespace Fairlead.Model.Images;

/// <summary>
/// Reads manifests and configs that strangers wrote: OCI image 1.1 and Docker's image manifest version 2, schema 2.
/// <c>{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"…","digest":"sha256:…","size":2},"layers":[…]}</c>
/// </summary>
public static class ManifestReader
{
    /// <summary>Registries take no larger manifests.</summary>
    public const int BytesMax = 4 << 20;

    private const int DepthMax = 32;
    private const int PartsMax = 1000;
    private const int TextCharsMax = 64 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax };

    /// <param name="said">What the registry or the index called it; it must not contradict itself.</param>
    /// <exception cref="InvalidDataException">It is none, or larger than any; the message says why.</exception>
    public static Manifest Read(ReadOnlyMemory<byte> bytes, string? said = null)
    {
        if (bytes.Length > BytesMax)
        {
            throw new InvalidDataException($"It has {bytes.Length} bytes; at most {BytesMax} are read.");
        }
        try
        {
            using var document = JsonDocument.Parse(bytes, Options);
            return Read(document.RootElement, said);
        }
        // A name of half a character is JSON, and cannot be compared.
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"It is no JSON: {caught.Message}", caught);
        }
    }

    private static Manifest Read(JsonElement root, string? said)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException("It is no JSON object.");
        }
        if (
            !root.TryGetProperty("schemaVersion", out var version)
            || !version.TryGetInt32Safe(out var number)
            || number != 2
        )
        {
            throw new InvalidDataException("Its schemaVersion is not 2: images of before 2016 are not taken.");
        }
        var written = Text(root, "mediaType");
        if (written is not null && said is not null && written != said)
        {
            // A manifest that can be read as an index too would be another image for another reader (CVE-2021-41190).
            throw new InvalidDataException($"It says that it is {written}, but was called {said}.");
        }
        var (hasLayers, hasManifests) = (Has(root, "layers") || Has(root, "config"), Has(root, "manifests"));
        if (hasLayers && hasManifests)
        {
            throw new InvalidDataException("It has layers and manifests, so it is two things at once.");
        }
        var type = written ?? said ?? (hasManifests ? MediaTypes.Index : MediaTypes.Manifest);
        Manifest manifest =
            MediaTypes.IsIndex(type) && !hasLayers ? new Manifest.Index(type, Descriptors(root, "manifests"))
            : MediaTypes.IsManifest(type) && !hasManifests
                ? new Manifest.Image(type, Descriptor(Needed(root, "config")), Descriptors(root, "layers"))
            : throw new InvalidDataException($"It is {type}, which is no image and no index.");
        return manifest with
        {
            ArtifactType = Text(root, "artifactType"),
            Subject = Has(root, "subject") ? Descriptor(root.GetProperty("subject")) : null,
            Annotations = Texts(root, "annotations"),
        };
    }

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static Descriptor Descriptor(JsonElement one)
    {
        if (one.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException("A descriptor is no object.");
        }
        if (!Digest.TryParse(Text(one, "digest"), out var digest))
        {
            throw new InvalidDataException("A descriptor's digest is not sha256: and 64 hex digits.");
        }
        if (!one.TryGetProperty("size", out var size) || !size.TryGetInt64Safe(out var bytes) || bytes < 0)
        {
            throw new InvalidDataException($"The size of {digest} is no number of bytes.");
        }
        var type = Text(one, "mediaType") ?? throw new InvalidDataException($"{digest} has no mediaType.");
        return new(type, digest, bytes)
        {
            ArtifactType = Text(one, "artifactType"),
            Platform = Has(one, "platform") ? PlatformOf(one.GetProperty("platform")) : null,
            Annotations = Texts(one, "annotations"),
        };
    }

    private static IReadOnlyList<Descriptor> Descriptors(JsonElement root, string name)
    {
        // Written as null where an image has no layers, by some.
        if (!Has(root, name))
        {
            return [];
        }
        var list = root.GetProperty(name);
        return list.ValueKind is not JsonValueKind.Array ? throw new InvalidDataException($"Its {name} are no list.")
            : list.GetArrayLength() > PartsMax
                ? throw new InvalidDataException($"It has {list.GetArrayLength()} {name}; at most {PartsMax} are read.")
            : [.. list.EnumerateArray().Select(Descriptor)];
    }

    private static Platform? PlatformOf(JsonElement one) =>
        one.ValueKind is JsonValueKind.Object
        && Text(one, "architecture") is { } architecture
        && Text(one, "os") is { } os
            ? new(architecture, os) { Variant = Text(one, "variant") is { Length: > 0 } variant ? variant : null }
            : null;

    internal static JsonElement Needed(JsonElement root, string name) =>
        Has(root, name) ? root.GetProperty(name) : throw new InvalidDataException($"It has no {name}.");

    internal static bool Has(JsonElement root, string name) =>
        root.TryGetProperty(name, out var one) && one.ValueKind is not JsonValueKind.Null;

    /// <summary>A text of an object; null when it is not there.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static string? Text(JsonElement root, string name)
    {
        if (!Has(root, name))
        {
            return null;
        }
        var one = root.GetProperty(name);
        return one.ValueKind is JsonValueKind.String && Words(one) is { Length: <= TextCharsMax } text
            ? text
            : throw new InvalidDataException($"Its {name} is no text.");
    }

    internal static IReadOnlyDictionary<string, string>? Texts(JsonElement root, string name)
    {
        if (!Has(root, name))
        {
            return null;
        }
        var one = root.GetProperty(name);
        if (one.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException($"Its {name} are no object.");
        }
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in one.EnumerateObject())
        {
            if (texts.Count == PartsMax)
            {
                throw new InvalidDataException($"It has more than {PartsMax} {name}.");
            }
            texts[Key(pair)] =
                pair.Value.ValueKind is JsonValueKind.String
                    ? Words(pair.Value)
                    : throw new InvalidDataException($"One of its {name} is no text.");
        }
        return texts;
    }

    /// <summary>A list of texts of an object; empty when it is not there.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static IReadOnlyList<string> List(JsonElement root, string name)
    {
        if (!Has(root, name))
        {
            return [];
        }
        var one = root.GetProperty(name);
        return
            one.ValueKind is JsonValueKind.Array
            && one.GetArrayLength() <= PartsMax
            && one.EnumerateArray().All(static item => item.ValueKind is JsonValueKind.String)
            ? [.. one.EnumerateArray().Select(Words)]
            : throw new InvalidDataException($"Its {name} is no list of texts.");
    }

    internal static string Key(JsonProperty pair)
    {
        try
        {
            return pair.Name;
        }
        catch (InvalidOperationException caught)
        {
            throw new InvalidDataException("It holds half a character.", caught);
        }
    }

    // A text of half a character, such as "\ud800", is JSON but no string.
    private static string Words(JsonElement one)
    {
        try
        {
            return one.GetString()!;
        }
        catch (InvalidOperationException caught)
        {
            throw new InvalidDataException("It holds half a character.", caught);
        }
    }
}

/// <summary>Numbers that may be none.</summary>
internal static class SafeNumbers
{
    extension(JsonElement one)
    {
        public bool TryGetInt32Safe(out int number)
        {
            number = 0;
            return one.ValueKind is JsonValueKind.Number && one.TryGetInt32(out number);
        }

        public bool TryGetInt64Safe(out long number)
        {
            number = 0;
            return one.ValueKind is JsonValueKind.Number && one.TryGetInt64(out number);
        }
    }
}
