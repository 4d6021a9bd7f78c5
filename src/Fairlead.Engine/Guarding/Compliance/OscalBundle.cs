using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>
/// A bundle as assessment results of OSCAL 1.1 (pages.nist.gov/OSCAL). OSCAL knows only satisfied and not satisfied: all but fresh is
/// not satisfied, and a property says which it is, so that nothing unknown passes for met.
/// </summary>
public static class OscalBundle
{
    private const string Version = "1.1.2";
    private const string Names = "https://fairlead.dev/ns/oscal";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(Bundle bundle)
    {
        var at = Time(bundle.At);
        // Only what some control rests on; a query's digest makes its place in this bundle.
        var evidence = bundle.Evidence.ToDictionary(one => one.Query);
        JsonObject results = new()
        {
            ["uuid"] = Id("results", at, bundle.HeadText),
            ["metadata"] = new JsonObject
            {
                ["title"] = "Evidence of controls, by Fairlead",
                ["last-modified"] = at,
                ["version"] = at,
                ["oscal-version"] = Version,
            },
            ["import-ap"] = new JsonObject { ["href"] = $"#{Id("plan")}" },
            ["results"] = new JsonArray([.. bundle.Assessments.Select(one => Result(one, evidence, bundle.At))]),
            ["back-matter"] = new JsonObject { ["resources"] = Resources(bundle) },
        };
        return new JsonObject { ["assessment-results"] = results }.ToJsonString(Readable) + "\n";
    }

    /// <summary>An id as OSCAL takes it: it begins with a letter and has no brackets.</summary>
    public static string TokenOf(string catalogue, string control) =>
        $"{catalogue}-{string.Concat(control.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_')).TrimEnd('_')}";

    private static JsonObject Result(Assessment assessment, Dictionary<string, Evidence> all, DateTimeOffset at)
    {
        var catalogue = assessment.Catalogue;
        var stated = assessment.Controls.Where(one => one.Attestation is not null).ToList();
        JsonArray observations =
        [
            .. assessment
                .Controls.SelectMany(one => one.Evidence)
                .Select(one => one.Query)
                .Distinct()
                .Where(all.ContainsKey)
                .Select(name => Observation(catalogue, all[name], at)),
            .. stated.Select(one => Statement(catalogue, one.Attestation!)),
        ];
        JsonObject result = new()
        {
            ["uuid"] = Id("result", catalogue.Id, Time(at)),
            ["title"] = catalogue.Title,
            ["description"] = $"{assessment.Summary}. {assessment.Reach} {catalogue.About}",
            ["start"] = Time(at),
            ["end"] = Time(at),
            ["reviewed-controls"] = new JsonObject
            {
                ["control-selections"] = new JsonArray(
                    new JsonObject
                    {
                        ["include-controls"] = new JsonArray([
                            .. catalogue.Controls.Select(control => new JsonObject
                            {
                                ["control-id"] = TokenOf(catalogue.Id, control.Id),
                            }),
                        ]),
                    }
                ),
            },
        };
        // OSCAL takes no empty lists.
        if (observations.Count > 0)
        {
            result["observations"] = observations;
        }
        result["findings"] = new JsonArray([.. assessment.Controls.Select(one => Finding(catalogue, one, all, at))]);
        return result;
    }

    private static JsonObject Observation(Catalogue catalogue, Evidence evidence, DateTimeOffset at)
    {
        var (state, when, fix) = evidence.Answer switch
        {
            Measured.Holds holds => (evidence.IsStale ? "stale" : "holds", holds.At, ""),
            Measured.Fails fails => ("fails", fails.At, fails.Fix),
            Measured.Unknown unknown => ("unknown", at, unknown.Fix),
            _ => throw new InvalidOperationException("The set is closed."),
        };
        JsonObject observation = new()
        {
            ["uuid"] = ObservationId(catalogue, evidence.Query, at),
            ["title"] = evidence.Query,
            ["description"] = evidence.Answer.Text,
            ["props"] = new JsonArray(Property("state", state), Property("digest-sha-256", evidence.Digest)),
            ["methods"] = new JsonArray("TEST"),
            ["collected"] = Time(when),
        };
        observation["remarks"] = fix.Length > 0 ? $"{evidence.About} To do: {fix}" : evidence.About;
        return observation;
    }

    private static JsonObject Statement(Catalogue catalogue, Attestation stated) =>
        new()
        {
            ["uuid"] = StatementId(catalogue, stated),
            ["title"] = $"Statement about {stated.Control}",
            ["description"] = stated.Statement,
            ["props"] = new JsonArray(Property("stated-by", stated.By)),
            ["methods"] = new JsonArray("INTERVIEW"),
            ["collected"] = Time(stated.At),
            ["expires"] = Time(stated.Until),
        };

    private static JsonObject Finding(
        Catalogue catalogue,
        Assessed one,
        Dictionary<string, Evidence> all,
        DateTimeOffset at
    )
    {
        var isMet = one.State is ControlState.Fresh;
        JsonObject status = new()
        {
            ["state"] = isMet ? "satisfied" : "not-satisfied",
            ["reason"] =
                isMet ? "pass"
                : one.State is ControlState.Failing ? "fail"
                : "other",
            ["remarks"] = one.Todo.Length > 0 ? $"{one.Why} To do: {one.Todo}" : one.Why,
        };
        JsonArray related =
        [
            .. one
                .Evidence.Where(evidence => all.ContainsKey(evidence.Query))
                .Select(evidence => new JsonObject
                {
                    ["observation-uuid"] = ObservationId(catalogue, evidence.Query, at),
                }),
        ];
        if (one.Attestation is { } stated)
        {
            related.Add(new JsonObject { ["observation-uuid"] = StatementId(catalogue, stated) });
        }
        JsonObject finding = new()
        {
            ["uuid"] = Id("finding", catalogue.Id, one.Control.Id, Time(at)),
            ["title"] = $"{one.Control.Id} {one.Control.Title}",
            ["description"] = one.Why,
            ["props"] = new JsonArray(Property("state", one.State.ToString().ToLowerInvariant())),
            ["target"] = new JsonObject
            {
                ["type"] = "objective-id",
                ["target-id"] = TokenOf(catalogue.Id, one.Control.Id),
                ["status"] = status,
            },
        };
        if (related.Count > 0)
        {
            finding["related-observations"] = related;
        }
        return finding;
    }

    private static JsonArray Resources(Bundle bundle)
    {
        JsonArray resources =
        [
            new JsonObject
            {
                ["uuid"] = Id("plan"),
                ["title"] = "Questions that Fairlead asks",
                ["description"] =
                    "Each observation is the answer of a query of this name; its digest covers query, state, time, answer and what to do.",
            },
        ];
        if (bundle.Head is not null)
        {
            resources.Add(
                new JsonObject
                {
                    ["uuid"] = Id("head", bundle.HeadText),
                    ["title"] = "Signed head of the journal",
                    ["description"] = "Proves later that no line before it was changed: fairlead audit check.",
                    ["base64"] = Attached("journal-head.json", bundle.HeadText),
                }
            );
            resources.Add(
                new JsonObject
                {
                    ["uuid"] = Id("key", bundle.PublicKey),
                    ["title"] = "Public key of the journal's heads",
                    ["base64"] = Attached("journal-key.pem", bundle.PublicKey),
                }
            );
        }
        return resources;
    }

    private static JsonObject Attached(string name, string text) =>
        new() { ["filename"] = name, ["value"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) };

    // Values of properties are one line without spaces at the ends.
    private static JsonObject Property(string name, string value) =>
        new()
        {
            ["name"] = name,
            ["ns"] = Names,
            ["value"] = value.ReplaceLineEndings(" ").Trim() is { Length: > 0 } text ? text : "none",
        };

    private static string ObservationId(Catalogue catalogue, string query, DateTimeOffset at) =>
        Id("observation", catalogue.Id, query, Time(at));

    private static string StatementId(Catalogue catalogue, Attestation stated) =>
        Id("statement", catalogue.Id, stated.Control, Time(stated.At));

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A UUID by name (version 5's shape, SHA-256 in it): the same bundle is the same text.</summary>
    private static string Id(params string[] parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        var hex = Convert.ToHexStringLower(hash)[..32];
        return $"{hex[..8]}-{hex[8..12]}-5{hex[13..16]}-8{hex[17..20]}-{hex[20..32]}";
    }
}
