using System.Text;
using System.Text.Json;
using System.Xml;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>What all readers of lock files promise: bounded, and a broken file is said, not thrown.</summary>
internal abstract class LockReader(Ecosystem ecosystem, params string[] files) : IComponentReader
{
    private const int BytesMax = 32 << 20;
    private const int DepthMax = 64;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions JsonRules = new()
    {
        MaxDepth = DepthMax,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public string Name => files[0];

    protected Ecosystem Ecosystem => ecosystem;

    public virtual bool Reads(string path) => files.Contains(FileOf(path), StringComparer.Ordinal);

    public Inventory Read(string path, ReadOnlyMemory<byte> content)
    {
        if (content.Length > BytesMax)
        {
            return Inventory.Nothing($"{path} has {content.Length} bytes; at most {BytesMax} are read.");
        }
        var found = new Found(path);
        try
        {
            Read(Strict.GetString(content.Span).TrimStart('\uFEFF'), found);
        }
        catch (Exception caught)
            when (caught
                    is JsonException
                        or XmlException
                        or FormatException
                        or DecoderFallbackException
                        or InvalidOperationException
                        or KeyNotFoundException
            )
        {
            found.Miss($"{path} cannot be read as {Name}: {Short(caught.Message)}");
        }
        return found.Inventory();
    }

    protected abstract void Read(string text, Found found);

    protected static JsonDocument Json(string text) => JsonDocument.Parse(text, JsonRules);

    /// <summary>The object under a key; null when there is none or it is something else.</summary>
    protected static JsonElement? Group(JsonElement from, string key) =>
        from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(key, out var value)
        && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? value
            : null;

    /// <summary>The text under a key; null when there is none or it is something else.</summary>
    protected static string? Word(JsonElement from, string key) =>
        from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    protected static bool IsTrue(JsonElement from, string key) =>
        from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.True;

    protected static IEnumerable<JsonProperty> Members(JsonElement? group) =>
        group is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : [];

    protected static IEnumerable<JsonElement> Items(JsonElement? group) =>
        group is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    protected static string FileOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Short(string text)
    {
        const int LettersMax = 200;
        var line = text.Split('\n')[0].Trim();
        return line.Length <= LettersMax ? line : line[..LettersMax] + "...";
    }
}

/// <summary>Gathers what a file names. Its needs are kept by name until all of the file is read.</summary>
internal sealed class Found(string path)
{
    private const int ComponentsMax = 100_000;
    private const int LettersMax = 512;
    private const int NeedsMax = 1_000;

    private readonly Dictionary<string, Component> components = new(StringComparer.Ordinal);
    private readonly List<string> unread = [];
    private int left;
    private int odd;

    public void Add(Component component)
    {
        if (!IsName(component.Name) || !IsName(component.Version))
        {
            odd++;
            return;
        }
        if (components.TryGetValue(component.Key, out var known))
        {
            // What is needed in one place is needed.
            components[component.Key] = known with
            {
                IsDevelopment = known.IsDevelopment && component.IsDevelopment,
                Needs = [.. known.Needs.Union(component.Needs).Take(NeedsMax)],
            };
        }
        else if (components.Count == ComponentsMax)
        {
            left++;
        }
        else
        {
            components.Add(component.Key, component with { File = path, Needs = [.. component.Needs.Take(NeedsMax)] });
        }
    }

    public void Miss(string why)
    {
        const int ReasonsMax = 20;
        if (unread.Count < ReasonsMax)
        {
            unread.Add(why);
        }
    }

    /// <param name="what">Such as <c>line 12 names no exact version</c>.</param>
    public void MissIn(string what) => Miss($"{path}: {what}");

    public Inventory Inventory()
    {
        if (left > 0)
        {
            MissIn($"{left} packages are not read, at most {ComponentsMax} are.");
        }
        if (odd > 0)
        {
            MissIn($"{odd} packages have no name or version that can be one.");
        }
        var byName = components.Values.ToLookup(static one => one.Name, StringComparer.Ordinal);
        return new([.. components.Values.Select(one => one with { Needs = [.. Resolved(one, byName)] })], unread);
    }

    // A need is a key already, or a name of which the file has one version.
    private IEnumerable<string> Resolved(Component one, ILookup<string, Component> byName) =>
        one
            .Needs.Select(need =>
                components.ContainsKey(need) ? need
                : byName[need].Take(2).ToList() is [var only] ? only.Key
                : null
            )
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LettersMax && !text.Any(static letter => char.IsControl(letter) || letter == ' ');
}
