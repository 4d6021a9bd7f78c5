using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>Writes what a program is made of as CycloneDX 1.6 JSON (cyclonedx.org/docs/1.6). Pure: the same parts give the same bytes.</summary>
public static class Sbom
{
    /// <param name="name">Of the program.</param>
    /// <param name="version">Its version, a release or an artifact's digest.</param>
    public static JsonObject CycloneDx(string name, string version, Inventory inventory, DateTimeOffset at)
    {
        var self = $"{name}@{version}";
        List<Component> components =
        [
            .. inventory
                .Components.DistinctBy(static one => one.Purl)
                .OrderBy(static one => one.Purl, StringComparer.Ordinal),
        ];
        var body = new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = "urn:uuid:" + Serial(self, components),
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = at.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss'Z'",
                    System.Globalization.CultureInfo.InvariantCulture
                ),
                ["tools"] = new JsonObject
                {
                    ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "fairlead" }),
                },
                ["component"] = new JsonObject
                {
                    ["type"] = "application",
                    ["bom-ref"] = self,
                    ["name"] = name,
                    ["version"] = version,
                },
            },
            ["components"] = new JsonArray([.. components.Select(Of)]),
            ["dependencies"] = Graph(self, components),
        };
        // What is missing is said where readers look for it: an inventory of unknown completeness is no proof.
        body["compositions"] = new JsonArray(
            new JsonObject
            {
                ["aggregate"] = inventory.Unread.Count == 0 ? "complete" : "incomplete",
                ["assemblies"] = new JsonArray(self),
            }
        );
        return body;
    }

    private static JsonArray Graph(string self, List<Component> components)
    {
        var keys = components
            .GroupBy(static one => (one.File, one.Key))
            .ToDictionary(static one => one.Key, static one => one.First().Purl);
        var needed = components
            .SelectMany(one => one.Needs.Select(need => keys.GetValueOrDefault((one.File, need))))
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            Depends(self, components.Select(static one => one.Purl).Where(one => !needed.Contains(one))),
            .. components.Select(one =>
                (JsonNode)Depends(
                    one.Purl,
                    one.Needs.Select(need => keys.GetValueOrDefault((one.File, need))).OfType<string>()
                )
            ),
        ];
    }

    private static JsonObject Depends(string from, IEnumerable<string> on) =>
        new()
        {
            ["ref"] = from,
            ["dependsOn"] = new JsonArray([
                .. on.Distinct(StringComparer.Ordinal)
                    .Where(one => one != from)
                    .Order(StringComparer.Ordinal)
                    .Select(static one => (JsonNode)one),
            ]),
        };

    private static JsonNode Of(Component component)
    {
        var (group, name) = component.Ecosystem switch
        {
            Ecosystem.Maven when component.Name.Split(':') is [var before, var after] => (before, after),
            Ecosystem.Npm when component.Name.Split('/') is [['@', ..] scope, var after] => (scope, after),
            Ecosystem.Packagist when component.Name.Split('/') is [var vendor, var after] => (vendor, after),
            _ => (null, component.Name),
        };
        JsonObject one = new() { ["type"] = "library", ["bom-ref"] = component.Purl };
        if (group is not null)
        {
            one["group"] = group;
        }
        one["name"] = name;
        one["version"] = component.Version;
        if (component.IsDevelopment)
        {
            one["scope"] = "excluded";
        }
        if (Hash(component.Integrity) is { } hash)
        {
            one["hashes"] = new JsonArray(hash);
        }
        if (component.Licences.Count > 0)
        {
            // An expression stands alone; names of several licences do not say whether all or one of them holds.
            one["licenses"] = component.Licences is [var only]
                ? new JsonArray(Licence(only))
                : new JsonArray([.. component.Licences.Select(static text => Named(text))]);
        }
        one["purl"] = component.Purl;
        one["evidence"] = new JsonObject
        {
            ["occurrences"] = new JsonArray(new JsonObject { ["location"] = component.File }),
        };
        return one;
    }

    private static JsonObject Licence(string text) =>
        text.Contains(' ', StringComparison.Ordinal) && IsExpression(text)
            ? new() { ["expression"] = text }
            : Named(text);

    private static JsonObject Named(string text) => new() { ["license"] = new JsonObject { ["name"] = text } };

    private static bool IsExpression(string text) =>
        text.Split(' ', '(', ')').Any(static one => one is "OR" or "AND" or "WITH");

    // sha512-BASE64 of npm, hex of Cargo.
    private static JsonObject? Hash(string? integrity)
    {
        if (integrity is null)
        {
            return null;
        }
        if (integrity.Length == 64 && integrity.All(char.IsAsciiHexDigit))
        {
            return new() { ["alg"] = "SHA-256", ["content"] = integrity.ToLowerInvariant() };
        }
        var parts = integrity.Split(' ')[0].Split('-', 2);
        var bytes = new byte[64];
        var (name, length) = parts[0] switch
        {
            "sha512" => ("SHA-512", 64),
            "sha384" => ("SHA-384", 48),
            "sha256" => ("SHA-256", 32),
            "sha1" => ("SHA-1", 20),
            _ => ("", 0),
        };
        return
            parts.Length == 2
            && length > 0
            && Convert.TryFromBase64String(parts[1], bytes, out var count)
            && count == length
            ? new() { ["alg"] = name, ["content"] = Convert.ToHexStringLower(bytes[..count]) }
            : null;
    }

    // Named by its content, so that the same program has the same number wherever it is described.
    private static string Serial(string self, IReadOnlyList<Component> components)
    {
        var hash = SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join('\n', components.Select(static one => one.Purl).Prepend(self)))
        );
        // RFC 9562: version 8, variant 10.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }
}
