using System.Buffers.Text;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Model.Ports;

namespace Fairlead.Faces.A2a;

/// <summary>Says to other agents what this one can do, signed with the key of the journal (JWS over RFC 8785's canonical JSON).</summary>
internal static class A2aCard
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="url">Where this server was asked, such as <c>http://127.0.0.1:8077</c>.</param>
    public static JsonObject Of(string url, ISigner signer)
    {
        var card = new JsonObject
        {
            ["name"] = "Fairlead",
            ["description"] =
                "Deployment specialist: plans, has approved, deploys, watches, takes back, and looks after incidents.",
            ["version"] =
                typeof(A2aCard)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                    ?.InformationalVersion.Split('+')[0]
                ?? "0",
            ["supportedInterfaces"] = new JsonArray(
                Interface($"{url}/a2a", "JSONRPC"),
                Interface($"{url}/a2a/v1", "HTTP+JSON")
            ),
            ["capabilities"] = new JsonObject
            {
                ["streaming"] = true,
                ["pushNotifications"] = true,
                ["extendedAgentCard"] = false,
            },
            ["securitySchemes"] = new JsonObject
            {
                ["token"] = new JsonObject
                {
                    ["httpAuthSecurityScheme"] = new JsonObject
                    {
                        ["scheme"] = "Bearer",
                        ["description"] = "A token of an agent: fairlead token create NAME --agent --role ROLE",
                    },
                },
            },
            ["securityRequirements"] = new JsonArray(
                new JsonObject
                {
                    ["schemes"] = new JsonObject { ["token"] = new JsonObject { ["list"] = new JsonArray() } },
                }
            ),
            ["defaultInputModes"] = new JsonArray("application/json"),
            ["defaultOutputModes"] = new JsonArray("application/json", "text/plain"),
            ["skills"] = new JsonArray([.. AgentSkills.Entries.Select(SkillOf)]),
        };
        card["signatures"] = new JsonArray(Sign(card, url, signer));
        return card;
    }

    /// <summary>Names what a card says, as HTTP's ETag.</summary>
    public static string TagOf(JsonObject card)
    {
        var bare = card.DeepClone().AsObject();
        bare.Remove("signatures");
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare.ToJsonString())))[..16]}\"";
    }

    /// <summary>The key with which cards are signed, as JWKS.</summary>
    public static JsonObject Keys(ISigner signer)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(signer.PublicPem);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-256",
                    ["alg"] = "ES256",
                    ["use"] = "sig",
                    ["kid"] = signer.KeyId,
                    ["x"] = Base64Url.EncodeToString(point.X),
                    ["y"] = Base64Url.EncodeToString(point.Y),
                }
            ),
        };
    }

    private static JsonObject Sign(JsonObject card, string url, ISigner signer)
    {
        var head = Encoded(
            new JsonObject
            {
                ["alg"] = "ES256",
                ["jku"] = $"{url}/.well-known/jwks.json",
                ["kid"] = signer.KeyId,
                ["typ"] = "JOSE",
            }
        );
        var der = signer.Sign(Encoding.ASCII.GetBytes($"{head}.{Encoded(card)}"));
        return new() { ["protected"] = head, ["signature"] = Base64Url.EncodeToString(Fixed(der)) };
    }

    private static string Encoded(JsonNode node) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes((Canonical(node) ?? new JsonObject()).ToJsonString(Plain)));

    // JWS wants the two numbers side by side, 32 bytes each; what signs gives them as DER.
    private static byte[] Fixed(ReadOnlySpan<byte> der)
    {
        var fixedSize = new byte[64];
        var at = 2;
        for (var half = 0; half < 2; half++)
        {
            var length = der[at + 1];
            var number = der.Slice(at + 2, length).TrimStart((byte)0);
            number.CopyTo(fixedSize.AsSpan((half * 32) + 32 - number.Length));
            at += 2 + length;
        }
        return fixedSize;
    }

    // As the specification has it signed: keys in order, and without what is empty.
    private static JsonNode? Canonical(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject record:
                var kept = record
                    .OrderBy(static one => one.Key, StringComparer.Ordinal)
                    .Select(static one => KeyValuePair.Create(one.Key, Canonical(one.Value)))
                    .Where(static one => one.Value is not null)
                    .ToList();
                return kept.Count == 0 ? null : new JsonObject(kept);
            case JsonArray list:
                JsonNode?[] items = [.. list.Select(Canonical).Where(static one => one is not null)];
                return items.Length == 0 ? null : new JsonArray(items);
            case JsonValue value when value.TryGetValue<string>(out var text) && text.Length == 0:
                return null;
            default:
                return node?.DeepClone();
        }
    }

    private static JsonObject Interface(string url, string binding) =>
        new()
        {
            ["url"] = url,
            ["protocolBinding"] = binding,
            ["protocolVersion"] = A2aWords.Version,
        };

    private static JsonObject SkillOf(AgentSkill one) =>
        new()
        {
            ["id"] = one.Id,
            ["name"] = one.Name,
            ["description"] = one.About,
            ["tags"] = new JsonArray("deployment"),
            ["examples"] = new JsonArray([.. one.Examples.Select(static each => (JsonNode)each)]),
        };
}
