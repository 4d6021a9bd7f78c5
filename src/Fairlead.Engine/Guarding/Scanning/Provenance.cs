using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>
/// Who built an artifact from what: an in-toto statement v1 with SLSA's provenance v1, in a DSSE envelope (secure-systems-lab/dsse) signed by
/// this Fairlead's own key.
/// </summary>
public static class Provenance
{
    public const string Paper = "intoto.json";
    public const string ListPaper = "files.txt";
    public const string BuildType = "https://fairlead.dev/build/local/v1";

    private const string PayloadType = "application/vnd.in-toto+json";
    private const string StatementType = "https://in-toto.io/Statement/v1";
    private const string PredicateType = "https://slsa.dev/provenance/v1";
    private const int LettersMax = 1 << 20;

    /// <param name="digest">SHA-256 of the list of what lies in the artifact, in hex.</param>
    public static string Sign(BuiltArtifact built, string digest, ISigner signer)
    {
        var payload = Encoding.UTF8.GetBytes(Statement(built, digest, signer.KeyId).ToJsonString());
        return new JsonObject
        {
            ["payloadType"] = PayloadType,
            ["payload"] = Convert.ToBase64String(payload),
            ["signatures"] = new JsonArray(
                new JsonObject
                {
                    ["keyid"] = signer.KeyId,
                    ["sig"] = Convert.ToBase64String(signer.Sign(Encode(payload))),
                }
            ),
        }.ToJsonString();
    }

    /// <summary>
    /// Proven when the envelope was signed by this key, is of this artifact, and all that was built lies there as it was built. What was added
    /// since is named, not refused: many programs write into their own folder, and would never start again.
    /// </summary>
    /// <param name="now">What lies in the artifact now; null when it is not there.</param>
    public static Proof Check(Attested papers, string artifact, string? now, ISigner signer)
    {
        if (papers.Envelope is null || papers.List is null)
        {
            return Wrong(
                "missing",
                artifact,
                "It has no provenance: it was built before there was one, or it was removed."
            );
        }
        if (Payload(papers.Envelope, signer) is not { } payload)
        {
            return Wrong(
                "forged",
                artifact,
                $"Its provenance is not signed by this Fairlead's key {signer.KeyId[..16]}."
            );
        }
        var (name, signed) = Subject(payload);
        if (name != artifact)
        {
            return Wrong("forged", artifact, $"Its provenance is of another artifact: {Shown(name)}.");
        }
        if (signed != ArtifactList.DigestOf(papers.List))
        {
            return Wrong("forged", artifact, "The list of its files is not the one that was signed.");
        }
        var difference = ArtifactList.Compare(papers.List, now ?? "");
        return difference.Changed is [var first, ..]
            ? Wrong(
                "changed",
                artifact,
                difference.Changed.Count == 1
                    ? $"{Shown(first)} is not what was built."
                    : $"{Shown(first)} and {difference.Changed.Count - 1} more are not what was built."
            )
            : new(null, difference.Added);
    }

    /// <summary>What was signed; null when the envelope is none, or its signature does not fit.</summary>
    public static JsonObject? Payload(string envelope, ISigner signer)
    {
        if (envelope.Length > LettersMax)
        {
            return null;
        }
        try
        {
            var json = JsonNode.Parse(envelope);
            var payload = Convert.FromBase64String(json?["payload"]?.GetValue<string>() ?? "");
            var isSigned =
                json?["payloadType"]?.GetValue<string>() == PayloadType
                && json["signatures"] is JsonArray { Count: > 0 and < 10 } signatures
                && signatures.Any(one =>
                    signer.Verify(Encode(payload), Convert.FromBase64String(one?["sig"]?.GetValue<string>() ?? ""))
                );
            return isSigned ? JsonNode.Parse(payload) as JsonObject : null;
        }
        catch (Exception caught) when (caught is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    // PAE(type, body): what is signed says how long its parts are, so none can be moved into another.
    internal static byte[] Encode(byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];

    private static (string Name, string Digest) Subject(JsonObject statement)
    {
        try
        {
            return
                statement["_type"]?.GetValue<string>() == StatementType
                && statement["subject"] is JsonArray { Count: 1 } subjects
                ? (
                    subjects[0]?["name"]?.GetValue<string>() ?? "",
                    subjects[0]?["digest"]?["sha256"]?.GetValue<string>() ?? ""
                )
                : ("", "");
        }
        catch (InvalidOperationException)
        {
            return ("", "");
        }
    }

    private static JsonObject Statement(BuiltArtifact built, string digest, string key)
    {
        var recipe = built.Order.Service.Recipe;
        return new()
        {
            ["_type"] = StatementType,
            ["subject"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = built.Artifact,
                    ["digest"] = new JsonObject { ["sha256"] = digest },
                }
            ),
            ["predicateType"] = PredicateType,
            ["predicate"] = new JsonObject
            {
                ["buildDefinition"] = new JsonObject
                {
                    ["buildType"] = BuildType,
                    ["externalParameters"] = new JsonObject
                    {
                        ["app"] = built.Order.App,
                        ["service"] = built.Order.Service.Name,
                        ["path"] = built.Order.Service.Path,
                        ["recipe"] = JsonSerializer.SerializeToNode(recipe, JsonSerializerOptions.Web),
                    },
                    ["resolvedDependencies"] = new JsonArray(
                        new JsonObject
                        {
                            // The digest of sources and recipe together is the artifact's name.
                            ["name"] = "source",
                            ["digest"] = new JsonObject { ["sha256"] = built.Artifact },
                        }
                    ),
                },
                ["runDetails"] = new JsonObject
                {
                    ["builder"] = new JsonObject { ["id"] = $"https://fairlead.dev/builder/{key[..16]}" },
                    ["metadata"] = new JsonObject
                    {
                        ["invocationId"] = $"{built.Artifact[..16]}-{built.Began.UtcTicks:x}",
                        ["startedOn"] = Time(built.Began),
                        ["finishedOn"] = Time(built.Ended),
                    },
                },
            },
        };
    }

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "...";

    private static Proof Wrong(string code, string artifact, string why) =>
        new(
            new Problem(
                $"provenance.{code}",
                What: $"The artifact {artifact[..Math.Min(16, artifact.Length)]} is not proven to be what was built.",
                Why: why,
                Fix: "Remove its folder below 'artifacts' in the state and deploy again: it is built anew from its source."
            ),
            []
        );
}

/// <summary>What was written down of an artifact when it was built; null where nothing was.</summary>
/// <param name="Envelope">The signed statement.</param>
/// <param name="List">What lay in it.</param>
public sealed record Attested(string? Envelope, string? List);

/// <param name="Problem">What is wrong; null when it is proven.</param>
/// <param name="Added">Names of what lies in the artifact and was not built.</param>
public sealed record Proof(Problem? Problem, IReadOnlyList<string> Added);
